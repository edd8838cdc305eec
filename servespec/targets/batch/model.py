"""Which of the project's files a scorer loads."""

from __future__ import annotations

import posixpath

from servespec.deployment.layout import PYTORCH, SUFFIXES, model_file, pytorch_layout
from servespec.deployment.registry import registry_address
from servespec.deployment.types import Deployment
from servespec.facts import Kind
from servespec.records import dataclass
from servespec.targets.container import Input
from servespec.targets.contract import Context

PROJECT = "project"
"""Where the project's files lie in the scorer's folder in an image, at the same paths as in the project."""


@dataclass(frozen=True)
class ModelFiles:
    """A model's files."""

    path: str
    """What is loaded: a file or a folder of the project, or the address of a registry."""
    code: str | None
    """The file of a PyTorch model's class; None where there is none, or the weights bring it."""
    inputs: tuple[Input, ...]
    """All that goes into an image."""

    @property
    def in_image(self) -> str:
        """What is loaded in an image, relative to the scorer's folder."""
        return self.path if registry_address(self.path) else posixpath.join(PROJECT, self.path)


def sent(deployment: Deployment, path: str) -> bool:
    """Whether Spark can bring the model to its executors: one file, and no folder or address."""
    return not registry_address(path) and bool(SUFFIXES[deployment.model.format])


def model_files(deployment: Deployment, context: Context) -> ModelFiles:
    """The files of a deployment's model."""
    model, facts = deployment.model, context.facts
    extra = tuple(Input(path, "model.extraFiles") for path in model.extra_files)
    if not SUFFIXES[model.format]:
        folder = () if registry_address(model.uri) else (Input(model.uri, "model.uri"),)
        return ModelFiles(model.uri, None, folder + extra)
    path = model_file(model, facts)
    if model.format not in PYTORCH:
        whole = model.format == "onnx" and facts.file(model.uri).kind is Kind.FOLDER  # with data beside the graph
        code = (Input(model.code, "model.code"),) if model.code else ()
        return ModelFiles(path, None, (Input(model.uri if whole else path, "model.uri"), *code, *extra))
    layout = pytorch_layout(model, facts)
    code_path = None if layout.torchscript else layout.code
    code = (Input(code_path, "model.code"),) if code_path else ()
    return ModelFiles(path, code_path, (Input(path, "model.uri"), *code, *extra))
