"""What makes the topics and streams: what it takes for there already."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.streams import NATS, compiled


@pytest.mark.parametrize(
    ("subject", "wanted", "held"),
    [
        ("sensors.>", "sensors.>", True),
        ("sensors.>", "sensors.*.readings", True),
        ("sensors.>", "sensors.pump.>", True),
        ("sensors.*", "sensors.pump", True),
        (">", "scores", True),
        ("scores", "scores", True),
        ("sensors.>", "sensors", False),
        ("sensors.*", "sensors.>", False),
        ("sensors.*", "sensors.pump.readings", False),
        ("sensors.pump", "sensors.*", False),
        ("sensors.pump.readings", "sensors.pump", False),
        ("scores", "dead.scores", False),
    ],
)
def test_a_stream_that_holds_more(
    modules: Callable[[str], ModuleType], tmp_path: Path, subject: str, wanted: str, held: bool
) -> None:
    """A stream is as the spec says when one of its subjects takes all that is read or written, as the server sees it."""
    modules("worker.failure")  # which the program is beside
    program: dict[str, Any] = {"__name__": "topics"}
    exec(compiled(tmp_path, f"{NATS}targets: {{streaming: }}\n")["streaming/topics.py"], program)
    assert program["holds"](subject, wanted) is held
