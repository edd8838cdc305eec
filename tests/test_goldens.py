"""Two specs through everything, `minimal` and `everything`: what they mean as JSON, and every file that they make.

`SERVESPEC_UPDATE_GOLDENS=1` writes the golden files anew instead of comparing; read the difference before you keep it.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest
from pydantic import BaseModel

from servespec.artifacts import Artifact, Content, Language, Recipe
from servespec.deployment.canonical import as_data
from servespec.emit.shape import Shape
from servespec.pipeline import making
from servespec.runtimes.catalog import SERVERS
from servespec.source import load
from servespec.spec.fields import blocks_in
from servespec.spec.root import Spec
from servespec.targets.contract import Output
from servespec.targets.registry import TARGETS
from tests.projects import analyse

_FOLDER = Path(__file__).parent / "golden"
_NAMES = ("minimal", "everything")
_UPDATE = os.environ.get("SERVESPEC_UPDATE_GOLDENS") == "1"

Files = Mapping[str, tuple[str, bool]]
"""Text of each golden file, and whether it may be executed, by its path beside the spec."""


def _made(project: Path) -> Files:
    """What the golden files of a project are to be."""
    analysis = analyse(project)
    sound = analysis.sound
    assert sound is not None, analysis.report
    bundles = making.make(sound, Output(str(project), str(project / "deploy" / sound.deployment.name))).bundles
    data = json.dumps(as_data(sound.deployment), indent=2, ensure_ascii=False)
    made = {"deployment.json": (f"{data}\n", False)}
    for bundle in bundles:
        made |= {f"tree/{bundle.folder}/{item.path}": _shown(item) for item in bundle.artifacts}
        commands = (*bundle.here, *bundle.asks, *bundle.ships, *bundle.applies)
        made[f"tree/{bundle.folder}.txt"] = ("".join(f"{line}\n" for line in commands), False)
    return made


def _shown(artifact: Artifact) -> tuple[str, bool]:
    """An artefact as text: of an archive, the size and name of each entry; of what is a template's, letter by letter,
    which one that is; of a program, that and the lines that the spec decides."""
    match artifact.content:
        case Content(expected=Shape(values=()), origins=(first, *_)):
            return f"{first[0].rpartition(':')[0]}\n", artifact.executable
        case Content(text=text, origins=origins) if artifact.language is Language.PYTHON:
            lines = zip(text.splitlines(), origins, strict=True)
            templates = sorted({first.rpartition(":")[0] for first, *_ in origins if first.startswith("template:")})
            own = (line for line, (first, *_) in lines if not first.startswith("template:"))
            return "".join(f"{line}\n" for line in (*templates, *own)), artifact.executable
        case Content(text=text):
            return text, artifact.executable
        case Recipe(chunks=chunks):
            with zipfile.ZipFile(io.BytesIO(b"".join(chunks()))) as archive:
                rows = [f"{entry.file_size:6} {entry.filename}\n" for entry in archive.infolist()]
            return "".join(rows), artifact.executable
    raise AssertionError(f"{artifact.path} was not serialized")


def _kept(project: Path) -> Files:
    """The golden files that there are."""
    paths = [project / "deployment.json", *(project / "tree").rglob("*")]
    files = [path for path in paths if path.is_file()]
    return {
        path.relative_to(project).as_posix(): (path.read_bytes().decode(), os.access(path, os.X_OK)) for path in files
    }


def _update(project: Path, made: Files) -> None:
    shutil.rmtree(project / "tree", ignore_errors=True)
    for name, (text, executable) in made.items():
        path = project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
        path.chmod(0o755 if executable else 0o644)


@pytest.mark.parametrize("name", _NAMES)
def test_golden(name: str) -> None:
    """The meaning and every file of a spec are as they were reviewed: none differs, is missing, or is left over."""
    made = _made(_FOLDER / name)
    if _UPDATE:
        _update(_FOLDER / name, made)
    assert made == _kept(_FOLDER / name)


def test_goldens_stay_readable() -> None:
    """Golden text that nobody would read in a review proves nothing."""
    lines = sum(text.count("\n") for name in _NAMES for text, _ in _kept(_FOLDER / name).values())
    assert 500 < lines < 5_000


def _fields(model: type[BaseModel]) -> Iterator[tuple[str, ...]]:
    for name, field in model.model_fields.items():
        yield (name,)
        for block in blocks_in(field.annotation):
            yield from ((name, *below) for below in _fields(block))


def test_everything_says_everything() -> None:
    """A field that enters the spec enters `everything` with it, and so does every target."""
    path = _FOLDER / "everything" / "serving.yaml"
    routes = load("serving.yaml", path.read_bytes()).document.where
    written = {tuple(step for step in route if isinstance(step, str)) for route in routes}
    # A block inside a map of the user's own names stands below such a name.
    written |= {(*route[:2], *route[3:]) for route in written if route[1:2] == ("env",)}
    unsaid = {field for field in _fields(Spec) if field not in written}
    # Environments have tests of their own: here each of the two is one tree.
    assert unsaid == {("environments",), ("platform",), ("signature", "inputs", "columns"), ("scaling", "replicas")} | {
        *(("signature", "outputs", "tensors", *below) for below in ((), ("name",), ("datatype",), ("shape",))),
        ("network", "expose", "grpcHost"),
        *(("network", "expose", "gateway", *below) for below in ((), ("name",), ("namespace",), ("listener",))),
        # A stream is one of Kafka or of NATS.
        *(("streaming", side, field) for side in ("source", "sink", "deadLetter") for field in ("stream", "subject")),
        ("streaming", "scaling", "replicas"),
    }
    targets = {route[1] for route in written if route[:1] == ("targets",) and len(route) > 1}
    # One spec has one server; each of the others has an example of its own.
    shown = {path.name for path in (_FOLDER.parents[1] / "examples").glob("*/deploy/*/*") if path.is_dir()}
    # Its model lies beside it, so that nothing is fetched.
    assert targets | (shown & {*SERVERS, "fetch"}) == set(TARGETS)


def _leaves(value: object, route: str) -> Iterator[str]:
    for field in fields(value) if is_dataclass(value) else ():
        below = getattr(value, field.name)
        yield from _leaves(below, f"{route}.{field.name}")
    if not is_dataclass(value):
        yield f"{route}={value!r}"


def test_minimal_and_everything_differ_everywhere() -> None:
    """No value of `everything` is a default, so that one that is lost on its way shows in the goldens."""
    small, large = (analyse(_FOLDER / name).deployment for name in _NAMES)
    assert small is not None
    assert large is not None
    same = set(_leaves(small, "")) & set(_leaves(large, ""))
    # Where a spec stands is nothing that it says.
    elsewhere = (".environment=", ".mirrors.", ".platform.", ".digests=", ".model.locked=")
    same = {line for line in same if not line.startswith(elsewhere)}
    assert {line.partition("=")[0] for line in same} == {
        ".name", ".model.format", ".runtime.server", ".runtime.version", ".image.python",
        ".image.requirements", ".image.base.repository", ".image.base.digest", ".identity.made",
    }  # fmt: skip
