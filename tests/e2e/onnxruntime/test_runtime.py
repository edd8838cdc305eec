"""The emitted runtime class: datatypes, batches, long computations, external data, and models that it can't serve."""

from __future__ import annotations

import math
import shutil
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.oip import Served, program
from tests.patience import within

pytestmark = pytest.mark.e2e

_HEAD = "apiVersion: servespec/v1\nname: m\npattern: realtime\ntargets: { onnxruntime: }\n"
Serving = Callable[[str], AbstractContextManager[Served]]


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory, environment: Callable[[str], Path]) -> Path:
    """A folder of ONNX files made for these tests."""
    folder = tmp_path_factory.mktemp("models")
    program(environment("onnxruntime"), "make_onnx.py", folder)
    return folder


@pytest.fixture
def serving(tmp_path: Path, models: Path, build: Callable[[Path], Any], start: Callable[..., Any]) -> Serving:
    """Starts the server of a spec beside the models."""

    def begin(spec: str) -> Any:
        folder = tmp_path / "project"
        shutil.copytree(models, folder)
        (folder / "serving.yaml").write_text(_HEAD + spec)
        return start(build(folder), tmp_path / "scratch", "onnxruntime")

    return begin


_TYPES = {
    "f": ("FP32", [1.5, -2.25]),
    "i": ("INT64", [1, 2**62]),
    "b": ("BOOL", [True, False]),
    "s": ("BYTES", ["é\0", ""]),
    "d": ("FP64", [0.1, 1e300]),
    "h": ("INT8", [-128, 127]),
}


def _typed(**changed: tuple[str, list[Any]]) -> dict[str, Any]:
    given = {**_TYPES, **changed}
    return {"inputs": [{"name": n, "shape": [1, 2], "datatype": t, "data": d} for n, (t, d) in given.items()]}


def test_datatypes(serving: Serving) -> None:
    """Every value comes back as it went, over REST and gRPC; what a cast would change is refused with the reason."""
    with serving("model: { format: onnx, uri: ./types.onnx }\n") as server:
        server.wait_until_ready()
        status, answer = server.post(_typed())
        (called,) = server.call([_typed()])
        assert (status, called["code"]) == (200, "OK")
        for outputs in (answer["outputs"], called["outputs"]):
            found = {item["name"].removesuffix("_out"): (item["datatype"], item["data"]) for item in outputs}
            assert found == _TYPES
        refused = {
            "h": [("INT8", [-129, 0]), ("FP32", [1.0, 2.0])],
            "b": [("BOOL", [1, 0]), ("INT64", [1, 0])],
            "i": [("INT64", [2**63, 0]), ("INT64", [1.5, 0])],
            "s": [("BYTES", [1, 2]), ("BYTES", ["a", 1])],
            "d": [("FP64", ["1", "2"])],
            "f": [("FP64", [1e300, 0.0]), ("FP32", [1.0]), ("FP32", ["x", None])],
        }
        for name, wrong in refused.items():
            for given in wrong:
                status, answer = server.post(_typed(**{name: given}))
                assert (status, f"input '{name}'" in answer["error"]) == (400, True), (name, given, answer)
        status, answer = server.post(_typed(i=("INT32", [5, 6]), f=("INT64", [7, 8]), d=("FP64", [None, 1.0])))
        assert status == 200, answer
        found = {item["name"]: item["data"] for item in answer["outputs"]}
        assert (found["i_out"], found["f_out"], found["d_out"]) == ([5, 6], [7.0, 8.0], [None, 1.0])


def _rows(count: int, value: float = 1.0) -> dict[str, Any]:
    return {"inputs": [{"name": "input", "shape": [count, 4], "datatype": "FP32", "data": [value] * (4 * count)}]}


def test_a_long_computation(serving: Serving) -> None:
    """While it runs the server answers others; after SIGTERM it is finished, over REST and gRPC, and no more is taken."""
    patient = "runtime: { timeouts: { shutdown: 10m } }\n"  # it is for the clients to wait, however busy the machine is
    with serving(f"model: {{ format: onnx, uri: ./slow.onnx }}\n{patient}") as server, ThreadPoolExecutor(4) as pool:
        server.wait_until_ready()
        call = pool.submit(server.call, [_rows(100)])
        server.wait_for_call()
        work = [pool.submit(server.post, _rows(100)), call]
        server.wait_for_posts(1)
        assert server.http("GET", "/v2/health/live")[0] == 200
        assert server.post(_rows(1))[0] == 200
        assert not any(item.done() for item in work), "who asks for little has waited for who asks for much"
        server.process.terminate()
        server.wait_until_refused()
        assert not any(item.done() for item in work), "the model is too fast for this test"
        (status, answer), (called,) = work[0].result(), work[1].result()
        assert (status, called["code"]) == (200, "OK")
        assert answer["outputs"][0]["shape"] == called["outputs"][0]["shape"] == [100, 1]
        assert server.process.wait(60) == 0


def test_batches(serving: Serving) -> None:
    """Requests that arrive together are computed together, each gets its own rows, and a bad one spoils no other."""
    spec = "model: { format: onnx, uri: ./external.onnx }\nruntime: { microBatch: { size: 6, delay: 400ms } }\n"
    with serving(spec) as server, ThreadPoolExecutor(6) as pool:
        server.wait_until_ready()
        alone = {value: server.post(_rows(1, value))[1]["outputs"][0]["data"] for value in (1.0, 2.0, 3.0)}
        bad = {"inputs": [{**_rows(1)["inputs"][0], "shape": [1, 3], "data": [1.0] * 3}]}
        with within(2 * 0.4):
            answers = list(pool.map(server.post, [_rows(1, 1.0), bad, _rows(2, 2.0), _rows(1, 3.0)]))
        assert [status for status, _ in answers] == [200, 400, 200, 200]
        first, _, second, third = (answer.get("outputs", [{}])[0].get("data") for _, answer in answers)
        assert first == pytest.approx(alone[1.0], rel=1e-6)
        assert second == pytest.approx(alone[2.0] * 2, rel=1e-6)
        assert third == pytest.approx(alone[3.0], rel=1e-6)


def test_a_batch_that_the_model_refuses(serving: Serving) -> None:
    """The request that it refuses is told so, and those beside it are answered; so are all when the answer to a batch
    can't be divided among them."""
    spec = "model: { format: onnx, uri: ./known.onnx }\nruntime: { microBatch: { size: 6, delay: 400ms } }\n"

    def asked(*ids: int) -> dict[str, Any]:
        return {"inputs": [{"name": "ids", "shape": [len(ids)], "datatype": "INT64", "data": list(ids)}]}

    with serving(spec) as server, ThreadPoolExecutor(6) as pool:
        server.wait_until_ready()
        first, unknown, second = pool.map(server.post, [asked(1), asked(10**6), asked(2, 3)])
        assert (unknown[0], "idx=1000000" in unknown[1]["error"]) == (400, True)
        assert [answer["outputs"][0]["data"] for _, answer in (first, second)] == [[1.0], [2.0, 3.0]]
        answers = list(pool.map(server.post, [asked(4), asked(4), asked(5, 5)]))
        assert [answer["outputs"][0]["data"] for _, answer in answers] == [[4.0], [4.0], [5.0]]


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ("model: { format: onnx, uri: ./broken.onnx }\n", "failed"),
        (
            "model: { format: onnx, uri: ./fixed.onnx }\nruntime: { microBatch: { size: 4 } }\n",
            "have no free first dimension",
        ),
    ],
    ids=["a broken file", "a batch for one row only"],
)
def test_a_model_that_can_t_be_served(serving: Serving, models: Path, spec: str, words: str) -> None:
    """The health check never says ready, and the server ends with exit code 1 and the reason."""
    (models / "broken.onnx").write_bytes(b"\x08\x08no model")
    with serving(spec) as server:
        end = time.monotonic() + 60
        while server.process.poll() is None:
            assert server.ask_health() == 1
            assert time.monotonic() < end, server.log[-3000:]
            time.sleep(0.1)
        assert server.process.returncode == 1
        assert words in server.log


def test_threads_and_processes(serving: Serving) -> None:
    """With several threads and worker processes the numbers are those of one."""
    runtime = "runtime: { threads: 2, workers: 2, graphLevel: none }\n"
    with serving(f"model: {{ format: onnx, uri: ./external.onnx }}\n{runtime}") as server:
        server.wait_until_ready()
        answers = [server.post(_rows(2, 0.5)) for _ in range(4)]
        assert [status for status, _ in answers] == [200] * 4
        data = [answer["outputs"][0]["data"] for _, answer in answers]
        assert all(math.isfinite(value) for value in data[0])
        assert data == [data[0]] * 4
        assert server.post({"inputs": []})[0] == 400
