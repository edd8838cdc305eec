"""The Python files of a model: which file is the model's code, which the handler, and which field says so."""

from __future__ import annotations

from collections.abc import Iterator

from servespec.checks.project_paths import leaves_project
from servespec.deployment.layout import pytorch_layout
from servespec.deployment.types import Deployment
from servespec.facts import Facts, FileFact, Kind
from servespec.records import dataclass
from servespec.spans import Route


@dataclass(frozen=True, slots=True)
class PythonRole:
    """A file with its part in the archive."""

    role: str
    """`model` or `handler`."""
    at: Route
    """The field that names the file, or the folder that it was found in."""
    fact: FileFact


def python_roles(deployment: Deployment, facts: Facts) -> Iterator[PythonRole]:
    """The model's code and the handler, as far as they are there."""
    model = deployment.model
    layout = pytorch_layout(model, facts)
    code_at = ("model", "code") if model.code else ("model", "uri")
    handler_at = ("model", "handler", "file") if model.handler else ("model", "uri")
    for role, path, at in (("model", layout.code, code_at), ("handler", layout.handler, handler_at)):
        if path and not leaves_project(path) and facts.file(path).kind is Kind.FILE:
            yield PythonRole(role, at, facts.file(path))
