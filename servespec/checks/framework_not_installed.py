"""Nothing installs the framework that the model needs.

The server's own packages do not bring it: the workers end with `No module named 'torch'`, over and over. An image of
your own as `image.base` may have it.

Bad:
```yaml
image: {requirements: requirements-empty.txt}
```
Good:
```yaml
image: {requirements: requirements.txt}
```
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from servespec.checks.frameworks import PACKAGES
from servespec.checks.requirements_file import requirements
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Severity, error
from servespec.facts import Facts
from servespec.runtimes.catalog import SERVERS

CODE = "framework-not-installed"
SEVERITY = Severity.ERROR


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """The requirements, when the framework is not in them and can't be in the base image either."""
    image = deployment.image
    server = SERVERS[deployment.runtime.server]
    if str(image.base) != server.base.value.format(python=image.python):
        return
    if image.requirements and facts.file(image.requirements).text is None:
        return  # missing, or not text: that is another rule's
    installed = {line.name for line in requirements(deployment, facts)}
    missing = [package for package in PACKAGES[deployment.model.format] if package not in installed]
    if missing:
        yield _not_installed(missing, path=image.requirements)


def _not_installed(missing: Sequence[str], *, path: str | None) -> Diagnostic:
    names = " and ".join(f"`{name}`" for name in missing)
    return error(
        CODE,
        f"nothing installs {names}",
        Label(("image", "requirements"), f"not in `{path}`" if path else "no requirements are named"),
        help=f"pin {names} in {f'`{path}`' if path else 'a file, and name it as `image.requirements`'}",
    )
