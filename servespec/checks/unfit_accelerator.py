"""GPUs are asked for, and the server can't compute on them: at all, or not on a platform that the image is built for.

They would be set aside, paid for, and never used.

Bad:
```yaml
model: {format: sklearn, uri: ./sklearn/model.joblib}
resources: {accelerator: {count: 1}}
```
Good:
```yaml
model: {format: onnx, uri: ./onnx/model.onnx}
resources: {accelerator: {count: 1}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.checks.wording import shown
from servespec.deployment.types import Deployment
from servespec.diagnostics.suggest import one_of
from servespec.diagnostics.types import Diagnostic, Label, Part, Severity, error
from servespec.facts import Facts
from servespec.runtimes.catalog import SERVERS
from servespec.runtimes.fits import servers_for
from servespec.runtimes.types import ServerFacts

CODE = "unfit-accelerator"
SEVERITY = Severity.ERROR

_GPUS = Label(("resources", "accelerator"), "GPUs are asked for", Part.KEY)


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """The GPUs that could not be used, and each platform on which they could not be."""
    server = SERVERS[deployment.runtime.server]
    if deployment.resources.accelerator is None:
        return
    if server.gpu_platforms is None:
        others = tuple(name for name in servers_for(deployment.model.format) if SERVERS[name].gpu_platforms)
        yield _no_gpu(server, others)
        return
    for index, platform in enumerate(deployment.image.platforms):
        if platform not in server.gpu_platforms.value:
            yield _no_build(server, index, platform, built=server.gpu_platforms.value)


def _no_gpu(server: ServerFacts, others: tuple[str, ...]) -> Diagnostic:
    made_by = Label(("model", "format"), f"is served by {server.title}")
    return error(
        CODE,
        f"{server.title} does not compute on GPUs",
        _GPUS,
        Label(("runtime", "server"), "this server", otherwise=made_by),
        help=f"serve it by {one_of(others)}, or take this out" if others else "take it out",
    )


def _no_build(server: ServerFacts, index: int, platform: str, *, built: tuple[str, ...]) -> Diagnostic:
    return error(
        CODE,
        f"{server.title} has no GPU build for {shown(platform, 20)}",
        Label(("image", "platforms", index), f"there is one for {one_of(built, 'and')}"),
        _GPUS,
        help="take the platform out, or the GPUs",
    )
