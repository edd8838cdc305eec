"""What a fact about a model server is: a value, where it comes from, and when it was last held against reality."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

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
    rest: Fact[int]
    """Default port of the REST API."""
    grpc: Fact[int]
    """Default port of the gRPC API."""
    private_ports: Mapping[str, Fact[int]]
    """Ports that are never published, by what they are for."""
    python: Fact[tuple[str, ...]]
    """Versions of Python that it runs on."""
    requirements: Mapping[str, Fact[tuple[str, ...]]]
    """Pinned PyPI requirements of the server, by its version."""
    base: Fact[str]
    """The image that ours starts from, `{python}` standing for the version."""
    base_memory: Fact[int]
    """MiB that the server itself takes, with headroom."""
    worker_memory: Fact[int]
    """MiB for each worker with a small model, with headroom."""
    maintenance: Maintenance | None = None

    def memory(self, workers: int) -> int:
        """MiB that the server needs with so many workers."""
        return self.base_memory.value + workers * self.worker_memory.value
