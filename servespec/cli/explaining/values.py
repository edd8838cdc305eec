"""Every value of a resolved deployment, and who set it."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from itertools import pairwise

from servespec.deployment.canonical import as_data
from servespec.pipeline import Sound, targets_of
from servespec.pipeline.environments import DEFAULTS_NAME, SPEC_NAME
from servespec.records import dataclass
from servespec.reference.fields import as_text, fields
from servespec.reference.schema import Schema
from servespec.spans import Document, Place, Route, Value, dotted


class Kind(StrEnum):
    """Who set a value."""

    BASE = "base"
    OVERLAY = "overlay"
    ROOT = "root defaults"
    DEFAULT = "default"
    """The field's own default."""
    DERIVED = "derived"
    """Worked out from other values, or from what is known of the server."""
    ROOT_FILE = "root file"
    """What the root file says besides its defaults."""
    LOCK = "lock"
    """What `servespec lock` wrote down."""


_KINDS = {SPEC_NAME: Kind.BASE, DEFAULTS_NAME: Kind.ROOT}


@dataclass(frozen=True)
class Origin:
    """Where a value came from."""

    kind: Kind
    place: Place | None = None
    """Where it is written, if it is."""
    overrides: tuple[Place, ...] = ()
    """What lies beneath it, the nearest first."""


@dataclass(frozen=True)
class Known:
    """One value of a deployment."""

    path: str
    value: Value
    origin: Origin


def values(analysis: Sound, schema: Schema) -> Iterator[Known]:
    """Every value of a sound spec's deployment, in its order, and of its targets' options; an empty list or map is one,
    too."""
    document = analysis.findings.document
    defaults = {path: field.default for path, field in fields(schema).items()}
    for route, value in (*_leaves(as_data(analysis.deployment), ()), *_options(analysis)):
        yield Known(dotted(route), value, _origin(route, value, document, defaults))


def _options(analysis: Sound) -> Iterator[tuple[Route, Value]]:
    for target in targets_of(analysis.deployment):
        given = target.options_in(analysis.options).model_dump(mode="json")
        yield from _leaves(given, ("targets", target.name)) if given else ()


def _leaves(value: Value, route: Route) -> Iterator[tuple[Route, Value]]:
    if isinstance(value, dict) and value:
        for key, item in value.items():
            yield from _leaves(item, (*route, key))
    elif isinstance(value, list) and value:
        for index, item in enumerate(value):
            yield from _leaves(item, (*route, index))
    elif value is not None:
        yield route, value


def _origin(route: Route, value: Value, document: Document, defaults: dict[str, str]) -> Origin:
    if route[0] == "mirrors" and value:
        return Origin(Kind.ROOT_FILE)
    if value and (route[0] == "digests" or ("model", "locked") in pairwise(route)):
        return Origin(Kind.LOCK)
    if route[:1] == ("platform",) and document.written(("platform",)):
        if route != ("platform", "name"):
            return Origin(Kind.ROOT_FILE)
        route = ("platform",)
    if route[0] == "targets" and isinstance(route[-1], int) and len(route) == 2:  # the keys of a map in the spec
        route = ("targets", str(value))
    if route[0] == "patterns":  # one word in the spec, or a list of them
        route = ("pattern", *route[1:]) if document.written(("pattern", *route[1:])) else ("pattern",)
    path = ".".join(step for step in route if isinstance(step, str))
    written = route if document.written(route) else _holder(route, document) if path not in defaults else None
    if written is not None:
        layer = document.layers.get(written, SPEC_NAME)
        return Origin(_KINDS.get(layer, Kind.OVERLAY), document.where[written], document.overridden(written))
    return Origin(Kind.DEFAULT if value in ([], {}) or defaults.get(path) == as_text(value) else Kind.DERIVED)


def _holder(route: Route, document: Document) -> Route | None:
    """The written field that a value is a part of: a map of columns, say, is a list in the deployment."""
    for end in range(len(route) - 1, 1, -1):
        if document.written(route[:end]):
            return route[:end]
    return None
