"""A name can't be that of an environment variable.

Letters, digits and `_`, and no digit first: other names can be set by some programs, and read by few.

Bad:
```yaml
runtime: {env: {omp-threads: "1"}}
```
Good:
```yaml
runtime: {env: {OMP_THREADS: "1"}}
```
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from servespec.checks.wording import shown, typed
from servespec.deployment.names import as_identifier
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Part, Severity, error
from servespec.facts import Facts
from servespec.spans import Route

CODE = "invalid-env-name"
SEVERITY = Severity.ERROR

# POSIX.1-2017, 8.1, with the lower-case letters that it allows to users.
_NAME = r"[A-Za-z_][A-Za-z0-9_]*"


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """Each variable of the server, the image, a batch or a worker with such a name."""
    batch = deployment.batch.env if deployment.batch else {}
    streaming = deployment.streaming.env if deployment.streaming else {}
    blocks = (("runtime", deployment.runtime.env), ("image", deployment.image.env))
    for block, names in (*blocks, ("batch", batch), ("streaming", streaming)):
        for name in names:
            if not re.fullmatch(_NAME, name):
                yield _invalid((block, "env", name), name)


def _invalid(route: Route, name: str) -> Diagnostic:
    near = typed(as_identifier(name))
    return error(
        CODE,
        f"{shown(name)} can't name an environment variable",
        Label(route, "letters, digits and `_`, and no digit first", Part.KEY),
        help=f"write `{near}`" if near.strip("_") else "write a name such as `OMP_NUM_THREADS`",
    )
