"""The `signature` block: what goes in and what comes out."""

from __future__ import annotations

from typing import Literal, TypeAlias

from pydantic import Field

from servespec.node import Node
from servespec.spec.common import Many

Datatype: TypeAlias = Literal[
    "BOOL", "UINT8", "UINT16", "UINT32", "UINT64", "INT8", "INT16", "INT32", "INT64",
    "FP16", "FP32", "FP64", "BYTES",
]  # fmt: skip
"""The datatypes of the Open Inference Protocol, version 2."""


class Tensor(Node):
    """One named tensor."""

    name: str = Field(examples=["input"])
    """Its name on the wire."""
    datatype: Datatype
    """Its element type, in the words of the Open Inference Protocol."""
    shape: Many[int] = Field(examples=[[-1, 4]])
    """Its dimensions; -1 for one of any size. The first is the batch."""


class Face(Node):
    """One side of a signature: columns of a table, or tensors. Exactly one of the two."""

    columns: dict[str, Datatype] | None = Field(default=None, examples=[{"amount": "FP32", "hour": "FP32"}])
    """Columns of a table in the order of the model's features: name and datatype."""
    tensors: Many[Tensor] | None = None
    """Named tensors."""


class Signature(Node):
    """What the model takes and gives. Clients, handlers and configuration are made from it."""

    inputs: Face
    """What a request carries."""
    outputs: Face | None = None
    """What an answer carries."""
