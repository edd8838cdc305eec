"""Why an emitted line is there: what each of its origins says, in words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from servespec import package_data
from servespec.artifacts import Origin
from servespec.cli.explaining.routes import route_of
from servespec.diagnostics.visible import escaped
from servespec.records import dataclass
from servespec.reference.fields import find
from servespec.reference.schema import Schema
from servespec.reference.servers import Known, known
from servespec.spans import Document, Place, Route, Value, value_at
from servespec.spec.views import OVERLAID

_LAID = re.compile(rf"variants\[[0-9]+\]\.(?=(?:{'|'.join(OVERLAID)})\b)")
"""How an origin in a block of a variant begins."""


@dataclass(frozen=True, slots=True)
class Because:
    """One reason for a line: where it comes from, and what to show below that."""

    where: str
    shown: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sources:
    """All that origins point into."""

    document: Document
    deployment: Value
    """The deployment as data."""
    schema: Schema


def because(origin: Origin, line: str, sources: Sources) -> Because:
    """What `origin` says of the emitted `line`. LookupError when it points at nothing, which is our bug."""
    kind, _, rest = origin.partition(":")
    if kind == "fact":
        return _fact(rest, line)
    if kind == "template":
        return _template(rest)
    if kind == "lock":
        return Because(f"`{rest}` of the lock", ("`servespec lock` wrote it down",))
    if kind == "target":
        return Because(f"the target `{rest}`", ("no field decides it",))
    return _spec(origin, sources)


def _spec(path: str, sources: Sources) -> Because:
    route = route_of(path, sources.document.value)
    # What a variant does not say itself is what the spec's own block says.
    inherited = _LAID.sub("", path)
    for at in (route, route_of(inherited, sources.document.value)):
        if sources.document.written(at):
            return _written(sources.document, at)
    field = find(sources.schema, inherited)
    if field is None:
        raise LookupError(f"an origin names {path}, which is no field")
    return Because(f"the default of `{inherited}`{_here(sources.deployment, route)}", (field.description,))


def _written(document: Document, route: Route) -> Because:
    where, line = _shown(document, document.where[route])
    beneath = (_shown(document, place) for place in document.overridden(route))
    return Because(where, (line, *(f"which overrides {there}: {below}" for there, below in beneath)))


def _shown(document: Document, place: Place) -> tuple[str, str]:
    """Where something is written, and its line."""
    span = place.key or place.value
    text = document.texts[span.path]
    position = text.position(span.start)
    return f"{span.path}:{position.line}:{position.column}", escaped(text.line(position.line).strip())


def _here(deployment: Value, route: Route) -> str:
    value = value_at(deployment, route)
    return f", here {escaped(str(value))}" if isinstance(value, str | int | float) else ""


def _fact(path: str, line: str) -> Because:
    runtime, _, name = path.partition(".")
    facts = [fact for fact in known(runtime) if fact.name == name]
    if not facts:
        raise LookupError(f"an origin names the fact {path}, which is none")
    meant = _meant(facts, line)
    shown = [f"{f'{fact.key}: ' if fact.key else ''}{fact.value}\n{fact.source} ({fact.checked})" for fact in meant]
    return Because(f"the fact `{path}`", tuple(part for text in shown for part in text.split("\n")))


def _meant(facts: Sequence[Known], line: str) -> Sequence[Known]:
    """Those of one table of facts that the line is about: the one it names, else those whose value it has, else all."""
    named = [fact for fact in facts if fact.key and fact.key.replace("-", "_") in line.replace("-", "_")]
    if named:
        return [max(named, key=lambda fact: len(fact.key))]
    return [fact for fact in facts if fact.value in line] or facts


def _template(place: str) -> Because:
    file, _, number = place.partition(":")
    if file == "header":
        return Because("servespec itself", ("a line that heads every file of this kind",))
    lines = package_data.read(f"templates/{file}").split("\n")
    return Because(f"templates/{file}:{number}", ("no field decides it", *_comment_above(lines, int(number))))


def _comment_above(lines: Sequence[str], number: int) -> tuple[str, ...]:
    """The comment that heads the paragraph of a line, in languages whose comments begin with `#`."""
    found: list[str] = []
    for line in reversed([text.strip() for text in lines[: number - 1]]):
        if line.startswith("#"):
            found.insert(0, line)
        elif found or not line:
            break
    return tuple(found)
