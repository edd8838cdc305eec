"""The handler that is emitted when the spec names none, in the real server."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.e2e

_PROGRAM = Path(__file__).parents[1] / "programs" / "torch_script.py"
_DELAY = 10
_TORCHSCRIPT = f"""\
apiVersion: servespec/v1
name: fraud-detector
pattern: realtime
model: {{ format: torchscript, uri: ./model.pt }}
runtime: {{ server: torchserve, microBatch: {{ size: 4, delay: {_DELAY}s }} }}
image: {{ requirements: ./requirements.txt }}
targets: {{ torchserve: {{ archive: true }} }}
"""


@pytest.fixture(scope="module")
def named(
    tmp_path_factory: pytest.TempPathFactory, project: Callable[..., Any], serve: Callable[..., Any]
) -> Iterator[Any]:
    """The example without a handler of its own, and with an output that the model has."""
    folder = tmp_path_factory.mktemp("named")
    changes = {
        "serving.yaml": [
            ("  handler:\n    file: ./model/handler.py\n    settings: { threshold: 0.5 }\n", ""),
            ("  uri: ./model #", "  uri: ./model/fraud_detector.pt\n  code: ./model/model.py #"),
            (", fraud: BOOL", ""),
            (", fraud: false", ""),
            (", fraud: true", ""),
            ("examples:\n", "targets: { torchserve: { archive: true } }\nexamples:\n"),
        ]
    }
    made = project(folder / "project", changes)
    assert made.emitted("torchserve/handler.py").exists()
    with serve(made, folder / "scratch") as server:
        yield made, server


def test_outputs_bear_the_names_of_the_signature(
    named: tuple[Any, Any], truth: Callable[..., list[float]], fits: Callable[..., bool]
) -> None:
    """The examples are answered over REST and gRPC with torch's numbers, under the signature's name."""
    made, server = named
    examples = made.spec["examples"]
    posts = [server.client.post(example["request"], key=server.key) for example in examples]
    calls = server.client.call([example["request"] for example in examples], key=server.key)
    assert [status for status, _ in posts] == [200] * len(examples)
    expected = truth([row for example in examples for row in example["request"]["instances"]])
    for answers in ([answer for _, answer in posts], [call["answer"] for call in calls]):
        assert all(fits(answer, example["expect"], 1e-6) for answer, example in zip(answers, examples, strict=True))
        predictions = [item for answer in answers for item in answer["predictions"]]
        assert {name for item in predictions for name in item} == {"fraud_probability"}
        assert [item["fraud_probability"] for item in predictions] == pytest.approx(expected, rel=0, abs=1e-6)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"instances": [[1, 2, 3]]}, "must be a list of amount, category_encoded, hour, day_of_week"),
        ({"instances": [[1, 2, 3, "4"]]}, "must be a number"),
        ({"instances": [[1, 2, 3, 1e40]]}, "must be a number, and one that float32 has"),
        ({"rows": [[1, 2, 3, 4]]}, "the body must be"),
        ([1, 2, 3, 4], "the body must be"),
    ],
)
def test_a_bad_request_is_told_what_is_wrong(named: tuple[Any, Any], body: object, words: str) -> None:
    """A request that does not fit the signature gets 400 and a reason in the caller's words."""
    _, server = named
    status, answer = server.client.post(body, key=server.key)
    assert status == 400
    assert words in answer["error"]


def test_torchscript_without_a_signature(
    tmp_path: Path, torch_python: Path, build: Callable[..., Any], serve: Callable[..., Any]
) -> None:
    """A TorchScript model alone is served; rows of different lengths in one batch are answered one by one."""
    made = build(_scripted(tmp_path / "project", torch_python))
    bodies = [{"instances": [[1, 2, 3]]}, {"features": [4, 5]}, {"instances": [[6], [7, 8]]}, {"instances": [["x"]]}]
    with serve(made, tmp_path / "scratch") as server, ThreadPoolExecutor(len(bodies)) as pool:
        key, start = server.key, time.monotonic()
        answers = list(pool.map(lambda body: server.client.post(body, key=key), bodies))
        assert time.monotonic() - start < _DELAY, "they were not one batch: a smaller one waits for the delay"
    assert [status for status, _ in answers] == [200, 200, 400, 400]
    assert [answer.get("predictions") for _, answer in answers[:2]] == [[6.0], [9.0]]
    assert all(answer["error"] for _, answer in answers[2:])


def test_a_model_that_gives_no_tensor_is_the_servers_fault(
    tmp_path: Path, torch_python: Path, build: Callable[..., Any], serve: Callable[..., Any]
) -> None:
    """What a model answers wrongly gets 500 and a line in the log, and what a client sends wrongly its 400."""
    made = build(_scripted(tmp_path / "project", torch_python, "sum"))
    with serve(made, tmp_path / "scratch") as server, ThreadPoolExecutor(3) as pool:
        key, bodies = server.key, [{"instances": [[1, 2, 3]]}, {"instances": [["x"]]}, {"instances": [[-1]]}]
        answers = list(pool.map(lambda body: server.client.post(body, key=key), bodies))
        assert [status for status, _ in answers] == [500, 400, 500]
        assert "the model gives a dict, and not a tensor" in answers[0][1]["error"]
        assert "the model has too little memory" in answers[2][1]["error"]
        assert "answered with 500: the model gives a dict, and not a tensor" in server.log


def _scripted(folder: Path, python: Path, *name: str) -> Path:
    """A project of a TorchScript model and nothing that says what it takes."""
    folder.mkdir()
    (folder / "serving.yaml").write_text(_TORCHSCRIPT)
    (folder / "requirements.txt").write_text("torch==2.13.0\nnumpy==2.4.6\n")
    subprocess.run([python, "-I", _PROGRAM, folder / "model.pt", *name], check=True)
    return folder
