"""What is measured, as Prometheus reads it."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Callable
from types import ModuleType

import pytest
from prometheus_client.parser import text_string_to_metric_families

Modules = Callable[[str], ModuleType]


def test_the_text_is_prometheus(modules: Modules) -> None:
    """Prometheus' own reader finds every number again, with labels of any text."""
    metrics = modules("worker.metrics").Metrics()
    metrics.events.add(3, "scored")
    metrics.lag.put({('a "topic"\n\\', 0): 7})
    for seconds in (0.004, 0.2, 99):
        metrics.latency.add(seconds)
    families = {family.name: family for family in text_string_to_metric_families(metrics.text())}
    (events,) = families["servespec_stream_events"].samples
    assert (events.labels, events.value) == ({"outcome": "scored"}, 3)
    (lag,) = families["servespec_stream_lag"].samples
    assert (lag.labels, lag.value) == ({"source": 'a "topic"\n\\', "partition": "0"}, 7)
    latency = {
        (item.name.removeprefix("servespec_stream_latency_seconds_"), item.labels.get("le")): item.value
        for item in families["servespec_stream_latency_seconds"].samples
    }
    assert latency["bucket", "0.005"] == 1
    assert latency["bucket", "0.25"] == 2
    assert latency["bucket", "+Inf"] == latency["count", None] == 3
    assert latency["sum", None] == pytest.approx(99.204)


def _status(server: object, path: str) -> int:
    port = server.server_address[1]  # type: ignore[attr-defined]
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def test_a_stuck_loop_is_not_live(modules: Modules) -> None:
    """Liveness fails when the loop has not moved for too long, readiness while something is waited for, and the question
    whether it has begun only before that."""
    pulse = modules("worker.pulse").Pulse(600)
    server = modules("worker.health").serve("127.0.0.1", 0, pulse=pulse, metrics=modules("worker.metrics").Metrics())
    try:
        asked = ("/started", "/live", "/ready", "/metrics", "/other")
        assert [_status(server, path) for path in asked] == [503, 200, 503, 200, 404]
        pulse.start()
        assert [_status(server, path) for path in ("/started", "/ready")] == [200, 200]
        pulse.waits = "the broker is away"
        assert [_status(server, path) for path in ("/started", "/ready")] == [200, 503]
        pulse._last -= 601  # as if it had not moved for so long
        assert _status(server, "/live") == 503
        pulse.beat()
        assert _status(server, "/live") == 200
    finally:
        server.shutdown()
        server.server_close()
