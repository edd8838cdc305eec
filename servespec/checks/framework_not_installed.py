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
from servespec.checks.wording import shown
from servespec.deployment.pins import companion_pins
from servespec.deployment.registry import registry_address
from servespec.deployment.requirements_file import parse, requirements
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Part, Severity, error
from servespec.facts import Facts
from servespec.runtimes.catalog import SERVERS
from servespec.runtimes.fits import FITS
from servespec.spans import Route

CODE = "framework-not-installed"
SEVERITY = Severity.ERROR


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """The requirements, when the framework is not in them and can't be in the base image either."""
    if not any((fit.format, fit.server) == (deployment.model.format, deployment.runtime.server) for fit in FITS):
        return  # `unfit-server` says so, and with another server this may be installed
    image = deployment.image
    server = SERVERS[deployment.runtime.server]
    gpu = deployment.resources.accelerator is not None
    if str(image.base) != server.image(python=image.python, version=deployment.runtime.version, gpu=gpu):
        return
    if image.requirements and facts.file(image.requirements).text is None:
        return  # missing, or not text: that is another rule's
    installed = {line.name for line in requirements(deployment, facts)}
    installed |= {line.name for pin in companion_pins(deployment, facts) for line in parse(pin)}
    missing = [package for package in PACKAGES.get(deployment.model.format, ()) if package not in installed]
    if missing:
        yield _not_installed(missing, path=image.requirements)
    elif deployment.model.format == "mlflow" and registry_address(deployment.model.uri) and not image.requirements:
        yield _unknown_packages()


def _unknown_packages() -> Diagnostic:
    return error(
        CODE,
        "nothing installs what the model needs",
        Label(("model", "uri"), "its own `requirements.txt` is in the registry, where no build looks"),
        help="`mlflow artifacts download` brings it: copy it beside the spec, and name it as `image.requirements`",
    )


def _not_installed(missing: Sequence[str], *, path: str | None) -> Diagnostic:
    names = " and ".join(f"`{name}`" for name in missing)
    words = f"not in {shown(path)}" if path else "no requirements are named"
    format_: Route = ("model", "format")
    block = Label(("image",), words, Part.KEY, otherwise=Label(format_, words))
    return error(
        CODE,
        f"nothing installs {names}",
        Label(("image", "requirements"), words, otherwise=block),
        Label(format_, "what models of this format need"),
        help=f"pin {names} in {shown(path) if path else 'a file, and name it as `image.requirements`'}",
    )
