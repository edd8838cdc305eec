"""Something refers to a secret, or a key of it, that the spec does not declare.

`secrets` and `image.buildSecrets` are the contract of what must exist before the service can be built and run; what is
not in them would be missed only then.

Bad:
```yaml
secrets: [{name: feature-store, keys: [token]}]
runtime: {env: {STORE_USER: {secret: feature-store, key: user}}}
```
Good:
```yaml
secrets: [{name: feature-store, keys: [token, user]}]
runtime: {env: {STORE_USER: {secret: feature-store, key: user}}}
```
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from servespec.checks.wording import shown
from servespec.deployment.secret_keys import SecretKey
from servespec.deployment.types import Deployment
from servespec.diagnostics.fixes import respelt
from servespec.diagnostics.suggest import closest
from servespec.diagnostics.types import Diagnostic, Label, Severity, error
from servespec.facts import Facts
from servespec.spans import Route

CODE = "undeclared-secret"
SEVERITY = Severity.ERROR

_BUILD = "image.buildSecrets"


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """Each reference that leads nowhere."""
    declared = {secret.name: secret.keys for secret in deployment.secrets}
    batch, streaming = deployment.batch, deployment.streaming
    own = (("batch", batch.env if batch else {}), ("streaming", streaming.env if streaming else {}))
    for block, env in (("runtime", deployment.runtime.env), *own):
        for name, value in env.items():
            if isinstance(value, SecretKey):
                yield from _reference((block, "env", name), value, declared)
    built = deployment.image.build_secrets
    for index, item in enumerate(deployment.image.indexes):
        if item.secret is not None and item.secret not in built:
            yield _undeclared(("image", "indexes", index, "secret"), item.secret, field=_BUILD, known=built)


def _reference(route: Route, value: SecretKey, declared: dict[str, tuple[str, ...]]) -> Iterator[Diagnostic]:
    if value.secret not in declared:
        yield _undeclared((*route, "secret"), value.secret, field="secrets", known=tuple(declared))
    elif value.key not in declared[value.secret]:
        yield _no_key((*route, "key"), value, known=declared[value.secret])


def _undeclared(route: Route, name: str, *, field: str, known: Sequence[str]) -> Diagnostic:
    near = closest(name, known)
    return error(
        CODE,
        f"no secret {shown(name)} is declared",
        Label(route, f"not in `{field}`"),
        help=f"did you mean {shown(near)}?" if near else f"add it to `{field}`",
        fix=respelt(route, name, known),
    )


def _no_key(route: Route, value: SecretKey, *, known: Sequence[str]) -> Diagnostic:
    near = closest(value.key, known)
    return error(
        CODE,
        f"{shown(value.secret, 20)} has no key {shown(value.key, 20)}",
        Label(route, "not among the keys that it declares"),
        help=f"did you mean {shown(near)}?" if near else f"add {shown(value.key)} to its `keys`",
        fix=respelt(route, value.key, known),
    )
