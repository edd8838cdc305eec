"""What is said of values of the wrong type, and of texts that look like another one."""

from __future__ import annotations

from collections.abc import Sequence

from servespec.diagnostics.suggest import one_of
from servespec.diagnostics.types import Diagnostic, Edit, Fix, Label, Part, error
from servespec.diagnostics.wording import cut
from servespec.spans import Document, Route, dotted, value_at

_LONGEST = 30
_KINDS = {
    "text": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "`true` or `false`",
    "list": "a list",
    "map": "a map",
}


def wrong_type(route: Route, *, wanted: Sequence[str], found: str, example: str = "", aside: str = "") -> Diagnostic:
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
        help=f"write it as in `{example}`{aside}" if example else f"write {kinds} here",
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
        Label(route, "its fields are not indented", Part.KEY),
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


def unquoted_text(
    document: Document, route: Route, *, reading: str, whole: Sequence[str] = (), example: str = ""
) -> Diagnostic:
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
    if example and value_at(document.value, route) is not None:
        remedy = f'write it as in `{example}`, or `"{raw}"` if it is called so'
        return error("unquoted-text", f"`{raw}` needs quotes to be text", Label(route, reading), help=remedy)
    if value_at(document.value, route) is None:
        remedy = f"write it as in `{example}`" if example else f"write a text, or take `{_named(route)}` out"
        return error("unquoted-text", "text is missing here", Label(route, reading), help=remedy)
    return error(
        "unquoted-text",
        f"`{cut(raw, _LONGEST)}` needs quotes to be text",
        Label(route, reading),
        help=f'write `"{cut(raw, _LONGEST)}"`',
        fix=Fix("quote it", (Edit(span, f'"{raw}"'),)),
    )
