"""What `decode` can say: one function a code, whose docstring is the code's manual page."""

from __future__ import annotations

from collections.abc import Sequence

from servespec.diagnostics.suggest import closest, is_slip, one_of, only
from servespec.diagnostics.types import Diagnostic, Edit, Fix, Label, Part, error
from servespec.diagnostics.wording import cut
from servespec.spans import Document, Route, dotted

_LONGEST = 30
_KINDS = {
    "text": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "`true` or `false`",
    "list": "a list",
    "map": "a map",
}


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


def unknown_field(
    document: Document,
    route: Route,
    *,
    fields: Sequence[str],
    homes: Sequence[Route] = (),
    foreign: Sequence[Route] = (),
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
    fix = None
    if near is not None and near not in _keys(document, route[:-1]) and (span := document.place(route).key):
        fix = Fix(f"rename it to `{near}`", (Edit(span, near),), safe=sure and not (homes or foreign))
    return error(
        "unknown-field",
        f"`{cut(key, _LONGEST)}` is not a field of {_owner(route[:-1], whole)}",
        Label(route, "not a field here", Part.KEY),
        help=f"did you mean `{near}`?" if near else _fields(route, fields, homes, foreign),
        fix=fix,
    )


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


def missing_field(document: Document, route: Route) -> Diagnostic:
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
    headline = f"`{key}` is missing in {_owner(route[:-1])}"
    if place := document.deleted.get(route):
        at = Label(place.value, "this `null` deletes it")
        return error("missing-field", headline, at, help=f"take it out, or write what `{key}` is in its place")
    return error(
        "missing-field",
        headline,
        Label(route, f"needs `{key}`"),
        help=f"add `{key}:`; `servespec explain {dotted([s for s in route if isinstance(s, str)])}` says what it is",
    )


def wrong_type(route: Route, *, wanted: Sequence[str], found: str, example: str = "") -> Diagnostic:
    """A value is of another kind than its field takes.

    Bad:
    ```yaml
    runtime: {workers: two}
    ```
    Good:
    ```yaml
    runtime: {workers: 2}
    ```
    """
    kinds = " or ".join(_KINDS.get(kind, kind) for kind in wanted)
    return error(
        "wrong-type",
        f"`{_named(route)}` takes {kinds}",
        Label(route, f"this is {found}"),
        help=f"write it as in `{example}`" if example else f"write {kinds} here",
    )


def _named(route: Route) -> str:
    """A field by its own name; an item of a list by where it stands."""
    return dotted(route[-1:] if isinstance(route[-1], str) else route)


def other_truth(document: Document, route: Route, *, found: str, plain: str) -> Diagnostic:
    """As `wrong_type`, of what is a truth value to older readers of YAML."""
    return error(
        "wrong-type",
        f"`{dotted(route[-1:])}` takes `true` or `false`",
        Label(route, f"`{found}` is text"),
        help=f"write `{plain}`",
        fix=Fix(f"write `{plain}`", (Edit(document.place(route).value, plain),)),
    )


def not_indented(route: Route, fields: Sequence[Route]) -> Diagnostic:
    """As `wrong_type`, of a block whose fields stand below it in its own column."""
    names = one_of([str(field[-1]) for field in fields], "and")
    return error(
        "wrong-type",
        f"nothing is in `{dotted(route)}`",
        Label(route, "its fields stand in its own column", Part.KEY),
        *(Label(field, "not indented", Part.KEY) for field in fields),
        help=f"indent {names} by two spaces",
    )


def quoted_value(document: Document, route: Route, *, wanted: str, plain: str) -> Diagnostic:
    """A number or a truth value is written as text.

    Bad:
    ```yaml
    runtime: {workers: "2"}
    ```
    Good:
    ```yaml
    runtime: {workers: 2}
    ```
    """
    return error(
        "quoted-value",
        f"`{_named(route)}` takes {_KINDS[wanted]}",
        Label(route, "the quotes make this text"),
        help=f"write `{plain}`",
        fix=Fix("take the quotes away", (Edit(document.place(route).value, plain),)),
    )


def unquoted_text(document: Document, route: Route, *, reading: str, whole: Sequence[str] = ()) -> Diagnostic:
    """Text is wanted, but without quotes this is a number, a boolean or nothing, at least to some YAML readers.

    `1.10` is the number 1.1, `no` is false to YAML 1.1, `12:30` is 750. Quotes make it what it says. A time and
    an amount of memory need their unit instead: `30s`, `512Mi`.

    Bad:
    ```yaml
    release: 1.10
    ```
    Good:
    ```yaml
    release: "1.10"
    ```
    """
    span = document.place(route).value
    raw = document.slice(span)
    if whole:
        remedy = f"write it with its unit: {one_of(whole)}"
        return error("unquoted-text", f"`{cut(raw, _LONGEST)}` lacks its unit", Label(route, reading), help=remedy)
    return error(
        "unquoted-text",
        f"`{cut(raw, _LONGEST)}` needs quotes to be text" if raw else "text is missing here",
        Label(route, reading),
        help=f'write `"{cut(raw, _LONGEST)}"`',
        fix=Fix("quote it", (Edit(span, f'"{raw}"'),)) if raw else None,
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


def out_of_range(route: Route, *, bound: str) -> Diagnostic:
    """A number is too small or too large for its field.

    Bad:
    ```yaml
    runtime: {protocols: {rest: 80800}}
    ```
    Good:
    ```yaml
    runtime: {protocols: {rest: 8080}}
    ```
    """
    return error(
        "out-of-range", f"`{dotted(route[-1:])}` is out of range", Label(route, f"must be {bound}"),
        help=f"give a number {bound}",
    )  # fmt: skip


def empty_text(route: Route) -> Diagnostic:
    """A field that must say something is empty.

    Bad:
    ```yaml
    suppress: [{rule: runtime-end-of-life, reason: ""}]
    ```
    Good:
    ```yaml
    suppress: [{rule: runtime-end-of-life, reason: "moving to ONNX Runtime in spring"}]
    ```
    """
    return error("empty-text", f"`{dotted(route[-1:])}` is empty", Label(route, "says nothing"), help="write it out")


def empty_list(route: Route, *, values: Sequence[str]) -> Diagnostic:
    """A list that must name something is empty.

    Bad:
    ```yaml
    pattern: []
    ```
    Good:
    ```yaml
    pattern: [realtime]
    ```
    """
    field = dotted(route[-1:])
    return error(
        "empty-list",
        f"`{field}` names nothing",
        Label(route, "an empty list"),
        help=f"write at least one `{field}`: {one_of(values)}",
    )


def long_list(route: Route, *, limit: int) -> Diagnostic:
    """A list has more items than anybody needs: each is compiled, or compared with all others.

    Bad:
    ```yaml
    # and so on, more than a hundred times
    connections: [{name: customer-1, type: s3}, {name: customer-2, type: s3}]
    ```
    Good:
    ```yaml
    connections: [{name: models, type: s3}]
    ```
    """
    field = dotted(route[-1:])
    return error(
        "long-list",
        f"`{field}` has more than {limit} items",
        Label((*route, limit), "one too many"),
        help="leave out what is not needed, or make several specs of this one",
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
    span = document.place(route).key
    return error(
        "unknown-target",
        f"there is no target `{cut(name, _LONGEST)}`",
        Label(route, "not a target", Part.KEY),
        help=f"did you mean `{near}`?" if near else f"the targets are {one_of(targets, 'and')}",
        fix=Fix(f"rename it to `{near}`", (Edit(span, near),), safe=only(name, targets) == near)
        if near and span
        else None,
    )


def _keys(document: Document, route: Route) -> frozenset[str]:
    depth = len(route)
    return frozenset(str(step[depth]) for step in document.where if len(step) == depth + 1 and step[:depth] == route)
