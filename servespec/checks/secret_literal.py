"""A secret is written out in the spec, or in the requirements file.

A spec is committed, reviewed and copied into what is emitted: what stands in it is no secret any more. Secrets are
named, and handed over where the service runs. The rule goes by the name of a value, by forms that issuers document, and
by long runs of characters without sense. It never shows the value. One that was committed has to be changed.

Bad:
```yaml
runtime: {env: {FEATURE_STORE_TOKEN: not-a-real-token}}
```
Good:
```yaml
secrets: [{name: feature-store, keys: [token]}]
runtime: {env: {FEATURE_STORE_TOKEN: {secret: feature-store, key: token}}}
```
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from servespec.checks.wording import shown
from servespec.deployment.requirements_file import requirements
from servespec.deployment.types import Deployment
from servespec.diagnostics.secret_patterns import has_known_form, has_secret, looks_secret, names_secret
from servespec.diagnostics.types import Diagnostic, Label, Part, Severity, error
from servespec.facts import Facts
from servespec.spans import Document, Route, Span, value_at, walk

CODE = "secret-literal"
SEVERITY = Severity.ERROR

_IN_ENV = "declare it under `secrets`, and write `{secret: NAME, key: KEY}` here"
_IN_NETRC = "leave user and password out, and name a build secret with a netrc file as `secret`"
_ELSEWHERE = "take it out; what reads it finds it in a variable of `runtime.env`"
_REMEDIES = {
    ("runtime", "env"): _IN_ENV,
    ("batch", "env"): _IN_ENV,
    ("streaming", "env"): _IN_ENV,
    ("image", "env"): "keep it out of the image: read it at run time from `runtime.env`",
    ("image", "indexes"): _IN_NETRC,
    ("mirrors", "pip"): _IN_NETRC,
    ("mirrors",): "leave user and password out",
    ("connections",): "leave user and password out, and name a secret with them in `auth`",
}
"""What to do instead, by the field in which it stands."""
_MAPS = frozenset({"env", "config", "settings", "labels", "annotations", "merge"})
"""Maps whose keys are a person's own words."""
_REFERENCE = frozenset({"secret", "key"})
_KEYS = "keys"
"""Of a connection's secret: how each is called there."""
_VALUE = "value"
_UNKNOWN = "unknown-field"
_SHORTEST_KEY = 12
_DATA = frozenset({"request", "expect"})
"""Where texts may be without sense: a picture is one."""


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """Each line of the requirements file with what is most likely a secret."""
    for line in requirements(deployment, facts):
        if has_secret(line.text):
            yield _in_requirements(deployment.image.requirements or "", line.line)


def written_out(document: Document, shape: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """Each value of a text that is most likely a secret, also where the text is no sound one.

    By what is said of its shape, it is known where something stands that is no field: there names tell as they do in a
    map. Where that is known to be a misspelt one, secrets are named in it as in the block that was meant.
    """
    unknown = {at: item.fix is not None for at, item in _unknown(shape)}
    for route, value in walk(document.value):
        if route and _may_hold_one(route[-1]) and has_known_form(str(route[-1])):
            yield _as_key(route)
        if isinstance(value, str) and _is_secret(route, value, unknown, word := _word(document, route)):
            yield _literal(route, word)


def _unknown(shape: Iterable[Diagnostic]) -> Iterator[tuple[Route, Diagnostic]]:
    """What is no field, and where. One that can only have been meant in one way has a fix."""
    for item in shape:
        if item.code == _UNKNOWN and not isinstance(at := item.labels[0].at, Span):
            yield at, item


def _may_hold_one(key: str | int) -> bool:
    """Start-up: there are thousands of keys, and nearly all of them are short words."""
    return isinstance(key, str) and len(key) >= _SHORTEST_KEY


def _word(document: Document, route: Route) -> str:
    """What holds a value is called: by its key, or as Kubernetes has it, by the `name` beside a `value`, or by what has
    that."""
    if route[-1:] != (_VALUE,) or len(route) == 1:
        return _own_word(route)
    item = value_at(document.value, route[:-1])
    name = item.get("name") if isinstance(item, dict) else None
    if isinstance(name, str):
        return name
    above = route[-2]
    return above if isinstance(above, str) and above not in _MAPS else _own_word(route)


def _is_secret(route: Route, value: str, unknown: Mapping[Route, bool], word: str) -> bool:
    if not _DATA.isdisjoint(route):
        return has_known_form(value)
    return looks_secret(word, value) if _tells_by_name(route, value, unknown) else has_secret(value)


def _tells_by_name(route: Route, value: str, unknown: Mapping[Route, bool]) -> bool:
    """Whether the last key is a person's own word, and no part of a reference to a secret."""
    above = next((at for end in range(len(route) + 1) if (at := route[:end]) in unknown), None) if unknown else None
    if above is not None:
        is_reference = route != above and (_is_of_reference(route) or route[-2] == _KEYS)
        return not (unknown[above] and is_reference) and not names_secret(_own_word(route), value)
    return not _MAPS.isdisjoint(route[:-1]) and not _is_of_reference(route)


def _is_of_reference(route: Route) -> bool:
    return route[-1] in _REFERENCE and route[-2] not in _MAPS


def _own_word(route: Route) -> str:
    return next((step for step in reversed(route) if isinstance(step, str)), "")


def _remedy(route: Route) -> str:
    beneath = route[1:] if route[0] == "defaults" else route  # of the root file
    fields = tuple(step for step in beneath if isinstance(step, str) and step != "variants")
    return next((words for at, words in _REMEDIES.items() if fields[: len(at)] == at), _ELSEWHERE)


def _literal(route: Route, word: str) -> Diagnostic:
    return error(
        CODE,
        f"{shown(word) if word else 'a value without a name'} holds a secret in plain text",
        Label(route, "written out here", Part.KEY),
        Label(route, "shown as stars", secret=True),
        help=_remedy(route),
        notes=("whatever was committed is no secret any more: change it where it was issued",),
    )


def _as_key(route: Route) -> Diagnostic:
    return error(
        CODE,
        "a key holds a secret in plain text",
        Label(route, "shown as stars", Part.KEY, secret=True),
        help=_remedy(route),
        notes=("whatever was committed is no secret any more: change it where it was issued",),
    )


def _in_requirements(path: str, line: int) -> Diagnostic:
    return error(
        CODE,
        f"{shown(path)} holds a secret in plain text",
        Label(("image", "requirements"), f"in line {line} of that file"),
        help="name the index in `image.indexes`, with a build secret for its credentials",
        notes=("whatever was committed is no secret any more: change it where it was issued",),
    )
