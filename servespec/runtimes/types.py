"""What a fact about a model server is: a value, where it comes from, and when it was last held against reality."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Generic, TypeVar

from servespec.records import dataclass

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Fact(Generic[T]):
    """A value with its source (`ran: …` was executed, `read: …` was read) and the month it was checked."""

    value: T
    source: str
    checked: str


@dataclass(frozen=True)
class Maintenance:
    """A server that is no longer cared for: what that means, since when, and what to use instead."""

    state: str
    since: str
    """The day it began, `YYYY-MM-DD`."""
    instead: tuple[str, ...]
    source: str


@dataclass(frozen=True)
class ServerFacts:
    """What every model server has. What only one has stands in its own module beside this."""

    name: str
    title: str
    version: Fact[str]
    """The version that is used when the spec names none."""
    licence: Fact[str]
    maintained: Fact[str]
    """By whom and how it is looked after."""
    ports: Mapping[str, Fact[int]]
    """Default ports for clients, by protocol: `rest`, `grpc`."""
    private_ports: Mapping[str, Fact[int]]
    """Ports that are never published, by what they are for."""
    python: Fact[tuple[str, ...]]
    """Versions of Python that it runs on; none for a server that is no Python package, and comes in its own image."""
    requirements: Mapping[str, Fact[tuple[str, ...]]]
    """Pinned PyPI requirements of the server, by its version."""
    base: Fact[str]
    """The image that ours starts from; `{python}` and `{version}` stand for the versions of Python and the server."""
    base_memory: Fact[int]
    """MiB that the server itself takes, with headroom."""
    worker_memory: Fact[int]
    """MiB for each worker with a small model, with headroom."""
    home: Fact[str]
    """Folder of the server's files in an image."""
    stopping: Fact[str]
    """What it does when it is told to stop by SIGTERM."""
    reserved_settings: Mapping[str, str]
    """Settings that `runtime.config` can't say again, with the field that each is made from, if it is one."""
    reserved_env: Mapping[str, str]
    """Variables that `runtime.env` and `image.env` can't set, since they would win over what the spec says."""
    request_metrics: Fact[tuple[str, str, int]] | None = None
    """The counters of requests and of the time that they took, and how many units of it are a second."""
    maintenance: Maintenance | None = None
    predict_path: Fact[str] | None = None
    """Where a prediction is asked for over REST, `{model}` standing for the model's name."""
    datatypes: Fact[Mapping[str, str]] | None = None
    """The kind of each datatype of a request's data: it is cast to another one of its kind, and refused for the rest;
    None where nothing is known."""
    without_json: Fact[tuple[str, ...]] | None = None
    """Datatypes whose values it neither takes nor tells in JSON, for which it has to be asked over gRPC."""
    lone_value: Fact[tuple[int, ...]] | None = None
    """The shape in which it takes and tells a tensor without dimensions; None where that has none there either."""
    lone_input: Fact[str] | None = None
    """The content type by which a model without a signature is handed one input of any name, where a request says no
    other; None where its inputs are known by their names."""
    grpc_packages: Fact[tuple[str, ...]] | None = None
    """Pinned PyPI requirements of a client for gRPC."""
    grpc_method: Fact[str] | None = None
    """What a prediction is called over gRPC."""
    grpc_messages: Fact[Mapping[str, Mapping[str, str]]] | None = None
    """The messages of that call, the request first and then the answer, with the fields that a prediction needs: name,
    and as in a .proto file `repeated`, type and number. A map is a list of its entries, the same on the wire."""
    ready_path: Fact[str] | None = None
    """Where clients are told that the model is ready, if anywhere; not where only the process is up."""
    metrics: Fact[tuple[str, str]] | None = None
    """The port, by its name, and the path at which Prometheus reads metrics; None for a server without."""
    programs: Fact[tuple[str, ...]] | None = None
    """Programs besides Python that it needs on the machine."""
    companions: Mapping[str, Fact[tuple[str, ...]]] = field(default_factory=dict)
    """More pinned requirements, by the model's format: the framework first, whose version `model.framework` decides.
    Each gives way to what the project's own requirements say of that package."""
    key_file: Fact[str] | None = None
    """The file in an image where it writes the keys that clients must show, if it wants any."""
    workers: Fact[int] | None = None
    """How many workers there are when the spec says nothing; None for one a requested CPU."""
    whole_versions: bool = False
    """Whether it takes a model's version for a whole number, by which it picks the newest."""

    gpu_platforms: Fact[tuple[str, ...]] | None = None
    """Platforms on which it computes on GPUs; None for a server that computes on CPUs only."""
    gpu_base: Fact[str] | None = None
    """The image that ours starts from then, if that is another one."""
    gpu_requirements: Mapping[str, Fact[tuple[str, ...]]] = field(default_factory=dict)
    """Pinned PyPI requirements of the server then, by its version, if they are others."""

    def predict_at(self, model: str) -> str | None:
        """Where a prediction of the model of that name is asked for over REST, if anywhere."""
        return _filled(self.predict_path, model)

    def ready_at(self, model: str) -> str | None:
        """Where clients are told that the model of that name is ready, if anywhere."""
        return _filled(self.ready_path, model)

    def image(self, *, python: str, version: str, gpu: bool) -> str:
        """The image that ours starts from, for these versions of Python and of the server."""
        base = self.gpu_base if gpu and self.gpu_base else self.base
        return base.value.format(python=python, version=version)

    def memory(self, workers: int) -> int:
        """MiB that the server needs with so many workers."""
        return self.base_memory.value + workers * self.worker_memory.value


def _filled(path: Fact[str] | None, model: str) -> str | None:
    from urllib.parse import quote  # start-up: a spec is validated without it

    return path.value.format(model=quote(model, safe="")) if path else None
