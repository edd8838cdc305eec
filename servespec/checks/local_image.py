"""A cluster is to run an image that has the name of no registry.

An image is kept where it was built until it is pushed. A name without a registry means Docker Hub's own images there,
so that a cluster would look for it in vain, or find somebody else's.

Bad:
```yaml
model: {format: sklearn, uri: ./absent.joblib}
targets: {seldon: }
```
Good:
```yaml
model: {format: sklearn, uri: ./absent.joblib}
image: {repository: registry.example.com/ml/fraud-detector}
targets: {seldon: }
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.checks.wording import shown
from servespec.deployment.images import names_registry
from servespec.deployment.pulling import puller
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Part, Severity, warning
from servespec.facts import Facts

CODE = "local-image"
SEVERITY = Severity.WARNING


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """The repository, when a cluster can't pull from it."""
    target = puller(deployment)
    if target and not names_registry(deployment.image.repository):
        yield _local(deployment.image.repository, target)


def _local(repository: str, target: str) -> Diagnostic:
    words = "it runs where the image has to be pulled from"
    return warning(
        CODE,
        f"no cluster can pull the image {shown(repository, 30)}",
        Label(
            ("image", "repository"),
            "the name of no registry",
            otherwise=Label(("targets", target), words, Part.KEY, otherwise=Label(("batch", "runOn"), words)),
        ),
        help=f"write `image: {{repository: registry.example.com/{repository[:40]}}}`, with your registry",
    )
