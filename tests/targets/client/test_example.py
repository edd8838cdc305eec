"""What of an example a client over gRPC can send."""

from __future__ import annotations

import pytest

from servespec.spans import Value
from servespec.targets.client.example import as_tensors

_WHOLE: dict[str, Value] = {"name": "x", "shape": [2, 1], "data": [1, 2]}


def test_inputs_of_the_inference_protocol() -> None:
    """They become nested lists by their names."""
    assert as_tensors({"inputs": [_WHOLE]}) == {"x": [[1], [2]]}


@pytest.mark.parametrize(
    "other",
    [
        {"name": "x", "shape": [2, 1]},
        {"shape": [2, 1], "data": [1, 2]},
        {**_WHOLE, "shape": [3]},
        {**_WHOLE, "shape": ["2"]},
        {**_WHOLE, "shape": []},
        {**_WHOLE, "shape": [-2, -1]},
        {**_WHOLE, "shape": 2},
        7,
    ],
)
def test_inputs_of_another_server(other: Value) -> None:
    """What only looks like them has no names to send: no server but one of that protocol has its examples checked."""
    assert as_tensors({"inputs": [other]}) is None
