"""The examples of a spec, sent to what runs, and what came of each."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from enum import StrEnum

from servespec.deployment.types import Deployment, Example
from servespec.edge.http import Absent, Answer, NoAnswer, TooLate, ask
from servespec.records import dataclass
from servespec.running.compare import compared, difference, excerpt
from servespec.running.protocols import Wire
from servespec.spans import Value

_PAUSE = 0.2
_NOT_YET = frozenset({404, 425, 429, 502, 503, 504})
"""What servers, and proxies before them, answer while a model is loading."""


class Why(StrEnum):
    """The kinds of failure."""

    ABSENT = "absent"
    LOADING = "still loading"
    TIMEOUT = "timeout"
    NO_ANSWER = "no answer"
    STATUS = "error status"
    BAD_JSON = "bad JSON"
    FORM = "wrong form"
    WRONG = "wrong answer"
    SLOW = "slow"


@dataclass(frozen=True)
class Problem:
    """Why an example failed: the kind, and a sentence."""

    why: Why
    text: str


@dataclass(frozen=True)
class Verdict:
    """What became of one example."""

    example: Example
    seconds: float | None = None
    """How long the answer took, if there was one."""
    problem: Problem | None = None
    answer: Value = None
    """What was answered, as far as something is expected of it, if all is well."""


@dataclass(frozen=True)
class Aim:
    """Where the examples go, and how long to wait."""

    url: str
    """Scheme, host and port, maybe a path; no slash at its end."""
    wait_seconds: float
    """For the server to be ready."""
    answer_seconds: float
    """For one answer."""
    token: str | None = None
    needs_token: bool = False

    @property
    def headers(self) -> dict[str, str]:
        """What every request carries."""
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}


def smoke(deployment: Deployment, wire: Wire, aim: Aim) -> Iterator[Verdict]:
    """A verdict on each example, as it comes. When the server does not get ready, all have failed for that reason."""
    problem = _wait(deployment, wire, aim)
    for example in deployment.examples:
        yield Verdict(example, problem=problem) if problem else _verdict(deployment, wire, aim, example=example)


def _wait(deployment: Deployment, wire: Wire, aim: Aim) -> Problem | None:
    """Nothing once the server is ready, else why it is not after all the time it was given."""
    end, said = time.monotonic() + aim.wait_seconds, None
    while True:
        left = end - time.monotonic()
        problem = _not_ready(deployment, wire, aim, seconds=max(min(left, aim.answer_seconds), _PAUSE))
        if problem is None:
            return None
        if problem.why is Why.TIMEOUT and said:
            problem = said  # the last question has little time, and it would be wrong that there was no answer
        said = None if problem.why in (Why.ABSENT, Why.TIMEOUT) else problem
        if left <= 0:
            late = Problem(Why.TIMEOUT, f"no answer within {aim.wait_seconds:g} s")
            return late if problem.why is Why.TIMEOUT else problem
        time.sleep(max(0, min(_PAUSE, end - time.monotonic())))


def _not_ready(deployment: Deployment, wire: Wire, aim: Aim, *, seconds: float) -> Problem | None:
    """Why the server can't be asked yet. One that does not tell is ready when it answers the first example."""
    body = None if wire.ready else _body(deployment.examples[0])
    url = aim.url + (wire.ready or wire.predict)
    try:
        answer = ask(url, timeout=seconds, body=body, headers=_headers(aim, body))
    except NoAnswer as reason:
        return _unanswered(reason)
    if wire.manner.ready(answer) if wire.ready else answer.status not in _NOT_YET:
        return None
    return Problem(Why.LOADING, f"not ready within {aim.wait_seconds:g} s: {_status(answer)}")


def _verdict(deployment: Deployment, wire: Wire, aim: Aim, *, example: Example) -> Verdict:
    verdict = _once(deployment, wire, aim, example=example)
    if verdict.problem and verdict.problem.why is Why.SLOW:
        # The first request after a start, or one beside a busy neighbour, says little: what stays slow is slow.
        return _once(deployment, wire, aim, example=example)
    return verdict


def _once(deployment: Deployment, wire: Wire, aim: Aim, *, example: Example) -> Verdict:
    body = _body(example)
    try:
        answer = ask(aim.url + wire.predict, timeout=aim.answer_seconds, body=body, headers=_headers(aim, body))
    except NoAnswer as reason:
        return Verdict(example, problem=_unanswered(reason))
    problem = _problem(deployment, wire, answer, example=example)
    if problem is None:
        return Verdict(example, answer.seconds, answer=compared(_json(answer.body), example.expect))
    if problem.why is Why.STATUS and aim.needs_token and not aim.token:
        problem = Problem(problem.why, f"{problem.text}; the server asks for a token, and none was given")
    return Verdict(example, answer.seconds, problem)


def _problem(deployment: Deployment, wire: Wire, answer: Answer, *, example: Example) -> Problem | None:
    if not 200 <= answer.status < 300:
        return Problem(Why.STATUS, _status(answer))
    try:
        value = _json(answer.body)
    except (ValueError, RecursionError):
        return Problem(Why.BAD_JSON, f"not JSON: {_text(answer)}")
    if deployment.signature and (wrong := wire.manner.form(value, example.request, deployment.signature)):
        return Problem(Why.FORM, wrong)
    if example.expect is not None and (wrong := difference(value, example.expect, tolerance=example.tolerance)):
        return Problem(Why.WRONG, wrong)
    if example.latency and answer.seconds * 1000 > example.latency.milliseconds:
        return Problem(
            Why.SLOW, f"it took {milliseconds(answer.seconds)}, also when asked again, and may take {example.latency}"
        )
    return None


def _unanswered(reason: NoAnswer) -> Problem:
    kinds = {Absent: Why.ABSENT, TooLate: Why.TIMEOUT}
    return Problem(kinds.get(type(reason), Why.NO_ANSWER), str(reason))


def _body(example: Example) -> bytes:
    return json.dumps(example.request).encode()


def _headers(aim: Aim, body: bytes | None) -> dict[str, str]:
    return aim.headers | ({"Content-Type": "application/json"} if body is not None else {})


def _json(body: bytes) -> Value:
    def refuse(word: str) -> Value:
        raise ValueError(f"JSON has no {word}")

    value: Value = json.loads(body, parse_constant=refuse)
    return value


def _status(answer: Answer) -> str:
    said = _text(answer)
    return f"HTTP {answer.status}" + (f": {said}" if said else "")


def _text(answer: Answer) -> str:
    return excerpt(answer.body.decode(errors="replace").strip())


def milliseconds(seconds: float) -> str:
    """A time as people read it."""
    return f"{seconds * 1000:.0f} ms"
