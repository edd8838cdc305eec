"""A secret, or a key of one, has a name that not every place takes.

A secret's name is one of Kubernetes: lower-case letters, digits and `-`. Keys and build secrets are letters, digits,
`-`, `_` and `.`: they become the names of files.

Bad:
```yaml
secrets: [{name: Feature_Store, keys: [token]}]
```
Good:
```yaml
secrets: [{name: feature-store, keys: [token]}]
```
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from servespec.checks.wording import shown, typed
from servespec.deployment.names import as_label, is_label, is_subdomain
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Severity, error
from servespec.facts import Facts
from servespec.spans import Route

CODE = "invalid-secret-name"
SEVERITY = Severity.ERROR

# https://kubernetes.io/docs/concepts/configuration/secret/#restriction-names-data (read 2026-11), and no dot first.
_KEY = r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}"


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """Each name of a secret or a key that is none."""
    for index, secret in enumerate(deployment.secrets):
        if not is_label(secret.name):
            yield _no_label(("secrets", index, "name"), secret.name)
        for position, key in enumerate(secret.keys):
            if not re.fullmatch(_KEY, key):
                yield _no_key(("secrets", index, "keys", position), key)
    yield from _of_connections(deployment)
    for route, name in _in_a_cluster(deployment):
        if not is_subdomain(name):
            yield _no_label(route, name)
    for index, name in enumerate(deployment.image.build_secrets):
        if not re.fullmatch(_KEY, name):
            yield _no_key(("image", "buildSecrets", index), name)


def _of_connections(deployment: Deployment) -> Iterator[Diagnostic]:
    for index, item in enumerate(deployment.connections):
        at, shown_there = ("connections", index), item.credentials
        if shown_there and not is_label(shown_there.secret):
            yield _no_label((*at, "auth", "secret"), shown_there.secret)
        for held, key in shown_there.keys.items() if shown_there else ():
            if not re.fullmatch(_KEY, key):
                yield _no_key((*at, "auth", "keys", held), key)
        if item.ca and not is_label(item.ca.secret):
            yield _no_label((*at, "tls", "ca", "secret"), item.ca.secret)
        if item.ca and not re.fullmatch(_KEY, item.ca.key):
            yield _no_key((*at, "tls", "ca", "key"), item.ca.key)


def _in_a_cluster(deployment: Deployment) -> Iterator[tuple[Route, str]]:
    for index, name in enumerate(deployment.identity.image_pull_secrets):
        yield ("identity", "imagePullSecrets", index), name
    expose = deployment.network.expose
    if expose and expose.tls is not None:
        yield ("network", "expose", "tls"), expose.tls


def _no_label(route: Route, name: str) -> Diagnostic:
    near = typed(as_label(name))
    return error(
        CODE,
        f"{shown(name)} can't be the name of a secret",
        Label(route, "at most 63 of `a-z`, `0-9` and inner `-`"),
        help=f"write `{near}`" if near else "write a name such as `feature-store`",
    )


def _no_key(route: Route, name: str) -> Diagnostic:
    near = typed(re.sub(r"[^A-Za-z0-9._-]+", "_", name).strip("._"))
    return error(
        CODE,
        f"{shown(name)} can't be the name of a secret's key",
        Label(route, "letters, digits, `-`, `_` and `.`"),
        help=f"write `{near}`" if near else "write a name such as `token`",
    )
