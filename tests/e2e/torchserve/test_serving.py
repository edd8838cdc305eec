"""The example, packed by the real archiver and served by the real TorchServe from what was emitted."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory, project: Callable[..., Any], pack: Callable[..., Any]) -> Any:
    """The example, built and packed."""
    made = project(tmp_path_factory.mktemp("project"))
    pack(made)
    return made


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, compiled: Any, serve: Callable[..., Any]) -> Iterator[Any]:
    """The server of the example."""
    with serve(compiled, tmp_path_factory.mktemp("server") / "scratch") as running:
        yield running


@pytest.fixture(scope="module")
def examples(compiled: Any) -> list[dict[str, Any]]:
    """The `examples:` of the spec."""
    found: list[dict[str, Any]] = compiled.spec["examples"]
    assert len(found) == 3
    return found


@pytest.fixture(scope="module")
def torch_says(examples: list[dict[str, Any]], truth: Callable[..., list[float]]) -> list[float]:
    """The probability that torch itself gives each row of the examples, one after the other."""
    return truth([row for example in examples for row in example["request"]["instances"]])


def _probabilities(answers: Iterable[Any]) -> list[float]:
    return [item["fraud_probability"] for answer in answers for item in answer["predictions"]]


def test_examples_over_rest(
    server: Any, examples: list[dict[str, Any]], torch_says: list[float], fits: Callable[..., bool]
) -> None:
    """Each request with the token is answered as the spec expects, and as torch itself answers."""
    answers = [server.client.post(example["request"], key=server.key) for example in examples]
    assert [status for status, _ in answers] == [200] * len(examples)
    for example, (_, answer) in zip(examples, answers, strict=True):
        assert fits(answer, example["expect"], example.get("tolerance", 1e-6))
    assert _probabilities(answer for _, answer in answers) == pytest.approx(torch_says, rel=0, abs=1e-6)


def test_examples_over_grpc(
    server: Any, examples: list[dict[str, Any]], torch_says: list[float], fits: Callable[..., bool]
) -> None:
    """The same requests over gRPC get the same numbers."""
    answers = server.client.call([example["request"] for example in examples], key=server.key)
    assert [answer["code"] for answer in answers] == ["OK"] * len(examples)
    for example, answer in zip(examples, answers, strict=True):
        assert fits(answer["answer"], example["expect"], example.get("tolerance", 1e-6))
    assert _probabilities(answer["answer"] for answer in answers) == pytest.approx(torch_says, rel=0, abs=1e-6)


@pytest.mark.parametrize("key", [None, "not-the-key"])
def test_no_answer_without_the_token(server: Any, examples: list[dict[str, Any]], key: str | None) -> None:
    """A client without the key, or with another, is refused over REST and over gRPC."""
    status, answer = server.client.post(examples[0]["request"], key=key)
    assert 400 <= status < 500
    assert "predictions" not in answer
    (outcome,) = server.client.call([examples[0]["request"]], key=key)
    assert outcome["code"] != "OK"


def test_health_goes_from_not_ready_to_ready(server: Any) -> None:
    """The emitted health check says 1 with a reason while the model loads, then 0, and never goes back."""
    codes = [code for code, _ in server.health]
    assert codes == sorted(codes, reverse=True)
    assert (codes[0], codes[-1]) == (1, 0)
    reasons = [words for _, words in server.health]
    assert reasons[0].startswith("not ready: ")
    assert any(words.startswith("not ready: workers") for words in reasons), "the model was never seen loading"
    assert reasons[-1] == "ready"


def test_configuration_took_effect(server: Any, compiled: Any) -> None:
    """The server itself reports the batch, the workers and the archive that the spec asks for."""
    keys = json.loads((server.scratch / "key_file.json").read_text())
    request = urllib.request.Request(
        f"http://127.0.0.1:{server.ports[1]}/models/fraud-detector",
        headers={"Authorization": f"Bearer {keys['management']['key']}"},
    )
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=10) as answer:
        (model,) = json.load(answer)
    micro = compiled.spec["runtime"]["microBatch"]
    assert (model["batchSize"], f"{model['maxBatchDelay']}ms") == (micro["size"], micro["delay"])
    assert (model["minWorkers"], model["maxWorkers"], len(model["workers"])) == (1, 1, 1)
    assert model["modelUrl"] == "fraud-detector-1.0.mar"


def test_logging_is_the_emitted_one(server: Any) -> None:
    """The real server takes the emitted `log4j2.properties`: all goes to standard output, and no file is written."""
    assert " [INFO ] " in server.log
    assert "ERROR StatusLogger" not in server.log
    assert "WARN StatusLogger" not in server.log
    assert not (server.scratch / "logs").exists()
