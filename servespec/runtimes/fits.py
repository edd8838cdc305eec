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

    @property
    def targets(self) -> tuple[str, ...]:
        """The targets that compile to its platforms: one may be for several versions of a platform."""
        return tuple(dict.fromkeys(_TARGETS.get(platform, platform) for platform in self.platforms))


_TARGETS = {"seldon-v1": "seldon", "seldon-v2": "seldon"}
"""The target of a platform that is not called like it."""


_ANYWHERE = ("docker", "compose", "kubernetes", "seldon-v1", "kserve")
"""Wherever an image of the project's own runs."""

FITS = (
    Fit("pytorch", "torchserve", _ANYWHERE, ("rest", "grpc"), default=True),
    Fit("torchscript", "torchserve", _ANYWHERE, ("rest", "grpc"), default=True),
    Fit("onnx", "onnxruntime", _ANYWHERE, ("rest", "grpc"), default=True),
    Fit("sklearn", "mlserver", (*_ANYWHERE, "seldon-v2"), ("rest", "grpc"), default=True),
    Fit("xgboost", "mlserver", (*_ANYWHERE, "seldon-v2"), ("rest", "grpc"), default=True),
    Fit("lightgbm", "mlserver", (*_ANYWHERE, "seldon-v2"), ("rest", "grpc"), default=True),
    Fit("onnx", "triton", (*_ANYWHERE, "seldon-v2"), ("rest", "grpc")),
    Fit("tensorflow", "tf-serving", _ANYWHERE, ("rest", "grpc"), default=True),
    Fit("mlflow", "mlflow", _ANYWHERE, ("rest",), default=True),
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
