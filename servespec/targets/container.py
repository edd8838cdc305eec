"""How a server runs in a container: made by its own target, read by those that build and run images.

An image is a list of stages, a stage a list of steps. Whatever a step reads is an `Input`, so that the allow-list
of the build context, the COPY lines and the image's tag come from one list.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from typing import TypeAlias

from servespec.artifacts import Content, Origin
from servespec.deployment.images import ImageReference
from servespec.deployment.workloads import REALTIME
from servespec.records import dataclass, replace


@dataclass(frozen=True)
class Input:
    """A file or folder of the build context that goes into an image."""

    path: str
    """Relative to the project folder, or to the folder of the target that emits it."""
    origin: Origin
    emitted_by: str | None = None
    """The folder of what emits it: a target's, or of a variant in it (`Bundle.folder`)."""


@dataclass(frozen=True)
class Copy:
    """Inputs that are copied into the image."""

    inputs: tuple[Input, ...]
    target: str
    """An absolute path; a folder when it ends with `/`."""
    mode: str | None = None
    """Octal, for all that is copied. Without one emitted files are 0644, and the project's keep theirs."""


@dataclass(frozen=True)
class Take:
    """Something that an earlier stage made."""

    stage: str
    source: str
    target: str
    origin: Origin


@dataclass(frozen=True)
class Packages:
    """Debian packages."""

    names: tuple[str, ...]
    origin: Origin


@dataclass(frozen=True)
class PythonEnvironment:
    """A virtual environment at `folder`, with what requirement files and pins ask for."""

    folder: str
    requirements: tuple[Input, ...] = ()
    pins: tuple[str, ...] = ()
    wheels: Input | None = None
    """The folder in which pip looks before it asks an index."""
    origin: Origin = "image.requirements"


@dataclass(frozen=True)
class Run:
    """A command, without a shell."""

    argv: tuple[str, ...]
    origins: tuple[Origin, ...]


Step: TypeAlias = Copy | Take | Packages | PythonEnvironment | Run


@dataclass(frozen=True)
class Stage:
    """One stage of a build. Only the last one is the image."""

    base: ImageReference
    steps: tuple[Step, ...]
    name: str | None = None
    """How later stages call it."""


@dataclass(frozen=True)
class Port:
    """A port on which clients reach the server."""

    protocol: str
    """`rest` or `grpc`."""
    number: int


@dataclass(frozen=True)
class Metrics:
    """Where the server tells its metrics, in Prometheus' text form."""

    port: int
    path: str
    requests: str
    """The counter of requests."""
    busy: str
    """The counter of the time that they took."""
    per_second: int
    """How many of its units are a second."""


@dataclass(frozen=True)
class Watched:
    """How a platform that reaches into the container watches it, and what the server needs to know of that."""

    ready: str | None = None
    """A path on the REST port that is answered with 200 when, and only when, the model answers."""
    live: str | None = None
    """A path on the REST port that is answered with 200 as long as the process works."""
    metrics: Metrics | None = None
    env: Mapping[str, tuple[str, Origin]] = field(default_factory=dict)
    """Variables of a container that is one of several."""
    started: str | None = None
    """A path on the REST port that is answered with 200 once the process has all that is its own, where it may not be
    ready then: what it needs of others is away."""


@dataclass(frozen=True)
class Container:
    """What an image holds, and how a container of it is started, asked and stopped."""

    server: str
    """Name of the target whose files these are."""
    stages: tuple[Stage, ...]
    home: str
    """The working folder: the server's files, which nobody writes to."""
    writable: tuple[str, ...]
    """Folders that the server writes to; nothing in them needs to survive."""
    env: Mapping[str, tuple[str, Origin]]
    entrypoint: tuple[str, ...]
    health: tuple[str, ...]
    """Exits 0 when the model answers, 1 when it does not yet or no more; empty for what ends by itself."""
    ports: tuple[Port, ...]
    stop_seconds: int
    """Seconds from the last answer to the end of the process, besides the time for requests in flight."""
    why: Origin
    """The fact that explains the parts that no field decides."""
    watched: Watched = Watched()
    model_folder: str | None = None
    """Where the model is to be when it starts, and is not in the image; None for an image that has it."""
    workload: str = REALTIME
    """What it runs, by which other targets find its image."""
    host_env: Mapping[str, str] = field(default_factory=dict)
    """Variables that a run outside of an image needs besides; `{home}` stands for the folder of its files."""

    def inputs(self) -> Iterator[Input]:
        """Everything of the build context that goes in, in the order of the steps."""
        for stage in self.stages:
            for step in stage.steps:
                if isinstance(step, Copy):
                    yield from step.inputs
                elif isinstance(step, PythonEnvironment):
                    yield from step.requirements
                    yield from (step.wheels,) if step.wheels else ()


def of_part(container: Container, part: str) -> Container:
    """The container of a server that was made for a variant, whose files are in a folder of its own."""

    def inputs(items: tuple[Input, ...]) -> tuple[Input, ...]:
        return tuple(replace(i, emitted_by=f"{i.emitted_by}/{part}") if i.emitted_by else i for i in items)

    def step(given: Step) -> Step:
        match given:
            case Copy():
                return replace(given, inputs=inputs(given.inputs))
            case PythonEnvironment():
                return replace(given, requirements=inputs(given.requirements))
        return given

    stages = (replace(stage, steps=tuple(map(step, stage.steps))) for stage in container.stages)
    return replace(container, stages=tuple(stages), workload=part)


@dataclass(frozen=True)
class BuiltImage:
    """A container with the name of its image, which is known before the image exists."""

    container: Container
    reference: ImageReference
    dockerfile: Content | None = None
    """What it is built from; None for what others build."""
    read: Mapping[str, str] = field(default_factory=dict)
    """What was looked at of the project's files that go in, but for those of which the spec or its lock has the digest:
    a checkout without the weights is as good as one with them."""
    unread: Mapping[str, str | None] = field(default_factory=dict)
    """The project's files that go in and whose bytes nobody looked at, each with the digest that the spec has of it: by
    that the reference follows them. Of one without a digest it tells nothing."""
    pointers: tuple[str, ...] = ()
    """The project's files that go in and in whose place a Git LFS pointer stands: the reference follows the files."""

    @property
    def untold(self) -> tuple[str, ...]:
        """The files that can change behind the reference."""
        return tuple(path for path, digest in self.unread.items() if digest is None)
