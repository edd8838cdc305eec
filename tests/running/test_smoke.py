"""What smoke says of each thing that can be wrong with what runs: a negative control for every kind of failure."""

from __future__ import annotations

import json
import time
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from servespec.edge.http import Answer, TooLate
from servespec.running import smoke as module
from servespec.running.protocols import _MANNERS, Manner, Wire, wire
from servespec.running.smoke import Aim, Verdict, Why, smoke
from tests.answering import Fake, send, silent_port
from tests.projects import SPEC, analyse, write

_EXAMPLES = (
    "examples:\n"
    "- {name: one, request: {instances: [[1]]}, expect: {predictions: [{p: 0.5, sure: true}]}, tolerance: 0.01}\n"
)
_RIGHT = {"predictions": [{"p": 0.505, "sure": True, "extra": 1}], "more": None}


@pytest.fixture(autouse=True)
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits long between two questions."""
    monkeypatch.setattr(module, "_PAUSE", 0.01)


class _Clock:
    """Time passes only where the program sleeps, however busy the machine is."""

    def __init__(self) -> None:
        self._now = 0.0

    def monotonic(self) -> float:
        return self._now

    def sleep(self, seconds: float) -> None:
        self._now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """A wait for the server is over after so many questions, each of which has its whole time."""
    monkeypatch.setattr(module, "_PAUSE", 10)
    monkeypatch.setattr(module, "time", _Clock())


def _deployment(tmp_path: Path, examples: str = _EXAMPLES, more: str = "") -> Any:
    analysis = analyse(write(tmp_path, SPEC + more + examples))
    assert analysis.ok, analysis.report
    return analysis.deployment


def _smoke(tmp_path: Path, url: str, *, how: Wire | None = None, more: str = "", **aim: Any) -> list[Verdict]:
    deployment = _deployment(tmp_path, more=more, examples=aim.pop("examples", _EXAMPLES))
    how = how or wire(deployment)
    assert how is not None
    return list(smoke(deployment, how, Aim(**{"url": url, "wait_seconds": 30, "answer_seconds": 20, **aim})))


def _why(verdicts: list[Verdict]) -> tuple[Why, str]:
    (verdict,) = verdicts
    assert verdict.problem is not None, "it passed"
    return verdict.problem.why, verdict.problem.text


def test_a_right_answer(tmp_path: Path, fake: Fake) -> None:
    """Numbers within the tolerance and keys that nobody asked for are fine; the request goes out as it is written."""
    fake.say(_RIGHT)
    (verdict,) = _smoke(tmp_path, fake.url)
    assert verdict.problem is None
    assert verdict.seconds is not None
    assert verdict.answer == {"predictions": [{"p": 0.505, "sure": True}]}
    asked = fake.asked[-1]
    assert (asked.method, asked.path, asked.body) == ("POST", "/predictions/fraud-detector", b'{"instances": [[1]]}')
    assert asked.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (
            {"predictions": [{"p": 0.52, "sure": True}]},
            "`predictions[0].p` is 0.52, not 0.5 (tolerance 0.01)",
        ),
        ({"predictions": [{"p": 0.5, "sure": False}]}, "`predictions[0].sure` is false, not true"),
        ({"predictions": [{"p": 0.5, "sure": 1}]}, "`predictions[0].sure` is 1, not true"),
        ({"predictions": [{"p": True, "sure": True}]}, "`predictions[0].p` is true, not 0.5"),
        ({"predictions": [{"p": "0.5", "sure": True}]}, '`predictions[0].p` is "0.5", not 0.5'),
        ({"predictions": [{"sure": True}]}, "`predictions[0].p` is missing"),
        ({"predictions": []}, "`predictions` has 0 items, not 1"),
        ({"predictions": [{"p": 0.5, "sure": True}] * 2}, "`predictions` has 2 items, not 1"),
        ({"predictions": {"0": 1}}, '`predictions` is {"0": 1}, not [{"p": 0.5, "sure": true}]'),
        ([1], "the answer is [1], not {"),
        ({"predictions": [{"p": 10**400, "sure": True}]}, "`predictions[0].p` is 1000"),
    ],
)
def test_a_wrong_answer(tmp_path: Path, fake: Fake, answer: object, said: str) -> None:
    """It is said where the answer differs, what is there, and what should be."""
    fake.say(answer)
    why, text = _why(_smoke(tmp_path, fake.url))
    assert why is Why.WRONG
    assert said in text


def test_an_answer_in_another_order(tmp_path: Path, fake: Fake) -> None:
    """Items of a list belong to the rows of the request, so their order counts."""
    fake.say([2, 1])
    examples = "examples: [{name: two, request: {instances: [[1], [2]]}, expect: [1, 2]}]\n"
    why, text = _why(_smoke(tmp_path, fake.url, examples=examples))
    assert (why, text) == (Why.WRONG, "`[0]` is 2, not 1 (tolerance 1e-06); `[1]` is 1, not 2 (tolerance 1e-06)")


def test_no_expectation(tmp_path: Path, fake: Fake) -> None:
    """An example without `expect` only wants an answer."""
    examples = "examples: [{name: any, request: {instances: [[1]]}}]\n"
    fake.say({"whatever": 1})
    (verdict,) = _smoke(tmp_path, fake.url, examples=examples)
    assert verdict.problem is None


def test_each_example_has_its_verdict(tmp_path: Path, fake: Fake) -> None:
    """One that fails hides no other."""
    examples = "examples:\n" + "".join(
        f"- {{name: '{n}', request: {{instances: [[{n}]]}}, expect: 1}}\n" for n in (0, 1)
    )
    fake.say(1, 0, 1)  # the first is asked once to see whether the server is ready
    assert [v.problem is None for v in _smoke(tmp_path, fake.url, examples=examples)] == [False, True]


def _late(seconds: float) -> Any:
    def reply(handler: BaseHTTPRequestHandler, _: bytes) -> None:
        time.sleep(seconds)
        send(handler, b'{"predictions": [{"p": 0.5, "sure": true}]}')

    return reply


_LATENCY = _EXAMPLES.replace("tolerance: 0.01", "tolerance: 0.01, latency: 50ms")


def test_a_slow_answer(tmp_path: Path, fake: Fake) -> None:
    """A right answer over its time fails, when it is so twice."""
    fake.say(_RIGHT, _late(0.06))
    why, text = _why(_smoke(tmp_path, fake.url, examples=_LATENCY))
    assert why is Why.SLOW
    assert text.endswith(" ms, also when asked again, and may take 50ms")
    assert len(fake.asked) == 3


def test_an_answer_that_was_slow_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A first request may be slow."""
    took = iter([0.01, 0.06, 0.04])
    monkeypatch.setattr(module, "ask", lambda *_, **__: Answer(200, json.dumps(_RIGHT).encode(), next(took)))
    (verdict,) = _smoke(tmp_path, "http://m", examples=_LATENCY)
    assert verdict.problem is None


@pytest.mark.usefixtures("clock")
def test_an_absent_server(tmp_path: Path) -> None:
    """Where nobody listens, every example fails with that."""
    port = silent_port()
    why, text = _why(_smoke(tmp_path, f"http://127.0.0.1:{port}"))
    assert (why, text) == (Why.ABSENT, f"nothing answers at 127.0.0.1:{port}: Connection refused")


def test_an_error_of_the_server(tmp_path: Path, fake: Fake) -> None:
    """A 500 fails at once, with the beginning of what the server says, and no control character of it."""
    fake.say({"error": "no such \x1b[31m column"}, status=500)
    why, text = _why(_smoke(tmp_path, fake.url, wait_seconds=30))
    assert len(fake.asked) == 2
    assert (why, text) == (Why.STATUS, r'HTTP 500: {"error": "no such \u001b[31m column"}')


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize("status", [404, 503])
def test_a_model_still_loading(tmp_path: Path, fake: Fake, status: int) -> None:
    """A server that is up without its model fails when its time is over."""
    fake.say({"error": "loading"}, status=status)
    why, text = _why(_smoke(tmp_path, fake.url))
    assert why is Why.LOADING
    assert text == f'not ready within 30 s: HTTP {status}: {{"error": "loading"}}'
    assert len(fake.asked) == 4


def test_a_model_that_was_loading(tmp_path: Path, fake: Fake) -> None:
    """Once the model is there, all is well."""
    not_yet = lambda handler, _: send(handler, b"", status=503)  # noqa: E731
    fake.say(not_yet, not_yet, _RIGHT)
    (verdict,) = _smoke(tmp_path, fake.url, wait_seconds=30)
    assert verdict.problem is None


@pytest.mark.usefixtures("clock")
def test_an_answer_before_the_last_question(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a loading server has said counts, also where the last question, which has little time, comes to nothing."""
    said = iter([Answer(503, b"loading", 0.1)])

    def asked(*_: Any, timeout: float, **__: Any) -> Answer:
        if (answer := next(said, None)) is None:
            raise TooLate(f"no answer within {timeout:g} s")
        return answer

    monkeypatch.setattr(module, "ask", asked)
    why, text = _why(_smoke(tmp_path, "http://m"))
    assert (why, text) == (Why.LOADING, "not ready within 30 s: HTTP 503: loading")


def test_no_answer_in_time(tmp_path: Path, fake: Fake) -> None:
    """A server that never answers is not waited for longer than a request may take."""
    fake.say(lambda handler, _: fake.over.wait(20))
    why, text = _why(_smoke(tmp_path, fake.url, wait_seconds=0.1, answer_seconds=0.1))
    assert (why, text) == (Why.TIMEOUT, "no answer within 0.1 s")


def test_an_answer_byte_by_byte(tmp_path: Path, fake: Fake) -> None:
    """A server that drips does not get more time than one that is silent."""

    def drip(handler: BaseHTTPRequestHandler, _: bytes) -> None:
        send(handler, b"", length=1000)
        while not fake.over.wait(0.01):
            handler.wfile.write(b" ")

    fake.say(drip)
    why, _ = _why(_smoke(tmp_path, fake.url, wait_seconds=0.1, answer_seconds=0.1))
    assert why is Why.TIMEOUT


@pytest.mark.parametrize("body", [b"", b"{", b"NaN", b'{"p": Infinity}', b"\xff", b"[" * 200_000, b"<html>"])
def test_no_json(tmp_path: Path, fake: Fake, body: bytes) -> None:
    """An answer that no JSON reader takes is a failure, however it is broken."""
    fake.say(lambda handler, _: send(handler, body))
    why, text = _why(_smoke(tmp_path, fake.url))
    assert why is Why.BAD_JSON
    assert len(text) < 120


@pytest.mark.usefixtures("clock")
def test_no_whole_answer(tmp_path: Path, fake: Fake) -> None:
    """A connection that breaks, before or in the middle of an answer, is told from a refused one."""
    fake.say(lambda handler, _: handler.connection.close())
    assert _why(_smoke(tmp_path, fake.url)) == (Why.NO_ANSWER, "the connection was closed without an answer")
    fake.say(lambda handler, _: send(handler, b"{}", length=3))
    assert _why(_smoke(tmp_path, fake.url)) == (Why.NO_ANSWER, "the answer was cut off")
    fake.say(lambda handler, _: handler.wfile.write(b"SSH-2.0-OpenSSH\r\n"))
    assert _why(_smoke(tmp_path, fake.url)) == (
        Why.NO_ANSWER,
        "what answers does not speak HTTP: BadStatusLine",
    )


def test_a_redirect(tmp_path: Path, fake: Fake) -> None:
    """Nobody is sent elsewhere, least of all with a token."""
    fake.say(_RIGHT, status=302)
    assert _why(_smoke(tmp_path, fake.url))[0] is Why.STATUS
    assert len(fake.asked) == 2


def test_the_token(tmp_path: Path, fake: Fake) -> None:
    """It goes along as a bearer; where it is missing, an error says that too."""
    fake.say({"error": "no"}, status=400)
    _, text = _why(_smoke(tmp_path, fake.url, needs_token=True))
    assert text == 'HTTP 400: {"error": "no"}; the server asks for a token, and none was given'
    assert "Authorization" not in fake.asked[-1].headers
    _, text = _why(_smoke(tmp_path, fake.url, needs_token=True, token="s3cret"))
    assert text == 'HTTP 400: {"error": "no"}'
    assert fake.asked[-1].headers["Authorization"] == "Bearer s3cret"


def test_a_server_that_tells_when_it_is_ready(tmp_path: Path, fake: Fake) -> None:
    """Where there is a path for it, that is asked and no example is sent before."""
    how = Wire("/v2/models/m/infer", "/v2/models/m/ready", Manner())
    fake.say(lambda handler, _: send(handler, b"", status=400), {}, _RIGHT)
    (verdict,) = _smoke(tmp_path, fake.url, how=how, wait_seconds=30)
    assert verdict.problem is None
    assert [(item.method, item.path) for item in fake.asked] == [
        ("GET", "/v2/models/m/ready"),
        ("GET", "/v2/models/m/ready"),
        ("POST", "/v2/models/m/infer"),
    ]


@pytest.mark.usefixtures("clock")
def test_a_server_that_says_200_while_it_loads(tmp_path: Path, fake: Fake) -> None:
    """TF Serving tells the state of each version in the body, with 200 for each of them."""
    how = Wire("/v1/models/m:predict", "/v1/models/m", _MANNERS["tf-serving"])
    states = [{"model_version_status": [{"state": state}]} for state in ("START", "LOADING", "AVAILABLE")]
    fake.say(*states, _RIGHT)
    (verdict,) = _smoke(tmp_path, fake.url, how=how, wait_seconds=30)
    assert verdict.problem is None
    fake.say(states[1])
    why, text = _why(_smoke(tmp_path, fake.url, how=how))
    assert why is Why.LOADING
    assert "LOADING" in text


_TENSORS = (
    "signature:\n"
    "  inputs: {tensors: [{name: x, datatype: FP32, shape: [-1, 1]}]}\n"
    "  outputs: {tensors: [{name: out, datatype: FP32, shape: [-1, 2]}]}\n"
)


@pytest.mark.parametrize(
    ("output", "said"),
    [
        ({"name": "z", "datatype": "FP32", "shape": [1, 2], "data": [1, 2]}, "there is no output `out`"),
        ({"name": "out", "datatype": "FP64", "shape": [1, 2], "data": [1, 2]}, "output `out` is FP64, not FP32"),
        ({"name": "out", "datatype": "FP32", "shape": [2], "data": [1, 2]}, "output `out` has shape [2], not [-1, 2]"),
        ({"name": "out", "datatype": "FP32", "shape": [1, 3], "data": [1, 2, 3]}, "has shape [1, 3], not [-1, 2]"),
        ({"name": "out", "datatype": "FP32", "shape": [2, 2], "data": [1, 2]}, "has 2 values, which is not what"),
        (5, "there is no output `out`"),
    ],
)
def test_the_form_of_an_open_inference_answer(tmp_path: Path, fake: Fake, output: object, said: str) -> None:
    """Name, datatype, shape and number of values of an output must be the signature's."""
    how = Wire("/v2/models/m/infer", "/v2/models/m/ready", _MANNERS["mlserver"])
    examples = "examples: [{name: any, request: {inputs: []}}]\n"
    fake.say({"outputs": [{"name": "out", "datatype": "FP32", "shape": [1, 2], "data": [1, 2]}]})
    (verdict,) = _smoke(tmp_path, fake.url, how=how, more=_TENSORS, examples=examples)
    assert verdict.problem is None
    fake.say({"outputs": [output]})
    why, text = _why(_smoke(tmp_path, fake.url, how=how, more=_TENSORS, examples=examples))
    assert why is Why.FORM
    assert said in text


def test_only_the_outputs_that_were_asked_for(tmp_path: Path, fake: Fake) -> None:
    """A request may name the outputs that it wants; the others are then no part of the answer."""
    how = Wire("/v2/models/m/infer", "/v2/models/m/ready", _MANNERS["mlserver"])
    more = _TENSORS.replace("outputs: {tensors: [", "outputs: {tensors: [{name: label, datatype: INT64, shape: [-1]}, ")
    fake.say({"outputs": [{"name": "out", "datatype": "FP32", "shape": [1, 2], "data": [1, 2]}]})
    asked = "examples: [{name: any, request: {inputs: [], outputs: [{name: out}]}}]\n"
    (verdict,) = _smoke(tmp_path, fake.url, how=how, more=more, examples=asked)
    assert verdict.problem is None
    everything = "examples: [{name: any, request: {inputs: []}}]\n"
    why, text = _why(_smoke(tmp_path, fake.url, how=how, more=more, examples=everything))
    assert (why, text) == (Why.FORM, "there is no output `label`")
