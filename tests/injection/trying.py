"""One payload in one place of a spec: refused there, or the same text in every file that said the text before."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from servespec.diagnostics.types import Severity
from servespec.edge.gather import gather
from servespec.pipeline import Analyses, World
from servespec.source import load
from servespec.spans import Route
from tests.injection.leaves import replaced
from tests.injection.reading import Shape, shape
from tests.projects import TODAY, analyse_everywhere, made

_MARKER = "zqmarkerqz"
# The tag of an image and whatever else is taken of the content follow each change of it.
_DIGEST = re.compile(r"[0-9a-f]{12,64}")


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

    @cached_property
    def spec(self) -> dict[str, Any]:
        """What its spec says."""
        value = load("serving.yaml", (self.folder / "serving.yaml").read_bytes()).document.value
        assert isinstance(value, dict)
        return value

    def analyse(self, spec: dict[str, Any]) -> Analyses:
        """What is known of another spec in its place."""
        data = json.dumps(spec).encode()
        return analyse_everywhere(data, World(lambda wanted: gather(self.folder, wanted), TODAY))

    def shapes(self, analyses: Analyses) -> dict[str, Shape]:
        """What each file that is made says, in all environments."""
        files = {
            f"{analysis.environment}/{path}": text
            for analysis in analyses.each
            for path, text in made(analysis).items()
        }
        return {path: shape(path, text) for path, text in files.items()}


@dataclass(frozen=True)
class Place:
    """A text of the spec, by its route, and how the spec is with another one there."""

    project: Project
    route: Route
    text: str
    change: Callable[[Any, Route, str], Any] = replaced

    @cached_property
    def _marked(self) -> tuple[str, dict[str, Shape]] | None:
        """A harmless text that may stand there, and what the files say with it; None when nothing else may."""
        for marker in _harmless(self.text):
            analyses = self.project.analyse(self.change(self.project.spec, self.route, marker))
            if analyses.ok:
                return marker, self.project.shapes(analyses)
        return None

    def put(self, payload: str) -> Outcome:
        """What comes of a payload there."""
        analyses = self.project.analyse(self.change(self.project.spec, self.route, payload))
        if not analyses.ok:
            errors = [item for found in analyses.findings for item in found.report.diagnostics]
            assert any(item.severity is Severity.ERROR for item in errors), "refused without a word"
            return Outcome("refused")
        shapes = self.project.shapes(analyses)
        if self._marked is None:
            return Outcome("derived", "nothing harmless may stand there", len(shapes))
        marker, harmless = self._marked
        outcome = _compared(_with(harmless, marker, payload), _with(shapes, payload, payload))
        return replace(outcome, files=len(shapes))


def _harmless(text: str) -> Iterator[str]:
    """Texts like another one that occur nowhere else."""
    yield _MARKER
    yield re.sub(r"[A-Za-z0-9_]+(?=[^A-Za-z0-9]*$)", _MARKER, text, count=1)
    yield re.sub(r"^[A-Za-z0-9]+", _MARKER, text)
    yield f"./{_MARKER}"


def _with(value: Shape, marker: str, payload: str) -> Shape:
    if isinstance(value, str):
        return _DIGEST.sub("#", value.replace(marker, payload))
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
