"""What the example does not show: the other formats, tables, worker processes, batches, and models that fail."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.oip import Served, program
from tests.patience import ended

pytestmark = pytest.mark.e2e

_HEAD = "apiVersion: servespec/v1\nname: m\npattern: realtime\ntargets: { mlserver: }\n"
_SIGNATURE = """\
signature:
  inputs: {{ tensors: [{{ name: input, datatype: FP32, shape: [-1, 4] }}] }}
  outputs: {{ tensors: [{{ name: {output}, datatype: FP64, shape: [-1, 2] }}] }}
"""
_ROWS = [[0.3, -1.2, 0.5, 0.0], [-0.7, 0.1, 1.4, 2.0]]
_REQUEST = {
    "inputs": [{"name": "input", "shape": [2, 4], "datatype": "FP32", "data": [v for row in _ROWS for v in row]}]
}
Serving = Callable[..., AbstractContextManager[Served]]


@pytest.fixture
def serving(tmp_path: Path, boosters: Path, build: Callable[[Path], Any], start: Callable[..., Any]) -> Serving:
    """Starts the server of a spec beside the boosters and other files."""

    def begin(spec: str, **files: bytes) -> Any:
        folder = tmp_path / "project"
        shutil.copytree(boosters, folder)
        for name, data in files.items():
            (folder / name.replace("_py", ".py")).write_bytes(data)
        (folder / "serving.yaml").write_text(_HEAD + spec)
        return start(build(folder), tmp_path / "scratch", "mlserver")

    return begin


@pytest.mark.parametrize(
    ("kind", "file", "output"),
    [
        ("xgboost", "classifier.json", "predict_proba"),
        ("xgboost", "classifier.ubj", "predict"),
        ("lightgbm", "booster.txt", "predict"),
    ],
)
def test_boosters(serving: Serving, boosters: Path, kind: str, file: str, output: str) -> None:
    """The output that the signature names is given without being asked for, with the library's own numbers; what the
    library refuses is a 400."""
    spec = f"model: {{ format: {kind}, uri: ./{file} }}\n" + _SIGNATURE.format(output=output)
    with serving(spec) as server:
        server.wait_until_ready()
        (truth,) = program(server.python, "model_says.py", kind, boosters / file, output, asked=[_ROWS])
        status, answer = server.post(_REQUEST)
        assert status == 200, answer
        assert [item["name"] for item in answer["outputs"]] == [output]
        assert answer["outputs"][0]["data"] == pytest.approx(truth, rel=0, abs=1e-7)


def test_what_the_library_refuses(serving: Serving) -> None:
    """Without a signature it is the library that finds the mistake, and the client is told its words."""
    with serving("model: { format: lightgbm, uri: ./booster.txt }\n") as server:
        server.wait_until_ready()
        status, answer = server.post({"inputs": [{**_REQUEST["inputs"][0], "shape": [2, 3], "data": [1.0] * 6}]})
        assert (status, "number of features" in answer["error"]) == (400, True)


def test_columns_of_a_table(serving: Serving) -> None:
    """A signature of columns makes a data frame of a request: the pipeline finds its columns by name, text too."""
    spec = "model: { format: sklearn, uri: ./table.joblib }\nsignature: { inputs: { columns: { amount: FP32, country: BYTES } } }\n"
    amount = {"name": "amount", "shape": [2, 1], "datatype": "FP32", "data": [1.5, -1.5]}
    country = {"name": "country", "shape": [2, 1], "datatype": "BYTES", "data": ["de", "fr"]}
    with serving(spec) as server:
        server.wait_until_ready()
        status, answer = server.post({"inputs": [country, amount]})
        assert status == 200, answer
        assert answer["outputs"][0]["shape"][0] == 2
        status, answer = server.post({"inputs": [amount]})
        assert (status, "given, the model takes ['amount', 'country']" in answer["error"]) == (400, True)


_SLOW = b"""\
import os
import time

import numpy as np


class Slow:
    def predict(self, rows):
        while not os.path.exists(os.path.join(os.environ["TMPDIR"], "go")):
            time.sleep(0.02)
        return np.asarray(rows).sum(axis=1)
"""
_SLOW_SPEC = """\
model: { format: sklearn, uri: ./slow.joblib, code: ./slow.py }
signature: { inputs: { tensors: [{ name: input, datatype: FP32, shape: [-1, 4] }] } }
"""


@pytest.fixture
def slow_model(tmp_path: Path, environment: Callable[[str], Path]) -> bytes:
    """A model whose class is code of its own, and which answers when it is told to."""
    import subprocess

    (tmp_path / "slow.py").write_bytes(_SLOW)
    dump = "import joblib, slow; joblib.dump(slow.Slow(), 'slow.joblib')"
    subprocess.run([environment("mlserver"), "-c", dump], cwd=tmp_path, check=True)
    return (tmp_path / "slow.joblib").read_bytes()


def test_workers_finish_what_is_in_flight(serving: Serving, slow_model: bytes) -> None:
    """REST and gRPC requests that worker processes are at get their answers after SIGTERM; later ones are refused."""
    spec = f"{_SLOW_SPEC}runtime: {{ workers: 2, timeouts: {{ shutdown: 120s }} }}\n"
    with serving(spec, **{"slow.joblib": slow_model, "slow_py": _SLOW}) as server, ThreadPoolExecutor(4) as pool:
        server.wait_until_ready()
        calls = pool.submit(server.call, [_REQUEST])
        server.wait_for_call()
        posts = [pool.submit(server.post, _REQUEST) for _ in range(2)]
        server.wait_for_posts(2)
        assert not any(item.done() for item in (calls, *posts))
        server.process.terminate()
        server.wait_until_refused()
        assert not any(item.done() for item in (calls, *posts))
        (server.scratch / "go").touch()
        expected = pytest.approx([sum(row) for row in _ROWS], abs=1e-5)
        for post in posts:
            status, answer = post.result()
            assert (status, answer["outputs"][0]["data"]) == (200, expected)
        (answer,) = calls.result()
        assert (answer["code"], answer["outputs"][0]["data"]) == ("OK", expected)
        assert ended(server.process, 10) == 0


def test_batches_keep_clients_apart(serving: Serving, boosters: Path) -> None:
    """Requests of one batch get their own answers, whatever form of the protocol they have; one that lies about its shape
    or has other data is refused, and spoils no other."""
    runtime = "runtime: { microBatch: { size: 8, delay: 300ms } }\n"
    spec = "model: { format: xgboost, uri: ./classifier.json }\n" + _SIGNATURE.format(output="predict_proba") + runtime
    one = [{"inputs": [{**_REQUEST["inputs"][0], "shape": [1, 4], "data": row}]} for row in _ROWS]
    one[1]["inputs"][0].update(datatype="FP64", data=[_ROWS[1]])
    lies = {"inputs": [{**_REQUEST["inputs"][0], "shape": [2, 4], "data": _ROWS[0]}]}
    text = {"inputs": [{**_REQUEST["inputs"][0], "shape": [1, 4], "data": "abcd"}]}
    with serving(spec) as server, ThreadPoolExecutor(4) as pool:
        server.wait_until_ready()
        rows = [[row] for row in _ROWS]
        truth = program(
            server.python, "model_says.py", "xgboost", boosters / "classifier.json", "predict_proba", asked=rows
        )
        answers = list(pool.map(server.post, [one[0], lies, text, one[1]]))
        assert [status for status, _ in answers] == [200, 400, 400, 200]
        for (_, answer), expected in zip((answers[0], answers[3]), truth, strict=True):
            assert answer["outputs"][0]["data"] == pytest.approx(expected, rel=0, abs=1e-7)


_PICKY = b"""\
class Slow:
    def predict(self, rows):
        if (rows < 0).any():
            raise ValueError("nothing below zero")
        return rows.sum(axis=1)
"""


def test_a_batch_that_the_model_refuses(serving: Serving, slow_model: bytes) -> None:
    """The request that it refuses is told so, and those beside it are answered."""
    spec = f"{_SLOW_SPEC}runtime: {{ microBatch: {{ size: 8, delay: 300ms }} }}\n"
    one = [{"inputs": [{**_REQUEST["inputs"][0], "shape": [1, 4], "data": [sign] * 4}]} for sign in (1, -1, 2)]
    with serving(spec, **{"slow.joblib": slow_model, "slow_py": _PICKY}) as server, ThreadPoolExecutor(3) as pool:
        server.wait_until_ready()
        (first, four), (bad, why), (second, eight) = pool.map(server.post, one)
        assert (first, bad, second) == (200, 400, 200)
        assert "nothing below zero" in why["error"]
        assert [answer["outputs"][0]["data"] for answer in (four, eight)] == [[4.0], [8.0]]


_EXAMPLE = "examples: [{ name: one, request: { inputs: [{ name: input, shape: [1, 4], datatype: FP32, data: [1, 2, 3, 4] }] } }]\n"
_FAILS = b"class Slow:\n    def predict(self, rows):\n        raise AttributeError('saved by another version')\n"


@pytest.mark.parametrize(
    ("spec", "files", "words"),
    [
        (
            "model: { format: sklearn, uri: ./broken.joblib }\n",
            {"broken.joblib": b"\x80\x05no pickle"},
            "failed to load",
        ),
        (_SLOW_SPEC + _EXAMPLE, {"slow_py": _FAILS}, "saved by another version"),
    ],
    ids=["a file that is broken", "a first example that fails"],
)
def test_a_model_that_fails(
    serving: Serving, slow_model: bytes, spec: str, files: dict[str, bytes], words: str
) -> None:
    """The health check never says ready, and the server ends with exit code 1 and the reason."""
    with serving(spec, **{"slow.joblib": slow_model, **files}) as server:
        end = time.monotonic() + 60
        while server.process.poll() is None:
            assert server.ask_health() == 1
            assert time.monotonic() < end, server.log[-3000:]
            time.sleep(0.1)
        assert server.process.returncode == 1
        assert words in server.log
