"""What a server that others ship is told on its command line, since it reads no file of ours."""

from __future__ import annotations

import pytest

from tests.kube.compiled import STORED, documents
from tests.kube.objects import started

_RUNTIME = "workers: 2, threads: 3, timeouts: {request: 5s, shutdown: 9s}"


@pytest.mark.parametrize("target", ["seldon", "kserve"])
@pytest.mark.parametrize(
    ("format_", "flags"),
    [
        (
            "tensorflow",
            {
                "--rest_api_timeout_in_ms=5000",
                "--tensorflow_intra_op_parallelism=3",
                "--tensorflow_inter_op_parallelism=2",
            },
        ),
        ("onnx", {"--exit-timeout-secs=9"}),
    ],
)
def test_what_a_flag_can_say(target: str, format_: str, flags: set[str]) -> None:
    """Threads and limits of the spec are flags, as in an image of the project's own."""
    blocks = STORED[format_].replace("{server: triton}", f"{{server: triton, {_RUNTIME}}}")
    more = "" if "runtime:" in blocks else f"runtime: {{{_RUNTIME}}}\n"
    (pod,) = started(documents(f"{blocks}{more}targets: {{{target}: }}\n", target))
    (container,) = pod["spec"]["containers"]
    assert flags < {*container.get("command", ()), *container.get("args", ())}
