"""The ONNX file is newer than the ONNX Runtime that is to load it.

An ONNX file says by which version of the format and of the operators (the opset) it was written, and ONNX Runtime
refuses what it does not know. Export it for an older opset (`target_opset=` of skl2onnx, `opset_version=` of
`torch.onnx.export`); `onnx.version_converter` rewrites a file, and an older format is `model.ir_version = …`.

Bad:
```yaml
model: {format: onnx, uri: ./onnx-odd/newer.onnx}
```
Good:
```yaml
model: {format: onnx, uri: ./onnx/model.onnx}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.checks.asked_models import asked_model
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Severity, error
from servespec.facts import Facts
from servespec.runtimes.onnxruntime import NEWEST_ONNX, NEWEST_ONNX_ON_GPUS

CODE = "newer-onnx"
SEVERITY = Severity.ERROR


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """The first thing in the file that its runtime is too old for."""
    runtime = deployment.runtime
    table = NEWEST_ONNX_ON_GPUS if deployment.resources.accelerator else NEWEST_ONNX
    known = table.get(runtime.version) if runtime.server == "onnxruntime" else None
    model = asked_model(deployment, facts)
    if known is None or model is None:
        return
    for label, newest in known.value.items():
        written = model.detail(label)
        if isinstance(written, int) and written > newest:
            yield _newer(label, written, newest=newest)
            return


def _newer(label: str, written: int, *, newest: int) -> Diagnostic:
    return error(
        CODE,
        "ONNX Runtime is too old for this file",
        Label(("model", "uri"), f"it has {label} {written}"),
        help=f"export it with {label} {newest} or below, the newest that the server takes",
    )
