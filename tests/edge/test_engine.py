"""Which programs an engine is used with, chosen among several clients by what they can do; and what containers log."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from urllib3.exceptions import ProtocolError

from servespec.edge import engine
from servespec.edge.engine import Engine, NoEngine, NotPushed, RunningContainer

_CLIENT = '#!/bin/sh\ncase "$*" in\n{lines}esac\nexit 1\n'


def _client(folder: Path, *, version: str, plugins: tuple[str, ...] = (), name: str = "docker") -> Path:
    folder.mkdir()
    lines = f'--version) echo "Docker version {version}, build 1"; exit 0;;\n'
    lines += "".join(f'"{plugin} version") exit 0;;\n' for plugin in plugins)
    path = folder / name
    path.write_text(_CLIENT.format(lines=lines))
    path.chmod(0o755)
    return path


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine with no client of its own."""
    monkeypatch.setattr(engine, "_DEBIANS", "/nowhere/docker")
    monkeypatch.delenv("SERVESPEC_COMPOSE", raising=False)


def _path(monkeypatch: pytest.MonkeyPatch, *folders: Path) -> None:
    monkeypatch.setenv("PATH", ":".join(map(str, folders)))


def test_the_first_client_with_buildkit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A new client without its plugin can't build; an old one has BuildKit in itself."""
    new = _client(tmp_path / "new", version="28.2.2")
    old = _client(tmp_path / "old", version="20.10.24+dfsg1")
    full = _client(tmp_path / "full", version="29.0.1", plugins=("buildx",))
    for folders, chosen in (((new, old), old), ((new, full), full), ((full, old), full), ((old, full), old)):
        _path(monkeypatch, *(path.parent for path in folders))
        assert engine._docker() == str(chosen)


def test_no_client_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Either there is none, or it lacks BuildKit: the sentence says which."""
    _path(monkeypatch, tmp_path)
    with pytest.raises(NoEngine, match="there is no docker on the PATH"):
        engine._docker()
    new = _client(tmp_path / "new", version="28.2.2")
    _path(monkeypatch, new.parent)
    with pytest.raises(NoEngine, match=f"{new} has no BuildKit: its plugin buildx is not installed"):
        engine._docker()


def test_a_push_may_take_its_time() -> None:
    """A registry may be silent for as long as it likes; an engine that is gone meanwhile is a sentence."""
    api = SimpleNamespace(timeout=60)

    def push(*_: str, **__: bool) -> Iterator[dict[str, str]]:
        assert api.timeout is None
        yield {"id": "aaa", "status": "Pushing"}
        raise ProtocolError("Connection broken")

    api.push = push
    there = Engine.__new__(Engine)
    there._client = SimpleNamespace(api=api)
    told: list[str] = []
    with pytest.raises(NotPushed, match="ml/fraud:1 was not pushed: Connection broken"):
        there.push("ml/fraud", "1", tell=told.append)
    assert told == ["aaa: Pushing"]


def test_which_compose(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the user names, else the plugin, else the program of its own; with none of them a sentence."""
    plain = _client(tmp_path / "plain", version="20.10.1")
    full = _client(tmp_path / "full", version="20.10.1", plugins=("compose",))
    own = _client(tmp_path / "own", version="2", name="docker-compose")
    _path(monkeypatch, full.parent, own.parent)
    assert engine._compose(str(full)) == [str(full), "compose"]
    assert engine._compose(str(plain)) == [str(own)]
    monkeypatch.setenv("SERVESPEC_COMPOSE", "'/my programs/compose' --ansi=never")
    assert engine._compose(str(full)) == ["/my programs/compose", "--ansi=never"]
    monkeypatch.delenv("SERVESPEC_COMPOSE")
    _path(monkeypatch, plain.parent)
    with pytest.raises(NoEngine, match="compose is not here"):
        engine._compose(str(plain))


@pytest.fixture
def failures(monkeypatch: pytest.MonkeyPatch) -> list[type[BaseException]]:
    """What ended a thread."""
    found: list[type[BaseException]] = []
    monkeypatch.setattr(threading, "excepthook", lambda failure: found.append(failure.exc_type))
    return found


def _follow(tell: Callable[[str], None]) -> None:
    """Reads a log to its end, which breaks off."""

    def logs(*, stream: bool, follow: bool) -> Iterator[bytes]:
        yield b"one\r\ntw"
        yield b"o\nth"
        raise RuntimeError("the engine is gone")

    before = set(threading.enumerate())
    RunningContainer(SimpleNamespace(logs=logs)).follow(tell)
    for thread in set(threading.enumerate()) - before:
        thread.join(10)


def test_a_log_that_breaks_off(failures: list[type[BaseException]]) -> None:
    """Whole lines are told until then; how the container ended is asked for elsewhere."""
    lines: list[str] = []
    _follow(lines.append)
    assert (lines, failures) == (["one", "two"], [])


def test_a_mistake_of_who_is_told_is_seen(failures: list[type[BaseException]]) -> None:
    """Only the engine may break off in silence."""

    def tell(line: str) -> None:
        raise KeyError(line)

    _follow(tell)
    assert failures == [KeyError]
