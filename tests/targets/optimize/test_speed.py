"""What the emitted conversion says of how fast its results are."""

from __future__ import annotations

import time
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from servespec.emit import template


@pytest.fixture
def speed() -> SimpleNamespace:
    """What the program defines, with as few calls as it makes."""
    program: dict[str, Any] = {}
    exec(compile(template.render("optimize/speed.py", {}).text, "speed.py", "exec"), program)
    program["SECONDS"] = 0
    return SimpleNamespace(**program)


@pytest.mark.parametrize(("source", "slower"), [("quick", True), ("slow", False)])
def test_what_is_slower_is_told(speed: SimpleNamespace, source: str, slower: bool) -> None:
    """A result that takes longer than the model itself is told of at each size of a batch; one that does not is not."""
    calls = {"quick": lambda feed: None, "slow": lambda feed: time.sleep(0.002)}
    answers = [SimpleNamespace(answer=True, feed={"x": np.zeros((3, 2))})]
    found = speed.measured(calls, answers, source=source)
    assert {row["speed_up"] for row in found if row["model"] == source} == {1.0}
    (result,) = {*calls} - {source}
    assert all((row["speed_up"] < 1) == slower for row in found if row["model"] == result)
    told = [line for line in speed.lines(found, source=source) if line.startswith("SLOWER")]
    expected = [f"SLOWER: at batches of {rows} slow takes longer than quick itself" for rows in (1, 32, 1024)]
    assert told == (expected if slower else [])
