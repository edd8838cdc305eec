"""The emitted script of MLflow's server: stops in order, with one process and with several."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.patience import ended, within

pytestmark = pytest.mark.e2e

_TWO = "  workers: 2\n"
numbers = pytest.mark.parametrize("workers", ["", _TWO], ids=["one", "two"])


@numbers
def test_what_is_in_flight_is_answered(serve: Callable[..., Any], slow: Callable[[str], Any], workers: str) -> None:
    """After SIGTERM the requests in flight are answered, no new one is, and the exit code is 0."""
    server = serve(slow(workers))
    with ThreadPoolExecutor() as pool:
        pending = [pool.submit(server.sleep, 3) for _ in range(4)]
        server.wait_until_sleeping(4)
        server.process.send_signal(signal.SIGTERM)
        server.wait_until_refused()
        assert [item.result()[0] for item in pending] == [200] * 4
    assert ended(server.process, 10) == 0


def test_no_longer_than_it_may(serve: Callable[..., Any], slow: Callable[[str], Any]) -> None:
    """A request that takes longer than the time for a stop holds nothing up."""
    server = serve(slow("  timeouts: { shutdown: 1s }\n"))
    with ThreadPoolExecutor() as pool:
        pending = pool.submit(server.sleep, 60)
        server.wait_until_sleeping(1)
        with within(4):
            server.process.send_signal(signal.SIGTERM)
            assert pending.exception(50) is not None or pending.result()[0] != 200


@numbers
def test_a_stop_while_loading(serve: Callable[..., Any], slow: Callable[[str], Any], workers: str) -> None:
    """A stop before the model is loaded ends it at once, with exit code 0."""
    server = serve(slow(workers), wait=False)
    time.sleep(1)
    with within(5):
        assert server.stop() == 0


def test_several_processes(serve: Callable[..., Any], slow: Callable[[str], Any]) -> None:
    """With two workers two processes answer; when one of them dies, all end, with a code other than 0."""
    server = serve(slow(_TWO))
    deadline = time.monotonic() + 60
    seen: set[int] = set()
    while len(seen) < 2:
        assert time.monotonic() < deadline
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(server.sleep, [0.2] * 8))
        assert {status for status, _ in answers} == {200}
        seen |= {answer["predictions"][0] for _, answer in answers}
    assert server.process.pid not in seen
    os.kill(seen.pop(), signal.SIGKILL)
    assert server.process.wait(20) not in (0, None)
