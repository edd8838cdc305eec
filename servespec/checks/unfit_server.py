"""The model's format, the server, the pattern and the target do not fit together.

Which server serves which format, and where, is one table, from which every default comes too.

Bad:
```yaml
model: {format: onnx, uri: ./model.onnx}
runtime: {server: torchserve}
```
Good:
```yaml
model: {format: pytorch, uri: ./model}
runtime: {server: torchserve}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.deployment.fetching import FETCH
from servespec.deployment.steps import OPTIMIZE
from servespec.deployment.types import Deployment
from servespec.deployment.workloads import BATCH, REALTIME, STREAMING, default_targets
from servespec.diagnostics.suggest import one_of
from servespec.diagnostics.types import Diagnostic, Label, Part, Severity, error
from servespec.facts import Facts
from servespec.runtimes.catalog import SERVERS
from servespec.runtimes.fits import FITS, formats_for, servers_for

CODE = "unfit-server"
SEVERITY = Severity.ERROR
_PATTERNS = (REALTIME, BATCH, STREAMING)


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """The server, when it can't serve the format; else each target that it is not run on, or of another pattern."""
    model_format, server = deployment.model.format, deployment.runtime.server
    fit = next((fit for fit in FITS if (fit.format, fit.server) == (model_format, server)), None)
    if fit is None:
        yield _format(model_format, server)
        return
    usual = {pattern: default_targets(pattern, servers=(server,)) for pattern in _PATTERNS}
    own = tuple(dict.fromkeys(target for pattern in deployment.patterns for target in usual[pattern]))
    for target in deployment.targets:
        if target in (*own, OPTIMIZE, FETCH) or target in fit.targets or target not in _known():
            continue
        if pattern := next((name for name, targets in usual.items() if target in targets), None):
            yield _of_another(target, pattern)
        else:
            yield _target(target, server, targets=(server, *fit.targets) if REALTIME in deployment.patterns else own)


def _known() -> frozenset[str]:
    """The targets that the table can speak of: where others run is for the packages to say that add them."""
    usual = (target for pattern in _PATTERNS for target in default_targets(pattern, servers=tuple(SERVERS)))
    return frozenset((*usual, *(target for fit in FITS for target in fit.targets)))


def _format(model_format: str, server: str) -> Diagnostic:
    servers, formats = servers_for(model_format), formats_for(server)
    return error(
        CODE,
        f"{SERVERS[server].title} can't serve `{model_format}` models",
        Label(("runtime", "server"), f"it serves {one_of(formats)}"),
        Label(("model", "format"), "the model is this"),
        help=f"write `server: {servers[0]}`, or leave it out" if servers else "save the model in another format",
    )


def _of_another(target: str, pattern: str) -> Diagnostic:
    return error(
        CODE,
        f"`{target}` is of the pattern `{pattern}`",
        Label(("targets", target), "has nothing to do here", Part.KEY),
        Label(("pattern",), f"without `{pattern}`"),
        help=f"add `{pattern}` to `pattern`, or take the target out",
    )


def _target(target: str, server: str, *, targets: tuple[str, ...]) -> Diagnostic:
    return error(
        CODE,
        f"{SERVERS[server].title} can't be compiled to `{target}`",
        Label(("targets", target), "not a place that it runs in", Part.KEY),
        help=f"choose among {one_of(targets)}",
    )
