"""A connection says something that is of no use for its type, or lacks what that type can't do without.

A storage has a region, a broker has addresses; and what a secret must hold is another thing for each of them.

Bad:
```yaml
connections: [{name: payments, type: kafka, endpoint: "kafka-1.example.com:9093"}]
```
Good:
```yaml
connections: [{name: payments, type: kafka, brokers: ["kafka-1.example.com:9093"], tls: {}}]
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.checks.wording import shown
from servespec.deployment.connections import Connection
from servespec.deployment.types import Deployment
from servespec.diagnostics.suggest import closest, one_of
from servespec.diagnostics.types import Diagnostic, Label, Part, Severity, error
from servespec.facts import Facts
from servespec.runtimes.connections import KINDS, Kind
from servespec.spans import Route

CODE = "unfit-connection"
SEVERITY = Severity.ERROR

_WORKLOADS = tuple(name for name, kind in KINDS.value.items() if kind.workload)


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """Each field that a connection's type has no use for, and each one that it lacks."""
    for index, item in enumerate(deployment.connections):
        kind, at = KINDS.value[item.type], ("connections", index)
        yield from _fields(item, kind, at)
        if item.auth == "workload" and not kind.workload:
            yield _no_workload((*at, "auth"), item.type)
        if item.credentials is not None:
            yield from _keys(item, kind, (*at, "auth"))


def _fields(item: Connection, kind: Kind, at: Route) -> Iterator[Diagnostic]:
    said = {
        "endpoint": item.endpoint is not None,
        "region": item.region is not None,
        "account": item.account is not None,
        "brokers": bool(item.brokers),
    }
    for name, given in said.items():
        if given and name not in (*kind.needs, *kind.takes):
            yield _useless((*at, name), item.type, takes=(*kind.needs, *kind.takes))
        if not given and name in kind.needs:
            yield _missing((*at, name), item.type)


def _keys(item: Connection, kind: Kind, at: Route) -> Iterator[Diagnostic]:
    assert item.credentials is not None
    given = item.credentials.keys
    known = tuple(dict.fromkeys(held for form in (*kind.forms, kind.more) for held in form))
    strange = [held for held in given if held not in known]
    for held in strange:
        yield _unknown_key((*at, "keys", held), held, item.type, known=known)
    whole = [form for form in kind.forms if form.keys() <= given.keys() <= {*form, *kind.more}]
    if not whole and not strange:
        yield _incomplete((*at, "keys"), item.type, [tuple(form) for form in kind.forms])
    if item.credentials.mechanism and not (item.type == "kafka" and "password" in given):
        yield _no_mechanism((*at, "mechanism"))


def _useless(route: Route, kind: str, *, takes: tuple[str, ...]) -> Diagnostic:
    return error(
        CODE,
        f"a connection of the type `{kind}` has no `{route[-1]}`",
        Label(route, "of no use here", Part.KEY),
        Label((*route[:-1], "type"), "what it is"),
        help=f"take it out; what this type has is {one_of(takes, 'and')}",
    )


def _missing(route: Route, kind: str) -> Diagnostic:
    name, words = route[-1], f"without `{route[-1]}` nobody knows where it is"
    return error(
        CODE,
        f"a connection of the type `{kind}` needs `{name}`",
        Label(route, words, otherwise=Label((*route[:-1], "type"), words)),
        help=f"add `{name}:`; `servespec explain connections.{name}` says what it is",
    )


def _no_workload(route: Route, kind: str) -> Diagnostic:
    return error(
        CODE,
        f"`{kind}` can't use `auth: workload`",
        Label(route, f"only {one_of(_WORKLOADS, 'and')} do"),
        help="write `auth: {secret: NAME}`, with the name of a secret",
    )


def _unknown_key(route: Route, held: str, kind: str, *, known: tuple[str, ...]) -> Diagnostic:
    near = closest(held, known)
    return error(
        CODE,
        f"{shown(held, 20)} is not a key that `{kind}` uses",
        Label(route, f"it uses {one_of(known, 'and')}", Part.KEY),
        help=f"did you mean {shown(near)}?" if near else f"write {one_of(known)}",
    )


def _incomplete(route: Route, kind: str, forms: list[tuple[str, ...]]) -> Diagnostic:
    ways = "; or ".join(one_of(form, "and") for form in forms)
    return error(
        CODE,
        f"`{kind}` can't use these keys together",
        Label(route, f"it takes {ways}"),
        help="name the keys that belong together, and no others",
    )


def _no_mechanism(route: Route) -> Diagnostic:
    return error(
        CODE,
        "`mechanism` needs a user name and a password",
        Label(route, "there is none"),
        help="take it out, or name the keys `username` and `password`",
    )
