"""The specs that are mutated: those of the examples, the goldens and the cases, each where its files are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from servespec.pipeline import File, Texts

_ROOT = Path(__file__).parents[2]
_CASES = _ROOT / "tests" / "cases"
SPEC, _ROOT_FILE, _LOCK = "serving.yaml", "servespec.yaml", "serving.lock"


@dataclass(frozen=True)
class Case:
    """A spec as it stands on a disk."""

    name: str
    project: Path
    """The folder in which the files are looked for that it names."""
    files: Mapping[str, bytes]
    """The spec, and what lies beside it: overlays, a root file, a lock."""

    @property
    def is_sound(self) -> bool:
        """Whether it is one that a person would keep, not one that shows a mistake."""
        return not self.name.startswith("tests/cases/") or self.name.startswith("tests/cases/good/")

    @property
    def texts(self) -> Texts:
        """The files as a compilation reads them."""
        known = {name: File(name, data) for name, data in self.files.items()}
        beside = [name for name in known if name not in (SPEC, _ROOT_FILE, _LOCK)]
        overlays = {name.removeprefix("serving.").removesuffix(".yaml"): known[name] for name in sorted(beside)}
        return Texts(known[SPEC], overlays, known.get(_ROOT_FILE), known.get(_LOCK))

    def saying(self, data: bytes, *, file: str = SPEC) -> Case:
        """The case with other bytes in one of its files."""
        return replace(self, files={**self.files, file: data})


def corpus() -> tuple[Case, ...]:
    """All specs that there are, in an order that is always the same."""
    return tuple(sorted((*_projects(), *_single(), *_folders()), key=lambda case: case.name))


def _projects() -> Iterator[Case]:
    """Specs that stand in projects of their own."""
    for spec in (*_ROOT.glob("examples/**/serving.yaml"), *_ROOT.glob("tests/golden/*/serving.yaml")):
        if "deploy" not in spec.relative_to(_ROOT).parts:
            yield Case(_name(spec.parent), spec.parent, _files(spec.parent))


def _single() -> Iterator[Case]:
    """The cases of one file."""
    for path in _CASES.glob("*/*.yaml"):
        if path.parent.name != "_project":
            yield Case(_name(path), _CASES / "_project", {SPEC: path.read_bytes()})


def _folders() -> Iterator[Case]:
    """The cases that have files beside the spec."""
    for spec in _CASES.glob("*/*/serving.yaml"):
        if spec.parts[-3] != "_project":
            yield Case(_name(spec.parent), _CASES / "_project", _files(spec.parent))


def _files(folder: Path) -> dict[str, bytes]:
    names = [SPEC, _ROOT_FILE, _LOCK, *(path.name for path in sorted(folder.glob("serving.*.yaml")))]
    return {name: (folder / name).read_bytes() for name in names if (folder / name).is_file()}


def _name(path: Path) -> str:
    return path.relative_to(_ROOT).as_posix()
