"""Which PyPI packages a model's format needs at run time: the one that saved it first."""

from __future__ import annotations

# ran: TorchServe 0.12.0's workers end with "No module named 'torch'", and answers with
# "Numpy is not available" (2026-11).
PACKAGES: dict[str, tuple[str, ...]] = {
    "pytorch": ("torch", "numpy"),
    "torchscript": ("torch", "numpy"),
    "sklearn": ("scikit-learn",),
    "xgboost": ("xgboost",),
    "lightgbm": ("lightgbm",),
}
