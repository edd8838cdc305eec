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

from collections.abc import Iterator, Mapping

from servespec.checks.secret_patterns import has_secret, looks_secret
from servespec.checks.wording import shown
from servespec.deployment.requirements_file import requirements
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Part, Severity, error
from servespec.facts import Facts
from servespec.spans import Route, Value, walk

CODE = "secret-literal"
SEVERITY = Severity.ERROR

_IN_ENV = "declare it under `secrets`, and write `{secret: NAME, key: KEY}` here"
_IN_BUILD = "keep it out of the image: read it at run time from `runtime.env`"
_IN_INDEX = "leave user and password out, and name a build secret with a netrc file as `secret`"
_IN_CONNECTION = "leave user and password out, and name a secret with them in `auth`"
_ELSEWHERE = "take it out; what reads it finds it in a variable of `runtime.env`"


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """Each value that is most likely a secret."""
    handler = deployment.model.handler
    maps: tuple[tuple[Route, Mapping[str, object], str], ...] = (
        (("runtime", "env"), deployment.runtime.env, _IN_ENV),
        (("batch", "env"), deployment.batch.env if deployment.batch else {}, _IN_ENV),
        (("streaming", "env"), deployment.streaming.env if deployment.streaming else {}, _IN_ENV),
        (("image", "env"), deployment.image.env, _IN_BUILD),
        (("runtime", "config"), deployment.runtime.config, _ELSEWHERE),
        (("model", "handler", "settings"), handler.settings if handler else {}, _ELSEWHERE),
        (("labels",), deployment.labels, _ELSEWHERE),
    )
    for route, values, remedy in maps:
        for name, value in values.items():
            if isinstance(value, str) and looks_secret(name, value):
                yield _literal((*route, name), name, remedy=remedy)
    for route, text, remedy in _texts(deployment):
        if has_secret(text):
            yield _literal(route, str(route[-1]) if isinstance(route[-1], str) else "it", remedy=remedy)
    yield from _overrides(deployment)
    for line in requirements(deployment, facts):
        if has_secret(line.text):
            yield _in_requirements(deployment.image.requirements or "", line.line)


def _texts(deployment: Deployment) -> Iterator[tuple[Route, str, str]]:
    yield ("model", "uri"), deployment.model.uri, _ELSEWHERE
    yield ("description",), deployment.description or "", _ELSEWHERE
    yield ("owner",), deployment.owner or "", _ELSEWHERE
    for index, item in enumerate(deployment.image.indexes):
        yield ("image", "indexes", index, "url"), item.url, _IN_INDEX
    for index, connection in enumerate(deployment.connections):
        yield ("connections", index, "endpoint"), connection.endpoint or "", _IN_CONNECTION


def _overrides(deployment: Deployment) -> Iterator[Diagnostic]:
    for index, override in enumerate(deployment.overrides):
        merge: Value = dict(override.merge)
        for route, value in walk(merge, ("overrides", index, "merge")):
            name = str(route[-1])
            if isinstance(value, str) and looks_secret(name, value):
                yield _literal(route, name, remedy=_ELSEWHERE)


def _literal(route: Route, name: str, *, remedy: str) -> Diagnostic:
    return error(
        CODE,
        f"{shown(name)} holds a secret in plain text",
        Label(route, "written out here", Part.KEY),
        Label(route, "shown as stars", secret=True),
        help=remedy,
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
