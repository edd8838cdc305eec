"""A cluster is to run an image whose name says no registry.

Nodes pull images. A name without a registry is looked for on Docker Hub, among its own images: at best nothing is found
there, at worst somebody else's.

Bad:
```yaml
targets: {kubernetes: {}}
```
Good:
```yaml
image: {repository: registry.example.com/ml/fraud-detector, requirements: requirements.txt}
targets: {kubernetes: {}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.checks.wording import shown
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Severity, warning
from servespec.facts import Facts

CODE = "unpullable-image"
SEVERITY = Severity.WARNING


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """The image, when it has no registry and a cluster is to run it."""
    # https://github.com/distribution/reference: the first part is a registry when it has a dot or a port.
    registry, slash, _ = deployment.image.repository.partition("/")
    if "kubernetes" not in deployment.targets or (slash and ("." in registry or ":" in registry)):
        return
    yield _unpullable(deployment.image.repository)


def _unpullable(repository: str) -> Diagnostic:
    written = Label(("image", "repository"), "no registry")
    return warning(
        CODE,
        f"no cluster finds the image {shown(repository)}",
        Label(("image", "repository"), written.message, otherwise=Label(("targets",), "are to run it")),
        help=f"write `image.repository`, as in `registry.example.com/ml/{repository.rpartition('/')[2]}`",
    )
