"""The page of the examples: which there are, and how each is served."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from servespec.deployment.resolve import resolve
from servespec.deployment.types import Deployment
from servespec.package_data import root
from servespec.pipeline import File, Texts
from servespec.pipeline.environments import read
from servespec.reference.markdown import code, derived, table
from servespec.spec.decode import decode
from servespec.targets.registry import OPTIONS

_SPEC = "serving.yaml"


def text() -> str:
    """The page."""
    return "\n".join(
        (
            derived("the specs of the examples, and the titles of their pages"),
            "# Examples\n",
            "Each shows one feature: a small model, its spec, and in `deploy/` what `servespec build` makes of it.\n",
            table(("example", "pattern", "format", "server", "targets"), _rows()),
        )
    )


def _rows() -> Iterator[tuple[str, ...]]:
    """A line for each spec of the examples; a second one in a folder stands below the first."""
    folder = root() / "examples"
    for spec in sorted(folder.glob(f"*/**/{_SPEC}"), key=lambda path: path.parent.parts):
        at = spec.parent.relative_to(folder).as_posix()
        first = next(_deployments(spec))
        targets = dict.fromkeys(name for made in _deployments(spec) for name in made.targets)
        yield (
            f"[{at.replace('/', ': ', 1)}]({at})<br>{_title(spec)}",
            ", ".join(map(code, first.patterns)),
            code(first.model.format),
            code(first.runtime.server if "realtime" in first.patterns else ""),
            ", ".join(map(code, targets)),
        )


def _title(spec: Path) -> str:
    """What the page of the example is called; for a spec without one, what the spec says of itself."""
    page = spec.with_name("README.md")
    if page.is_file():
        return page.read_text("utf-8").partition("\n")[0].removeprefix("# ")
    return next(_deployments(spec)).description or ""


def _deployments(spec: Path) -> Iterator[Deployment]:
    """What a spec means in each of its environments."""
    overlays = {path.name.split(".")[1]: _file(path) for path in sorted(spec.parent.glob("serving.*.yaml"))}
    for findings in read(Texts(_file(spec), overlays)).documents.values():
        decoded = decode(findings.document, options=OPTIONS)
        assert decoded.spec is not None, spec
        yield resolve(decoded.spec).deployment


def _file(path: Path) -> File:
    return File(path.name, path.read_bytes())
