"""JSON of events: what is read and written is what the standard library reads and writes, but faster."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

Modules = Callable[[str], ModuleType]


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"id": 2**70, "p": 0.1, "tiny": 5e-324, "none": None, "yes": True},
        {"text": 'é "quoted" \\ \n \u2028 \U0001f600', "nested": {"list": [1, [2.5, {}], "x"]}},
    ],
)
def test_there_and_back(modules: Modules, value: dict[str, Any]) -> None:
    """Written without blanks and as UTF-8, with nothing changed; white space around an event is none of it."""
    found = modules("worker.json")
    data = found.Writer({}, "").write(value)
    assert data == json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    for around in (data, b"\n " + data, data + b"\r\n"):
        assert found.Reader({}).read(around) == value


@pytest.mark.parametrize("data", [b"", b"{} {}", b"{}}", b'{"a":1}{', b"null", b"{'a': 1}", b'{"a": Infinity}', None])
def test_what_is_no_event(modules: Modules, data: bytes | None) -> None:
    """Anything but one object is not decodable."""
    with pytest.raises(modules("worker.failure").Bad) as caught:
        modules("worker.json").Reader({}).read(data)
    assert caught.value.kind == "undecodable"


@pytest.mark.parametrize("value", [float("inf"), float("nan"), "\ud800", dt.timedelta(1)])
def test_what_json_does_not_have(modules: Modules, value: object) -> None:
    """What an event of another encoding may hold and JSON does not is a reason to set the event apart."""
    with pytest.raises(modules("worker.failure").Bad, match="can't be written as JSON"):
        modules("worker.json").Writer({}, "").write({"kept": [value]})
