"""What is said of names: of fields, of values that are one of several, of targets."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from servespec.diagnostics.suggest import closest, is_slip, one_of, only
from servespec.diagnostics.types import Diagnostic, Edit, Fix, Label, Part, error
from servespec.diagnostics.wording import cut
from servespec.spans import Document, Route, dotted

_LONGEST = 30


def _owner(route: Route, whole: str = "a spec") -> str:
    return f"`{dotted(route)}`" if route else whole


def api_version(document: Document, found: object, *, expected: str) -> Diagnostic:
    """`apiVersion` is missing, or not one that this servespec reads.

    With another version every other message would be a guess, so there is none. A spec that names none is read as one
    of this version.

    Bad:
    ```yaml
    apiVersion: servespec/v2
    ```
    Good:
    ```yaml
    apiVersion: servespec/v1
    ```
    """
    route: Route = ("apiVersion",)
    if other := _other(document):
        return other
    if not document.written(route):
        return error(
            "api-version",
            "`apiVersion` is missing",
            Label(()),
            help=f"put `apiVersion: {expected}` at the top",
        )
    return error(
        "api-version",
        "this `apiVersion` is not known",
        Label(route, f"servespec reads `{expected}`"),
        help=f"write `apiVersion: {expected}`, or use the servespec that the spec was written for",
        fix=Fix(f"write `{expected}`", (Edit(document.place(route).value, expected),), safe=False),
    )


def _other(document: Document) -> Diagnostic | None:
    """What is said of a document that is another tool's."""
    from servespec.spec import foreign  # start-up: only for a mistake

    words = foreign.document(document.value) if isinstance(document.value, dict) else ""
    if not words:
        return None
    route: Route = ("kind",) if document.written(("kind",)) else ("services",)
    label = Label(route, cut(words, 2 * _LONGEST), Part.VALUE if route == ("kind",) else Part.KEY)
    return error(
        "api-version", "this is no spec", label, help="`servespec init` writes one, from the model's own files"
    )


def unknown_field(
    document: Document,
    route: Route,
    *,
    fields: Sequence[str],
    homes: Sequence[Route] = (),
    foreign: Sequence[Route] = (),
    instead: str = "",
    unfit: Callable[[str], str],
    whole: str = "a spec",
) -> Diagnostic:
    """A key is not a field of its block. Nothing is ever ignored silently.

    Bad:
    ```yaml
    runtime: {worker: 2}
    ```
    Good:
    ```yaml
    runtime: {workers: 2}
    ```
    """
    key = str(route[-1])
    near = closest(key, fields)
    sure = only(key, fields) == near
    if near and (len(foreign) > 1 or (foreign and not sure) or (homes and not is_slip(key, near))):
        near = None  # what has that very name, here or with others, is likelier than what begins like it
    if not near and len(foreign) == 1 and foreign[0][:-1] == route[:-1]:
        near = str(foreign[0][-1])
    fix, example = None, unfit(near) if near else ""
    if near and not example:  # what its value does not fit is more than misspelt
        fix = _renamed(document, route, near, fields=fields, safe=sure and not (homes or foreign))
    return error(
        "unknown-field",
        f"`{cut(key, _LONGEST)}` is not a field of {_owner(route[:-1], whole)}",
        Label(route, "not a field here", Part.KEY),
        help=_meant(near, example) if near else instead or _fields(route, fields, homes, foreign),
        fix=fix,
    )


def _meant(near: str, example: str) -> str:
    return f"did you mean `{near}`, as in `{example}`?" if example else f"did you mean `{near}`?"


def _fields(route: Route, fields: Sequence[str], homes: Sequence[Route], foreign: Sequence[Route]) -> str:
    """Where the field belongs, or else what belongs here."""
    here, key = tuple(step for step in route[:-1] if isinstance(step, str)), str(route[-1])
    if foreign:
        return f"servespec calls it {one_of([dotted(field) for field in foreign])}"
    under = one_of([dotted(home) for home in homes])
    if homes and (not here or homes[0][: len(here)] == here):
        return f"write it under {under}"
    known = (
        f"the fields here are {one_of(sorted(fields), 'and')}" if fields else "take it out: there are no fields here"
    )
    owners = "the spec itself" if () in homes else under
    return f"{known}; `{key}` is one of {owners}" if homes else known


def missing_field(document: Document, route: Route, *, whole: str = "a spec", anew: str = "") -> Diagnostic:
    """A field that has no default is not there.

    Bad:
    ```yaml
    model: {format: pytorch}
    ```
    Good:
    ```yaml
    model: {format: pytorch, uri: ./model}
    ```
    """
    key = str(route[-1])
    headline = f"`{key}` is missing in {_owner(route[:-1], whole)}"
    if place := document.deleted.get(route):
        at = Label(place.value, "this `null` deletes it")
        return error("missing-field", headline, at, help=f"take it out, or write what `{key}` is in its place")
    path = dotted([step for step in route if isinstance(step, str)])
    return error(
        "missing-field",
        headline,
        Label(route, f"needs `{key}`"),
        help=anew or f"add `{key}:`; `servespec explain {path}` says what it is",
    )


def unknown_value(document: Document, route: Route, *, found: str, values: Sequence[str], kind: str = "") -> Diagnostic:
    """A value is not one of those that its field knows.

    Bad:
    ```yaml
    model: {format: pytroch, uri: ./model}
    ```
    Good:
    ```yaml
    model: {format: pytorch, uri: ./model}
    ```
    """
    from servespec.spec import foreign  # start-up: only for a mistake

    known = foreign.value(found, values)
    near = known or closest(found, values)
    fix = None
    if near:
        safe = not known and only(found, values) == near
        fix = Fix(f"write `{near}`", (Edit(document.place(route).value, near),), safe=safe)
    field = kind or f"`{dotted(tuple(step for step in route if isinstance(step, str))[-1:])}`"
    return error(
        "unknown-value",
        f"`{cut(found, _LONGEST)}` is not a known {field}",
        Label(route, f"not a {field} that servespec knows"),
        help=f"did you mean `{near}`?" if near else f"use {one_of(values)}",
        fix=fix,
    )


def unknown_target(document: Document, route: Route, *, targets: Sequence[str]) -> Diagnostic:
    """`targets` names something that servespec can't compile to.

    Bad:
    ```yaml
    targets: {dockre: {}}
    ```
    Good:
    ```yaml
    targets: {docker: {}}
    ```
    """
    from servespec.spec import foreign  # start-up: only for a mistake

    name = str(route[-1])
    near = foreign.value(name, targets) or closest(name, targets)
    fix = _renamed(document, route, near, fields=targets, safe=only(name, targets) == near) if near else None
    return error(
        "unknown-target",
        f"there is no target `{cut(name, _LONGEST)}`",
        Label(route, "not a target", Part.KEY),
        help=f"did you mean `{near}`?" if near else f"the targets are {one_of(targets, 'and')}",
        fix=fix,
    )


def _renamed(document: Document, route: Route, name: str, *, fields: Sequence[str], safe: bool) -> Fix | None:
    """The fix that gives a key another name; None when that is there already. It is not safe where another key that is
    no field may mean the same one: which of the two counts, nobody knows."""
    keys, span = _keys(document, route[:-1]), document.place(route).key
    if name in keys or span is None:
        return None
    others = keys.difference(fields, (str(route[-1]),))
    alone = not any(closest(key, (name,)) and closest(key, fields) == name for key in others)
    return Fix(f"rename it to `{name}`", (Edit(span, name),), safe=safe and alone)


def _keys(document: Document, route: Route) -> frozenset[str]:
    depth = len(route)
    return frozenset(str(step[depth]) for step in document.where if len(step) == depth + 1 and step[:depth] == route)
