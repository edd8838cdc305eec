"""A variable, a setting or a label that is made from something else in the spec, or that the server needs as it is.

Said twice, it would be true once. The field that it comes from is the place to change it.

Bad:
```yaml
runtime: {config: {default_workers_per_model: 4}}
```
Good:
```yaml
runtime: {workers: 4}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.checks.wording import shown
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Part, Severity, error
from servespec.facts import Facts
from servespec.runtimes.catalog import SERVERS
from servespec.spans import Route

CODE = "reserved-setting"
SEVERITY = Severity.ERROR

_LABELS = ("org.opencontainers.image.", "com.docker.", "io.docker.", "org.dockerproject.", "servespec.")
"""Prefixes that standards and tools keep for themselves (https://docs.docker.com/engine/manage-resources/labels)."""


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """Each name that is not the user's to set."""
    server = SERVERS[deployment.runtime.server]
    for key in deployment.runtime.config:
        if key in server.reserved_settings:
            yield _derived(("runtime", "config", key), key, source=server.reserved_settings[key])
    for block, names in (("runtime", deployment.runtime.env), ("image", deployment.image.env)):
        for name in names:
            if name in server.reserved_env:
                yield _derived((block, "env", name), name, source=server.reserved_env[name])
    for key in deployment.labels:
        if key.startswith(_LABELS):
            yield _label(key)
        elif key == "owner" and deployment.owner:
            yield _derived(("labels", key), key, source="owner")


def _derived(route: Route, name: str, *, source: str) -> Diagnostic:
    if source:
        words, remedy = f"it is made from `{source}`", f"take it out, and change `{source}`"
    else:
        words, remedy = "the server needs it as servespec sets it", "take it out"
    return error(CODE, f"{shown(name)} can't be set here", Label(route, words, Part.KEY), help=remedy)


def _label(key: str) -> Diagnostic:
    return error(
        CODE,
        f"{shown(key)} can't be set here",
        Label(("labels", key), "labels with this prefix are made by tools", Part.KEY),
        help="use a key of your own, such as `example.com/team`",
    )
