"""The `optimize` block: the conversion of the model to ONNX, and how much its answers may change by it."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from servespec.node import Node


class Tolerance(Node):
    """How far the answers of the ONNX model may be from those of the model itself."""

    absolute: float = Field(default=1e-5, ge=0, examples=[1e-5])
    """How far a number may be from the model's own, whatever that is."""
    relative: float = Field(default=1e-4, ge=0, examples=[1e-4])
    """And how far besides, as a share of it."""
    rows: float = Field(default=0.0, ge=0, le=1, examples=[0.001])
    """The share of the random rows that may be farther off, or get another label. Of the examples none may."""


class CoarseTolerance(Tolerance):
    """How far the answers of the quantized model may be from those of the model itself."""

    absolute: float = Field(default=0.05, ge=0, examples=[0.02])
    """How far a number may be from the model's own, whatever that is."""
    relative: float = Field(default=0.05, ge=0, examples=[0.02])
    """And how far besides, as a share of it."""
    rows: float = Field(default=0.05, ge=0, le=1, examples=[0.01])
    """The share of the random rows that may be farther off, or get another label. Of the examples none may."""


class Quantization(Node):
    """Weights of eight bits: a smaller file, and faster products of large matrices. Small models get slower."""

    type: Literal["dynamic-int8"] = "dynamic-int8"
    """How: weights beforehand, activations as they come."""
    tolerance: CoarseTolerance = CoarseTolerance.model_construct()
    """What it may change, against the model itself."""


class RandomInputs(Node):
    """Rows drawn from the signature, which both models are asked besides the examples."""

    rows: int = Field(default=2000, ge=1, le=1_000_000, examples=[500])
    """How many; where there are examples, half of them near those. Fewer for images and other large inputs."""
    seed: int = Field(default=0, ge=0, le=2**32 - 1, examples=[7])
    """Another one draws other rows."""
    missing: float | None = Field(default=None, ge=0, le=1, examples=[0])
    """The share of numbers that are missing, in one more group of rows: a server of ONNX takes JSON's `null` for that.
    0 if no client sends one. Default: 0.1; of PyTorch 0, whose server refuses `null`."""


class Optimize(Node):
    """A step that converts the model to ONNX, proves that it answers alike, and measures whether it is faster.

    Written, be it `{}`, it adds the target `optimize`. What is served stays the model of the spec."""

    opset: int | None = Field(default=None, ge=1, examples=[20])
    """The version of ONNX's operators. Default: one that the format's converter writes and every ONNX Runtime of the
    last two years reads."""
    tolerance: Tolerance = Tolerance.model_construct()
    """What the conversion may change."""
    quantization: Quantization | None = Field(default=None, examples=[{"type": "dynamic-int8"}])
    """A second, quantized model beside the converted one. Default: none."""
    randomInputs: RandomInputs = RandomInputs.model_construct()
    """What is asked besides the examples."""
