"""Two secrets are handed over by one environment variable, or one by a variable that means something else.

Compose and the build take secrets from the environment, by their names in capitals: `pip-netrc` from `PIP_NETRC`, the
key `token` of `feature-store` from `FEATURE_STORE__TOKEN`. Two of one name would be the same secret; one called like a
variable of the shell or of Docker would be that variable.

Bad:
```yaml
image: {buildSecrets: [pip-netrc, pip_netrc]}
```
Good:
```yaml
image: {buildSecrets: [pip-netrc, npm-token]}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.checks.wording import shown
from servespec.deployment.names import secret_variable
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Severity, error
from servespec.facts import Facts
from servespec.spans import Route

CODE = "secret-clash"
SEVERITY = Severity.ERROR

# POSIX.1-2017, 8.3; ld.so(8); what Docker and Compose read
# (https://docs.docker.com/compose/how-tos/environment-variables/envvars, read 2026-11).
_TAKEN = frozenset({"PATH", "HOME", "SHELL", "USER", "LOGNAME", "PWD", "OLDPWD", "LANG", "TERM", "TZ", "TMPDIR", "IFS"})
_PREFIXES = ("DOCKER_", "COMPOSE_", "BUILDKIT_", "LD_", "LC_")


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """Each secret whose variable is another one's."""
    first: dict[str, tuple[Route, tuple[str, ...]]] = {}
    for route, names in _secrets(deployment):
        variable = secret_variable(*names)
        at, known = first.setdefault(variable, (route, names))
        if len(names) == 1 and (variable in _TAKEN or variable.startswith(_PREFIXES)):
            yield _taken(route, names[0], variable=variable)
        elif known != names:  # the same one twice is `duplicate-name`
            yield _clash(route, variable, other=at)


def _secrets(deployment: Deployment) -> Iterator[tuple[Route, tuple[str, ...]]]:
    for index, secret in enumerate(deployment.secrets):
        for position, key in enumerate(secret.keys):
            yield ("secrets", index, "keys", position), (secret.name, key)
    for index, item in enumerate(deployment.connections):
        yield from ((("connections", index), (key.secret, key.key)) for key in item.keys)
    for index, name in enumerate(deployment.image.build_secrets):
        yield ("image", "buildSecrets", index), (name,)


def _taken(route: Route, name: str, *, variable: str) -> Diagnostic:
    return error(
        CODE,
        f"{shown(name)} can't be the name of a build secret",
        Label(route, f"it would be taken from {shown(variable)}, which means something else"),
        help="choose another name, such as `pip-netrc`",
    )


def _clash(route: Route, variable: str, *, other: Route) -> Diagnostic:
    return error(
        CODE,
        f"two secrets come from {shown(variable)}",
        Label(route, "this one"),
        Label(other, "and this one"),
        help="rename one of them, so that they differ in more than `-`, `_`, `.` and case",
    )
