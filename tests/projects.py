"""Small projects: a spec with the files it names, what the pipeline says of them, and the command line run on them."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from servespec import pipeline
from servespec.artifacts import Artifact, Bundle, Content
from servespec.cli.main import run
from servespec.diagnostics.locate import locate
from servespec.diagnostics.types import Diagnostic
from servespec.edge.gather import gather
from servespec.pipeline import Analyses, Analysis, File, Texts, making
from servespec.targets.contract import Output
from servespec.targets.serialize import serialized

TODAY = "2026-11-23"

HEAD = "apiVersion: servespec/v1\nname: fraud-detector\npattern: realtime\n"
MODEL = "model: {format: pytorch, uri: ./model}\nimage: {requirements: requirements.txt}\n"
SPEC = HEAD + MODEL
"""The smallest spec of a PyTorch model that has no errors, beside `FILES`."""

FILES: Mapping[str, str | bytes] = {
    "model/model.py": "import torch\n\n\nclass Detector(torch.nn.Module):\n    def forward(self, x):\n        return x\n",
    "model/weights.pt": b"weights",
    "requirements.txt": "torch==2.13.0\nnumpy==2.2.0\n",
}


def write(folder: Path, spec: str = SPEC, files: Mapping[str, str | bytes] = FILES) -> Path:
    """The folder, now a project: the spec as `serving.yaml`, and the files beside it."""
    for name, content in {**files, "serving.yaml": spec}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def analyse(project: Path, spec: str | None = None, *, today: str = TODAY) -> Analysis:
    """What the pipeline knows of the project's spec, or of another one in its place."""
    data = (project / "serving.yaml").read_bytes() if spec is None else spec.encode()
    return analyse_text(data, pipeline.World(lambda wanted: gather(project, wanted), today))


def analyse_text(data: bytes, world: pipeline.World) -> Analysis:
    """What the pipeline knows of a spec without environments."""
    (only,) = analyse_everywhere(data, world).each
    return only


def analyse_everywhere(data: bytes, world: pipeline.World) -> Analyses:
    """What the pipeline knows of a spec in all its environments."""
    return pipeline.analyse(Texts(File("serving.yaml", data)), world)


def made(analysis: Analysis) -> dict[str, str]:
    """The text of all that a sound spec makes, by target and path, for an output in `deploy/`."""
    bundles = making.make(analysis.sound, Output("/project", "/project/deploy/fraud-detector")).bundles
    contents = {f"{bundle.folder}/{item.path}": item.content for bundle in bundles for item in bundle.artifacts}
    return {path: content.text for path, content in contents.items() if hasattr(content, "text")}


def found(analysis: Analysis) -> list[tuple[int, int, str]]:
    """Line, column and code of every finding, in the order in which they are shown."""
    places = [(item.primary.start, item.diagnostic.code) for item in locate((analysis.findings,))]
    return [(start.line, start.column, code) for start, code in places]


def finding(analysis: Analysis, code: str) -> Diagnostic:
    """The one finding of that code."""
    (only,) = (item for item in analysis.report.diagnostics if item.code == code)
    return only


def spoil(monkeypatch: pytest.MonkeyPatch, target: str, old: str, new: str, *, always: bool = True) -> None:
    """From now on the target's files say `new` where they should say `old`, as if one of its languages had a bug. Unless
    `old` is not always to be found, a target that never says it is a mistake of the test."""

    def changed(artifact: Artifact) -> Artifact:
        content = artifact.content
        if not isinstance(content, Content) or old not in content.text:
            return artifact
        added = content.origins[: new.count("\n") - old.count("\n")]
        text = content.text.replace(old, new)
        return replace(artifact, content=replace(content, text=text, origins=(*content.origins, *added)))

    def wrong(bundle: Bundle, **more: Any) -> Bundle:
        right = serialized(bundle, **more)
        if right.target != target:
            return right
        spoilt = replace(right, artifacts=tuple(changed(item) for item in right.artifacts))
        assert spoilt != right or not always, f"there is no {old!r} in what {target} makes"
        return spoilt

    monkeypatch.setattr(making, "serialized", wrong)


@dataclass(frozen=True)
class Ran:
    """What one call of the command line came to."""

    exit: int
    out: str
    err: str


def servespec(project: Path, *arguments: str) -> Ran:
    """The command line, run in the project folder, with its output piped."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.chdir(project), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run(arguments)
    return Ran(int(code), out.getvalue(), err.getvalue())


def picture(folder: Path) -> dict[str, bytes]:
    """Every file below a folder with its bytes."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
