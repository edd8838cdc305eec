"""What is known of the converters to ONNX: which formats they take, which opsets they write, what they need."""

from __future__ import annotations

from collections.abc import Mapping

from servespec.records import dataclass
from servespec.runtimes.types import Fact

_RAN = "ran: Python 3.11, each model read by onnxruntime 1.32.0 and compared with its source"
_COMMON = ("onnx==1.23.2", "onnxruntime==1.32.0", "numpy==2.4.6", "protobuf==6.33.6")
_TABLES = ("pandas==3.1.1", *_COMMON)


@dataclass(frozen=True)
class Opsets:
    """The oldest and the newest opset that a converter writes, and the one that is taken when the spec names none."""

    oldest: int
    newest: int
    default: int

    def __str__(self) -> str:
        return f"{self.oldest} to {self.newest}, by default {self.default}"


PACKAGES: Mapping[str, Fact[tuple[str, ...]]] = {
    "sklearn": Fact(
        ("scikit-learn==1.9.1", "skl2onnx==1.20.0", "joblib==1.6.0", *_TABLES),
        f"{_RAN}; with protobuf 7 skl2onnx fails on histogram gradient boosting",
        "2026-11",
    ),
    "xgboost": Fact(
        ("xgboost==3.2.0", "onnxmltools==1.16.0", "skl2onnx==1.20.0", "scikit-learn==1.9.1", *_TABLES),
        f"{_RAN}; its interface of scikit-learn's kind needs that too",
        "2026-11",
    ),
    "lightgbm": Fact(
        ("lightgbm==4.7.0", "onnxmltools==1.16.0", "skl2onnx==1.20.0", "scikit-learn==1.9.1", *_COMMON),
        f"{_RAN}; onnxmltools needs the converter of scikit-learn's models with all that it needs",
        "2026-11",
    ),
    "pytorch": Fact(("torch==2.13.0", "onnxscript==0.7.2", *_COMMON), _RAN, "2026-11"),
    "torchscript": Fact(("torch==2.13.0", *_COMMON), f"{_RAN}; its exporter needs no onnxscript", "2026-11"),
}
"""Pinned requirements by format, the framework first, whose version `model.framework` decides."""
OPSETS: Mapping[str, Fact[Opsets]] = {
    "sklearn": Fact(Opsets(9, 22, 20), f"{_RAN} for 17 to 22, the newest that skl2onnx 1.20.0 names", "2026-11"),
    "xgboost": Fact(Opsets(9, 15, 15), f"{_RAN} for 15; onnxmltools 1.16.0 refuses newer ones", "2026-11"),
    "lightgbm": Fact(Opsets(9, 15, 15), f"{_RAN} for 15; onnxmltools 1.16.0 refuses newer ones", "2026-11"),
    "pytorch": Fact(Opsets(18, 23, 20), f"{_RAN} for 18 to 23; an older one is made of 18, if it can be", "2026-11"),
    "torchscript": Fact(Opsets(9, 20, 20), f"{_RAN} for 15 to 20; of 21 torch 2.13.0 warns", "2026-11"),
}
"""By format."""
QUANTIZABLE = Fact(
    ("sklearn", "pytorch", "torchscript"),
    "ran: onnxruntime 1.32.0, quantize_dynamic: trees multiply no matrices, and come out as they went in",
    "2026-11",
)
