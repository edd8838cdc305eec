"""One payload in one place of a spec: refused there, or the same text in every file that said the text before."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache, reduce
from operator import getitem
from pathlib import Path
from typing import Any

from servespec.diagnostics.types import Severity
from servespec.edge.gather import gather
from servespec.facts import Facts, Wanted
from servespec.pipeline import Analyses, World
from servespec.source import load
from servespec.spans import Route, dotted
from tests.injection.leaves import renamed, replaced
from tests.injection.reading import Shape, shape
from tests.projects import TODAY, analyse_everywhere, made

_MARKER = "zqmarkerqz"
# The tag of an image and whatever else is taken of the content follow each change of it.
_DIGEST = re.compile(r"[0-9a-f]{12,64}")
_KEPT = 1_000
_BEST = ("kept", "derived", "escaped")


@dataclass(frozen=True)
class Outcome:
    """What came of it: `refused`, `kept`, `derived` (a text made of it is another one), or `escaped`."""

    kind: str
    where: str = ""
    files: int = 0
    """How many files were read back."""


@dataclass(frozen=True)
class Project:
    """A folder with a sound spec that says much."""

    folder: Path
    otherwise: tuple[tuple[Route, Any], ...] = ()
    """What it says in other places than the one in the folder, or of other ones."""

    @cached_property
    def spec(self) -> dict[str, Any]:
        """What its spec says."""
        value = load("serving.yaml", (self.folder / "serving.yaml").read_bytes()).document.value
        for route, other in self.otherwise:
            value = replaced(value, route, other)
        assert isinstance(value, dict)
        return value

    def analyse(self, spec: dict[str, Any]) -> Analyses:
        """What is known of another spec in its place."""
        data = json.dumps(spec).encode()
        return analyse_everywhere(data, World(lambda wanted: _facts(self.folder, tuple(wanted)), TODAY))

    def files(self, analyses: Analyses) -> dict[str, str]:
        """The text of each file that is made, in all environments, without what follows each change of the content."""
        return {
            _same(f"{analysis.environment}/{path}"): _same(text)
            for analysis in analyses.each
            for path, text in made(analysis).items()
        }


@lru_cache(maxsize=_KEPT)
def _facts(folder: Path, wanted: tuple[Wanted, ...]) -> Facts:
    """What stands there: most payloads name no file."""
    return gather(folder, wanted)


@dataclass(frozen=True)
class Harmless:
    """What the files say with a text that means nothing in any language."""

    marker: str
    files: dict[str, str]

    @cached_property
    def _where(self) -> frozenset[str]:
        """The files that say it."""
        return frozenset(path for path, text in self.files.items() if self.marker in repr(said(path, text)))

    def compared(self, files: dict[str, str], payload: str) -> Outcome:
        """What became of it where a payload stands in its place. Only files of another text, or that say it, are read."""
        wanted = {path.replace(self.marker, payload): path for path in self.files}
        if wanted.keys() != files.keys():
            return Outcome("escaped", f"{sorted(wanted.keys() ^ files.keys())} are not made with both", len(files))
        changed = [(path, old) for path, old in wanted.items() if old in self._where or files[path] != self.files[old]]
        was = {path: _with(said(old, self.files[old]), self.marker, payload) for path, old in changed}
        return replace(_compared(was, {path: said(path, files[path]) for path, _ in changed}), files=len(files))


@dataclass(frozen=True)
class Place:
    """A text of the spec, or a key, by its route, and how the spec is with another one there."""

    project: Project
    route: Route
    text: str
    change: Callable[[Any, Route, str], Any] = replaced

    @property
    def name(self) -> str:
        """How it is told apart from all others."""
        return f"{dotted(self.route)}{' as a key' * self.is_key}"

    @property
    def is_key(self) -> bool:
        """Whether it is the key that is changed."""
        return self.change is renamed

    @cached_property
    def _known(self) -> dict[str, Harmless | None]:
        """What is known of each marker that was needed; None of one that may not stand there."""
        return {}

    def _harmless(self) -> Iterator[Harmless]:
        """The files with each marker that may stand there, one after the other: for most the first tells all."""
        for marker in _markers(self.text, self._beside if self.is_key else ()):
            if marker not in self._known:
                analyses = self.project.analyse(self.change(self.project.spec, self.route, marker))
                self._known[marker] = Harmless(marker, self.project.files(analyses)) if analyses.ok else None
            if (harmless := self._known[marker]) is not None:
                yield harmless

    @property
    def _beside(self) -> list[str]:
        """The keys of the same map."""
        return list(reduce(getitem, self.route[:-1], self.project.spec))

    def put(self, payload: str) -> Outcome:
        """What comes of a payload there."""
        analyses = self.project.analyse(self.change(self.project.spec, self.route, payload))
        if not analyses.ok:
            errors = [item for found in analyses.findings for item in found.report.diagnostics]
            assert any(item.severity is Severity.ERROR for item in errors), "refused without a word"
            return Outcome("refused")
        files = self.project.files(analyses)
        outcomes = (harmless.compared(files, _same(payload)) for harmless in self._harmless())
        tried: list[Outcome] = []
        for outcome in outcomes:
            tried.append(outcome)
            if outcome.kind == "kept":
                break
        # Where things are written in the order of their names, one marker says the same that stands where the payload does.
        nothing = Outcome("derived", "nothing harmless may stand there", len(files))
        return min(tried, key=lambda outcome: _BEST.index(outcome.kind), default=nothing)


def _markers(text: str, beside: Iterable[str] = ()) -> Iterator[str]:
    """Texts like another one that occur nowhere else; those after the names `beside` it come before and behind each."""
    yield _MARKER
    yield re.sub(r"[A-Za-z0-9_]+(?=[^A-Za-z0-9]*$)", _MARKER, text, count=1)
    yield re.sub(r"^[A-Za-z0-9]+", _MARKER, text)
    yield f"./{_MARKER}"
    yield from (f"{start}{_MARKER}" for start in ("0", "A", "_", "a", *beside))


def _same(text: str) -> str:
    """A text with the same word of the same length for each digest in it."""
    return _DIGEST.sub(lambda found: "d" * len(found[0]), text)


@lru_cache(maxsize=_KEPT)
def said(path: str, text: str) -> Shape:
    """What a file says: most say the same for one payload after another."""
    return shape(path, text)


def _with(value: Shape, marker: str, payload: str) -> Shape:
    if isinstance(value, str):
        return value.replace(marker, payload)
    if isinstance(value, list):
        return [_with(item, marker, payload) for item in value]
    if isinstance(value, dict):
        return {_with(key, marker, payload): _with(item, marker, payload) for key, item in value.items()}
    return value


def _compared(wanted: Shape, found: Shape) -> Outcome:
    if wanted == found:
        return Outcome("kept")
    place = next(_differences(wanted, found, ""), None)
    if place is None:
        return Outcome("kept")
    return Outcome("derived" if _frame(wanted) == _frame(found) else "escaped", place)


def _frame(value: Shape) -> Shape:
    """A shape without its texts."""
    if isinstance(value, list):
        return [_frame(item) for item in value]
    if isinstance(value, dict):
        return [_frame(item) for _, item in sorted(value.items(), key=lambda pair: str(pair[0]))]
    return "" if isinstance(value, str) else value


def _differences(wanted: Shape, found: Shape, at: str) -> Iterator[str]:
    if isinstance(wanted, dict) and isinstance(found, dict) and wanted.keys() == found.keys():
        for key, value in wanted.items():
            yield from _differences(value, found[key], f"{at}/{key}")
    elif isinstance(wanted, list) and isinstance(found, list) and len(wanted) == len(found):
        for index, (one, other) in enumerate(zip(wanted, found, strict=True)):
            yield from _differences(one, other, f"{at}/{index}")
    elif wanted != found:
        yield f"{at}: {str(wanted)[:120]!r} is {str(found)[:120]!r}"
