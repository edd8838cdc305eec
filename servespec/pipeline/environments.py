"""Texts → documents: the one that a spec is, or one for each of its environments."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set

from servespec.deployment.names import is_label
from servespec.diagnostics.types import Diagnostic, Findings, Label, Part, Report
from servespec.pipeline.texts import File, Texts
from servespec.records import dataclass, replace
from servespec.source import load
from servespec.source.overlay import Layer, overlay
from servespec.spans import Document, Place, Route, Span, Value, value_at
from servespec.spec.kinds import kind_of
from servespec.spec.root import Spec

ENVIRONMENTS = "environments"
DEFAULTS = "defaults"
SPEC_NAME = "the spec"
DEFAULTS_NAME = "the root file's defaults"
_FIXED = {
    "apiVersion": "leave it out: that of the spec says how to read both",
    "name": "leave it out: the folder of each environment, and its Compose project, bear its name already",
    ENVIRONMENTS: "leave it out: an environment is laid over the spec itself, and over no other",
}
"""Fields that say which service it is, or how to read it, with what to do instead."""
_BEGINS = "write what differs from the spec, as in `owner: risk-ml`, or remove the file"
_SAME = "the same in all environments"
_MOST = 100
_FORM = "at most 63 of `a-z`, `0-9` and inner `-`"
_EXAMPLE = "staging: {labels: {stage: staging}}"


@dataclass(frozen=True)
class Read:
    """The documents of a spec."""

    documents: Mapping[str | None, Findings]
    """By environment, each with what is wrong with its text; without environments a single one, of no name."""
    amiss: tuple[Findings, ...] = ()
    """What is wrong with an overlay itself."""


@dataclass(frozen=True, slots=True)
class _Overlay:
    """What lies over the spec in one environment."""

    environment: str
    layer: Layer
    named: Label
    """Where the environment has its name from."""
    text: Report
    """What is wrong with its text, or with its shape."""

    @property
    def value(self) -> Value:
        """What is laid over the spec."""
        return value_at(self.layer.document.value, self.layer.at)

    @property
    def is_usable(self) -> bool:
        """Whether the environment can be looked at; `prod:` alone is one that changes nothing."""
        says_nothing = self.value is None and not self.text.errors
        return is_label(self.environment) and (says_nothing or isinstance(self.value, dict))


def read(texts: Texts, root: Document | None = None) -> Read:
    """The documents that the texts make, with the defaults of a root file beneath them."""
    spec = load(texts.spec.shown, texts.spec.data)
    beneath = _defaults(root) if root else ()
    inherited = [overlay for layer in beneath for overlay in _inner(layer.document, layer.at)]
    inner = [*_inner(spec.document)]
    own = [*inner, *_beside(texts.overlays)]
    overlays = (*inherited, *own)
    declared = {item.environment for item in (*inherited, *inner)}
    readable = isinstance(spec.document.value, dict)
    flooded = readable and len({item.environment for item in overlays}) > _MOST
    looked_at = overlays[:_MOST] if flooded else overlays
    amiss = tuple(
        Findings(item.layer.document, item.text + _problems(item, spec.document) + _misspelt(item, declared, texts))
        for item in looked_at
    )
    if flooded:
        from servespec.pipeline.environment_messages import too_many_environments

        flood = too_many_environments(replace(overlays[_MOST].named, message="one too many"), _MOST)
        return Read({None: spec}, (*amiss, Findings(overlays[_MOST].layer.document, Report((flood,)))))
    if not readable or not (overlays or beneath):
        return Read({None: spec}, amiss)
    unusable = {item.environment for item in overlays if not item.is_usable}
    named = sorted({item.environment for item in overlays} - unusable)
    names: list[str | None] = [*named] if overlays else [None]
    # What a root file says of an environment is a default too: the spec itself lies over it.
    laid = {name: _laid(spec, [*beneath, *_of(name, inherited)], _of(name, own)) for name in names}
    return Read(laid, amiss)


def _of(name: str | None, overlays: Iterable[_Overlay]) -> list[Layer]:
    return [item.layer for item in overlays if item.environment == name]


def _defaults(root: Document) -> tuple[Layer, ...]:
    given = value_at(root.value, (DEFAULTS,))
    return (Layer(root, DEFAULTS_NAME, (DEFAULTS,), (ENVIRONMENTS,)),) if given and isinstance(given, dict) else ()


def _inner(document: Document, at: Route = ()) -> Iterator[_Overlay]:
    """The overlays that stand in the spec itself, or among the root file's defaults."""
    given = value_at(document.value, (*at, ENVIRONMENTS))
    fields = _unindented(given) if isinstance(given, dict) else {}
    stray = {name for names in fields.values() for name in names}
    for name, value in given.items() if isinstance(given, dict) else ():
        route: Route = (*at, ENVIRONMENTS, name)
        layer = Layer(document, _title(name), route, tuple(_FIXED))
        fits = value is None or isinstance(value, dict)
        shape = () if fits else (_no_map(route, value),)
        if name in fields:
            shape = (_not_indented(route, [(*route[:-1], field_) for field_ in fields[name]]),)
        if name not in stray:
            yield _Overlay(name, layer, Label(route, _FORM, Part.KEY), Report(shape))


def _unindented(given: Mapping[str, Value]) -> dict[str, list[str]]:
    """By environment with nothing in it: what stands right below it and is called like a field of a spec."""
    found: dict[str, list[str]] = {}
    empty = None
    for name, value in given.items():
        if empty is not None and name in Spec.model_fields:
            found.setdefault(empty, []).append(name)
        else:
            empty = name if value is None else None
    return found


def _not_indented(route: Route, fields: Sequence[Route]) -> Diagnostic:
    from servespec.spec.messages import not_indented  # start-up: only for a mistake

    return not_indented(route, fields)


def _no_map(route: Route, value: Value) -> Diagnostic:
    from servespec.spec.messages import wrong_type  # start-up: only for a mistake

    return wrong_type(route, wanted=("map",), found=kind_of(value), example=_EXAMPLE)


def _beside(files: Mapping[str, File]) -> Iterator[_Overlay]:
    """The overlays in files of their own, which lie over those in the spec."""
    for name, file in files.items():
        loaded = load(file.shown, file.data, begins=_BEGINS)
        layer = Layer(loaded.document, _title(name), (), tuple(_FIXED))
        yield _Overlay(name, layer, Label(Span(file.shown, 0, 0), _FORM), loaded.report)


def _title(name: str) -> str:
    return f"environment {name}"


def _problems(item: _Overlay, spec: Document) -> Iterator[Diagnostic]:
    if not is_label(item.environment):
        from servespec.pipeline.environment_messages import invalid_environment

        yield invalid_environment(item.named, item.environment)
    for field_, instead in _FIXED.items():
        given = value_at(item.value, (field_,))
        if given is not None and given != value_at(spec.value, (field_,)):
            from servespec.pipeline.environment_messages import fixed_field

            yield fixed_field(Label((*item.layer.at, field_), _SAME, Part.KEY), field_, instead=instead)


def _misspelt(item: _Overlay, declared: Set[str], texts: Texts) -> Iterator[Diagnostic]:
    """That a file is of an environment which is probably another one, of which there is no file."""
    if not declared or item.environment in declared:
        return
    from servespec.pipeline.misspelt_environment import likely_environment, misspelt_environment

    if likely := likely_environment(item.environment, declared - texts.overlays.keys()):
        shown = texts.overlays[item.environment].shown
        file = os.path.basename(shown).replace(f".{item.environment}.", f".{likely}.")
        yield misspelt_environment(
            replace(item.named, message="an environment of its own"), item.environment, likely, file=file
        )


def _laid(spec: Findings, beneath: Sequence[Layer], above: Sequence[Layer]) -> Findings:
    """The document of one environment, with what is wrong with its text."""
    # A block of environments that is none stays, so that it is told of as any other value of a wrong type.
    inner = (ENVIRONMENTS,) if isinstance(value_at(spec.document.value, (ENVIRONMENTS,)), dict) else ()
    base = Layer(spec.document, SPEC_NAME, without=inner, own=True)
    laid = overlay([*beneath, base, *above])
    return Findings(laid.document, spec.report + told_idle(laid.idle))


def told_idle(places: Iterable[Place]) -> Iterator[Diagnostic]:
    """A finding for each `null` that deletes nothing."""
    for place in places:
        from servespec.pipeline.environment_messages import nothing_to_delete

        yield nothing_to_delete(place)
