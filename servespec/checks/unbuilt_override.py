"""An override is for a target that this spec is not compiled to.

It would change nothing, and nobody would be told.

Bad:
```yaml
overrides: [{target: composer, file: compose.yaml, merge: {name: fraud}, reason: "the old project name"}]
```
Good:
```yaml
overrides: [{target: compose, file: compose.yaml, merge: {name: fraud}, reason: "the old project name"}]
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.checks.wording import shown
from servespec.deployment.types import Deployment
from servespec.diagnostics.suggest import closest, one_of
from servespec.diagnostics.types import Diagnostic, Label, Severity, error
from servespec.facts import Facts
from servespec.runtimes.fits import FITS

CODE = "unbuilt-override"
SEVERITY = Severity.ERROR


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """Each override whose target is neither named nor what a named one may require."""
    # A target may require others of its server, which only the targets themselves know.
    known = {target for fit in FITS for target in fit.targets}
    servers = [deployment.runtime.server, *(variant.runtime.server for variant in deployment.variants)]
    built = tuple(dict.fromkeys((*deployment.targets, *servers, *sorted(known))))
    for index, override in enumerate(deployment.overrides):
        if override.target not in built:
            yield _unbuilt(index, override.target, built=built)


def _unbuilt(index: int, target: str, *, built: tuple[str, ...]) -> Diagnostic:
    near = closest(target, built)
    return error(
        CODE,
        f"{shown(target)} is not a target of this spec",
        Label(("overrides", index, "target"), "nothing is compiled to it"),
        help=f"did you mean `{near}`?" if near else f"write {one_of(built)}",
    )
