"""Two package indexes ask for different build secrets.

pip reads the credentials of every index from one netrc file, so one secret has to hold them all.

Bad:
```yaml
image:
  requirements: requirements.txt
  buildSecrets: [first, second]
  indexes:
    - {url: "https://one.example.com/simple", secret: first}
    - {url: "https://two.example.com/simple", secret: second}
```
Good:
```yaml
image:
  requirements: requirements.txt
  buildSecrets: [netrc]
  indexes:
    - {url: "https://one.example.com/simple", secret: netrc}
    - {url: "https://two.example.com/simple", secret: netrc}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Severity, error
from servespec.facts import Facts

CODE = "several-index-secrets"
SEVERITY = Severity.ERROR


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """The first index whose secret is another one than that of an index before it."""
    named = [(index, item.secret) for index, item in enumerate(deployment.image.indexes) if item.secret]
    for index, secret in named[1:]:
        if secret != named[0][1]:
            yield _another(index, first=named[0][0])
            return


def _another(index: int, *, first: int) -> Diagnostic:
    return error(
        CODE,
        "two indexes need two secrets, and pip reads one",
        Label(("image", "indexes", index, "secret"), "another secret"),
        Label(("image", "indexes", first, "secret"), "than this one"),
        help="put the credentials of all indexes into one netrc file, and name that secret in each",
    )
