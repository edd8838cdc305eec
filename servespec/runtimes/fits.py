"""What fits what: format × server × platform × protocol. The one table behind defaults, checks and reference."""

from __future__ import annotations

from servespec.records import dataclass


@dataclass(frozen=True, slots=True)
class Fit:
    """A combination that works."""

    format: str
    server: str
    platforms: tuple[str, ...]
    protocols: tuple[str, ...]
    default: bool = False
    """Whether this server is taken when the spec names none."""


FITS = (
    Fit("pytorch", "torchserve", ("docker", "compose", "kubernetes"), ("rest", "grpc"), default=True),
    Fit("torchscript", "torchserve", ("docker", "compose", "kubernetes"), ("rest", "grpc"), default=True),
    Fit("onnx", "onnxruntime", ("docker", "compose", "kubernetes"), ("rest", "grpc"), default=True),
    Fit("sklearn", "mlserver", ("docker", "compose", "kubernetes"), ("rest", "grpc"), default=True),
    Fit("xgboost", "mlserver", ("docker", "compose", "kubernetes"), ("rest", "grpc"), default=True),
    Fit("lightgbm", "mlserver", ("docker", "compose", "kubernetes"), ("rest", "grpc"), default=True),
    Fit("onnx", "triton", ("docker", "compose", "kubernetes"), ("rest", "grpc")),
    Fit("tensorflow", "tf-serving", ("docker", "compose", "kubernetes"), ("rest", "grpc"), default=True),
    Fit("mlflow", "mlflow", ("docker", "compose", "kubernetes"), ("rest",), default=True),
)


def default_server(model_format: str) -> str:
    """The server for a format when the spec names none; KeyError for a format that needs to be told."""
    for fit in FITS:
        if fit.format == model_format and fit.default:
            return fit.server
    raise KeyError(model_format)


def servers_for(model_format: str) -> tuple[str, ...]:
    """The servers that can serve a format, the default first."""
    fits = sorted((fit for fit in FITS if fit.format == model_format), key=lambda fit: not fit.default)
    return tuple(fit.server for fit in fits)


def formats_for(server: str) -> tuple[str, ...]:
    """The formats that a server takes."""
    return tuple(fit.format for fit in FITS if fit.server == server)
