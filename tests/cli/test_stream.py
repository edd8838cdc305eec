"""`servespec run` and `servespec smoke` on streams: what they refuse, and what they say is missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.projects import SPEC, servespec, write
from tests.streams import KAFKA

_STREAM = "apiVersion: servespec/v1\nname: fraud-detector\npattern: {}\nmodel: {{format: onnx, uri: ./m.onnx}}\n"
_EXAMPLES = "examples: [{name: a payment, request: {amount: 5.0, at: {hour: 3}}}]\n"


def _write(folder: Path, blocks: str = KAFKA, pattern: str = "streaming") -> Path:
    return write(folder, _STREAM.format(pattern) + blocks, {"m.onnx": b"x"})


@pytest.mark.parametrize("command", ["run", "smoke"])
def test_no_environment_yet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    """A worker runs in an environment of its own; a line says how it is made, and nothing else happens."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    told = servespec(_write(tmp_path / "p", KAFKA + _EXAMPLES), command)
    assert told.exit == 5
    assert "has no environment yet" in told.err
    assert "streaming/requirements.txt" in told.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["run", "--smoke"], "has no `examples`"),
        (["smoke"], "has no `examples`"),
        (["run", "--docker", "--broker", "127.0.0.1:9092"], "--broker is for a run without --docker"),
        (["run", "--venv", "."], "no bin/python"),
    ],
)
def test_what_can_not_be(tmp_path: Path, arguments: list[str], said: str) -> None:
    """What makes no sense is told in a sentence, before anything starts."""
    told = servespec(_write(tmp_path), *arguments)
    assert told.exit in (2, 5)
    assert said in told.err


def test_examples_of_two_faces_are_requests(tmp_path: Path) -> None:
    """Beside a server the examples are requests, of which no events are made."""
    requests = "examples: [{name: one, request: {inputs: [{name: a, shape: [1, 2], datatype: FP32, data: [1, 2]}]}}]\n"
    project = _write(tmp_path, KAFKA + requests, "[realtime, streaming]")
    told = servespec(project, "smoke", "--broker", "127.0.0.1:9092")
    assert (told.exit, "requests to the server" in told.err) == (2, True)


def test_no_stream(tmp_path: Path) -> None:
    """A broker is nothing for a spec without a stream."""
    told = servespec(write(tmp_path, SPEC), "run", "--broker", "127.0.0.1:9092")
    assert (told.exit, "has no stream" in told.err) == (2, True)
