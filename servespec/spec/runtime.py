"""The `runtime` block: which model server, and how it runs."""

from __future__ import annotations

from typing import Literal, TypeAlias

from pydantic import Field

from servespec.node import Node
from servespec.spec.common import Said

Server: TypeAlias = Literal["torchserve", "onnxruntime", "mlserver", "mlflow", "tf-serving", "triton"]
GraphLevel: TypeAlias = Literal["none", "basic", "extended", "all"]
Setting: TypeAlias = str | int | float | bool

MOST_WORKERS = 256


class Protocols(Node):
    """The ports on which clients reach the server."""

    rest: int | None = Field(default=None, ge=1, le=65535, examples=[8080])
    """Port of the REST API. Default: the server's own."""
    grpc: int | None = Field(default=None, ge=1, le=65535, examples=[7070])
    """Port of the gRPC API. Default: the server's own."""


class MicroBatch(Node):
    """Requests that arrive together are scored together."""

    size: int = Field(default=1, ge=1, examples=[8])
    """The most requests in one batch."""
    delay: str = Field(default="5ms", examples=["5ms"])
    """How long the first request of a batch waits for more. A lone client pays all of it."""


class Timeouts(Node):
    """How long the server may take."""

    request: str = Field(default="30s", examples=["30s"])
    """For one request."""
    startup: str = Field(default="2m", examples=["2m"])
    """For loading the model, until the service counts as failed."""
    shutdown: str = Field(default="30s", examples=["30s"])
    """For finishing requests after a stop signal."""


class SecretKey(Node):
    """One key of a secret that `secrets` declares."""

    secret: Said = Field(examples=["feature-store"])
    """The secret's name."""
    key: Said = Field(examples=["token"])
    """The key in it."""


class Runtime(Node):
    """Which model server runs the model, and how."""

    server: Server | None = None
    """The model server. Default by `model.format`."""
    version: Said | None = Field(default=None, examples=["0.12.0"])
    """The server's version, a string. Default: the newest one known to work."""
    protocols: Protocols = Protocols.model_construct()
    """The ports of its APIs."""
    workers: int | None = Field(default=None, ge=1, le=MOST_WORKERS, examples=[1])
    """Worker processes for the model. Default: one for each requested CPU, at least one; for `onnxruntime`, which
    computes in threads, one."""
    threads: int | None = Field(default=None, ge=1, le=256, examples=[1])
    """CPU threads that one computation of the model is spread over. Default: 1, best for many small requests."""
    graphLevel: GraphLevel = "all"
    """How far ONNX Runtime optimises the model's graph when it loads it: not at all, `basic`, `extended` or `all`."""
    microBatch: MicroBatch = MicroBatch.model_construct()
    """Dynamic batching of single requests."""
    timeouts: Timeouts = Timeouts.model_construct()
    """Limits in time."""
    env: dict[str, str | SecretKey] = Field(default={}, examples=[{"OMP_NUM_THREADS": "1"}])
    """Environment variables of the server: text, or a key of a secret."""
    config: dict[str, Setting] = Field(default={}, examples=[{"limit_max_image_pixels": False}])
    """More settings of the server's own configuration file, passed on as they are and not checked."""
