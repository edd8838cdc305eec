"""A spec as it reads: its own blocks, and those of each variant laid over them.

Each is decoded, resolved and checked as if it stood alone; what is found in a variant is told where it was written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from servespec.deployment.resolve import Resolved, resolve
from servespec.deployment.setting import Setting
from servespec.deployment.types import Deployment
from servespec.deployment.variants import below, variants_of, view
from servespec.diagnostics.types import Diagnostic, Fix, Label, Part, placed_fix
from servespec.node import Node
from servespec.pipeline.environments import told_idle
from servespec.records import dataclass, replace
from servespec.spans import Document, Route, Span
from servespec.spec.decode import Decoded, decode
from servespec.spec.pruning import original
from servespec.spec.root import Spec
from servespec.spec.views import VARIANTS, View, views

_SIDES: tuple[Route, ...] = (("signature", "inputs"), ("signature", "outputs"))
_WHOLE = frozenset((("targets",), *_SIDES, *((*side, "columns") for side in _SIDES)))
"""Blocks that findings are about as a whole: all that is in them decides."""


@dataclass(frozen=True)
class Reading:
    """One way to read a spec that can be decoded."""

    document: Document
    decoded: Decoded
    deployment: Deployment
    """What the checks look at. That of the spec itself still has its variants, and none of their servers as targets."""
    found: tuple[Diagnostic, ...]
    """What was wrong with its values."""
    view: View | None = None
    """None for the spec's own blocks."""

    def home(self, route: Route) -> Route:
        """Where in the spec stands what is at a route of this reading."""
        return self.view.home(route) if self.view else route

    def says(self, item: Diagnostic) -> bool:
        """Whether a finding is about something that the variant itself says."""
        return self.view is not None and any(self.view.says(route) for label in item.labels for route in _routes(label))


@dataclass(frozen=True)
class Readings:
    """What a spec means, and all ways to read it, its own blocks first."""

    deployment: Deployment
    all: tuple[Reading, ...]


@dataclass(frozen=True)
class Readable:
    """A document that could be decoded, and where it stands."""

    document: Document
    decoded: Decoded
    spec: Spec
    setting: Setting


def read(given: Readable, *, options: Mapping[str, type[Node]]) -> Readings:
    """All readings of a decoded spec."""
    document, decoded, spec = given.document, given.decoded, given.spec
    laid = [(item, decode(item.document, options=options)) for item in _written(document, decoded, spec)]
    # What can't be decoded at all in a variant is told; the spec's own blocks stand in for it.
    resolved = [resolve(alone.spec or spec, given.setting) for _, alone in laid]
    variants = variants_of(spec.variants, [item.deployment for item in resolved])
    whole = resolve(spec, given.setting, variants=variants)
    own = Reading(document, decoded, below(whole.deployment), whole.report.diagnostics)
    others = (
        Reading(item.document, alone, view(whole.deployment, variant), _of_values(of, item), item)
        for (item, alone), of, variant in zip(laid, resolved, variants, strict=True)
    )
    return Readings(whole.deployment, (own, *others))


def _of_values(of: Resolved, given: View) -> tuple[Diagnostic, ...]:
    return (*of.report.diagnostics, *told_idle(given.idle))


def _written(document: Document, decoded: Decoded, spec: Spec) -> list[View]:
    """The views of those variants that the spec was decoded with."""
    by_place = {item.at: item for item in views(document)} if spec.variants else {}
    places = (original((VARIANTS, index), decoded.kept) for index in range(len(spec.variants)))
    return [by_place[place] for place in places]


def shape(readings: Readings) -> Iterator[Diagnostic]:
    """What is wrong with the shape of a spec and of its variants."""
    found = ((reading, reading.decoded.report.diagnostics) for reading in readings.all)
    return _once(_at_home(item, reading) for reading, item in _own(found))


def told(found: Iterable[tuple[Reading, Sequence[Diagnostic]]]) -> Iterator[Diagnostic]:
    """What else was found, as it is told: its labels where something is written that decides it.

    Without what rests on a value that was left out because it is wrong: that was reported as such.
    """
    return _once(
        _at_home(settled, reading) for reading, item in _own(found) if (settled := _settled(item, reading)) is not None
    )


def _own(found: Iterable[tuple[Reading, Sequence[Diagnostic]]]) -> Iterator[tuple[Reading, Diagnostic]]:
    """The findings, without those of a variant which are about nothing that it says, and are found without it too."""
    below: Sequence[Diagnostic] = ()
    for reading, items in found:
        below = items if reading.view is None else below
        yield from (
            (reading, item) for item in items if reading.view is None or reading.says(item) or item not in below
        )


def _once(items: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    return iter(dict.fromkeys(items))


def _settled(item: Diagnostic, reading: Reading) -> Diagnostic | None:
    """The finding with its labels where something is written that decides it; None for an echo."""
    kept, document = reading.decoded.kept, reading.document
    # Wrong list items were left out before it was made.
    placed = [
        label if isinstance(label.at, Span) else replace(label, at=original(label.at, kept)) for label in item.labels
    ]
    settled = [label.settled(document) for label in placed]
    echo = any(_is_spoilt(label, reading.decoded.spoilt) for label in (*placed, *settled))
    return None if echo else placed_fix(replace(item, labels=tuple(settled), fix=_original(item.fix, kept)), document)


def _original(fix: Fix | None, kept: Mapping[Route, tuple[int, ...]]) -> Fix | None:
    """The fix at the items that it is about, before wrong ones were left out."""
    if fix is None:
        return None
    edits = [edit if isinstance(edit.at, Span) else replace(edit, at=original(edit.at, kept)) for edit in fix.edits]
    return replace(fix, edits=tuple(edits))


def _is_spoilt(label: Label, spoilt: frozenset[Route]) -> bool:
    """Whether a label is at what was left out, or at a list or a whole that lacks something because of that."""
    at = label.at
    if not isinstance(at, tuple):
        return False
    if at in _WHOLE and any(route[: len(at)] == at for route in spoilt):
        return True
    return any(at[: len(route)] == route or (at == route[:-1] and isinstance(route[-1], int)) for route in spoilt)


def _at_home(item: Diagnostic, reading: Reading) -> Diagnostic:
    """The finding with its labels where they are in the spec, one for each place, and the variant shown that has it."""
    places: dict[tuple[Route | Span, Part], Label] = {}
    for label in item.labels:
        at = label.at if isinstance(label.at, Span) else reading.home(label.at)
        places.setdefault((at, label.part), replace(label, at=at))
    view = reading.view
    if view is not None and not any(isinstance(at, Span) or at[: len(view.at)] == view.at for at, _ in places):
        name = (*view.at, "name")
        places[name, Part.VALUE] = Label(name, "it is found with this variant")
    return replace(item, labels=tuple(places.values()))


def _routes(label: Label) -> Iterator[Route]:
    if isinstance(label.at, tuple):
        yield label.at
    if label.otherwise is not None:
        yield from _routes(label.otherwise)
