"""What a spec means: every default filled in, every name derived, every quantity parsed.

Field names follow the spec's, so that a dotted path (`runtime.protocols.rest`) means the same in both.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from servespec.deployment.cluster import Disruption, Identity, Network, Placement, Scaling
from servespec.deployment.durations import Duration
from servespec.deployment.images import ImageReference
from servespec.deployment.platform import Platform
from servespec.deployment.quantities import Quantity
from servespec.deployment.secret_keys import SecretKey
from servespec.models import Framework, Signature
from servespec.records import dataclass
from servespec.spans import Scalar, Value

if TYPE_CHECKING:  # start-up: most specs have none
    from servespec.deployment.batch import Batch
    from servespec.deployment.connections import Connection
    from servespec.deployment.streaming import Streaming


@dataclass(frozen=True)
class Handler:
    """The file of a handler written by hand, its class when the spec names it, and values for it."""

    file: str
    class_name: str | None
    settings: Mapping[str, Scalar]


@dataclass(frozen=True)
class ModelCredentials:
    """The connections by which a model is fetched, by their names."""

    storage: str | None = None
    registry: str | None = None


@dataclass(frozen=True)
class LockedModel:
    """What the model was when it was locked."""

    version: str | None
    """The version in the registry that an address stood for."""
    digest: str
    """`sha256:` and the digits: one digest over all files."""
    files: Mapping[str, str]
    """The digest of each file, by its path below the model's address; a file that is no folder by its own name."""
    signature: Signature | None


@dataclass(frozen=True)
class Model:
    """The model: paths are POSIX, normalised, relative to the project folder."""

    name: str
    format: str
    uri: str
    version: str
    digest: str | None
    framework: Framework | None
    code: str | None
    handler: Handler | None
    extra_files: tuple[str, ...]
    credentials: ModelCredentials = ModelCredentials()
    locked: LockedModel | None = None
    """What the lock says of it."""


@dataclass(frozen=True)
class MicroBatch:
    """Dynamic batching: the most requests, and how long the first one waits."""

    size: int
    delay: Duration


@dataclass(frozen=True)
class Timeouts:
    """Limits in time for a request, for loading, and for stopping."""

    request: Duration
    startup: Duration
    shutdown: Duration


@dataclass(frozen=True)
class Runtime:
    """The model server and how it runs."""

    server: str
    version: str
    protocols: Mapping[str, int]
    """The ports for clients, by protocol: `rest`, and `grpc` where the server has it."""
    workers: int
    threads: int
    graph_level: str
    micro_batch: MicroBatch
    timeouts: Timeouts
    env: Mapping[str, str | SecretKey]
    config: Mapping[str, Scalar]


@dataclass(frozen=True)
class Tolerance:
    """How far answers may differ: a number by these, and the share of random rows that may differ by more."""

    absolute: float
    relative: float
    rows: float


@dataclass(frozen=True)
class Quantization:
    """A second model of fewer bits."""

    type: str
    tolerance: Tolerance


@dataclass(frozen=True)
class RandomInputs:
    """How many rows are drawn, by which seed, and the share of numbers that is missing in some of them."""

    rows: int
    seed: int
    missing: float


@dataclass(frozen=True)
class Optimize:
    """The conversion of the model to ONNX; the default of `opset` is the converter's, if the format has one."""

    opset: int | None
    tolerance: Tolerance
    quantization: Quantization | None
    random_inputs: RandomInputs


@dataclass(frozen=True)
class Index:
    """A package index, and the build secret with its credentials."""

    url: str
    secret: str | None


@dataclass(frozen=True)
class Mirrors:
    """Where images and packages come from instead: registries and hosts by their names, and the index for PyPI."""

    images: Mapping[str, str]
    pip: Index | None
    apt: Mapping[str, str]


NO_MIRRORS = Mirrors({}, None, {})


@dataclass(frozen=True)
class CopiedFile:
    """A path of the project that goes into the image."""

    source: str
    target: str


@dataclass(frozen=True)
class Image:
    """The container image to build."""

    repository: str
    base: ImageReference
    python: str
    requirements: str | None
    indexes: tuple[Index, ...]
    wheels: str | None
    system_packages: tuple[str, ...]
    env: Mapping[str, str]
    files: tuple[CopiedFile, ...]
    build_secrets: tuple[str, ...]
    platforms: tuple[str, ...]


@dataclass(frozen=True)
class Amounts:
    """CPU and memory."""

    cpu: Quantity | None
    memory: Quantity | None


@dataclass(frozen=True)
class Accelerator:
    """GPUs: their kind, by its name in Kubernetes, and how many."""

    resource: str
    count: int


@dataclass(frozen=True)
class Resources:
    """What is set aside, and what can't be exceeded."""

    requests: Amounts
    limits: Amounts
    accelerator: Accelerator | None = None


@dataclass(frozen=True)
class Probe:
    """How often to ask, how long to wait, how many failures count."""

    period_seconds: int
    timeout_seconds: int
    failure_threshold: int


@dataclass(frozen=True)
class Probes:
    """Health checks while starting and after."""

    startup: Probe
    readiness: Probe
    liveness: Probe


@dataclass(frozen=True)
class Security:
    """Hardening, and the reason for any that was given up."""

    run_as_user: int
    run_as_group: int
    read_only_root_filesystem: bool
    authorization: str | None
    """None where nothing is said, and no server knows tokens: anyone who reaches it may ask."""
    reason: str | None


@dataclass(frozen=True)
class Secret:
    """A secret that must exist, with its keys."""

    name: str
    keys: tuple[str, ...]


@dataclass(frozen=True)
class Variant:
    """One version of the service: its share of the requests, and its own blocks, whole."""

    name: str
    weight: int | None
    """In percent. None for a shadow; and for another one of several when the spec does not say, which is an error."""
    shadow: bool
    """Whether it gets copies of requests, and nobody sees its answers."""
    scaling: Scaling
    model: Model
    runtime: Runtime
    image: Image
    resources: Resources
    probes: Probes

    @property
    def replicas(self) -> int:
        """How many of it run; at the least, where they are scaled."""
        return self.scaling.replicas


@dataclass(frozen=True)
class Example:
    """A request, the answer it must get, how exact, and how fast."""

    name: str
    request: Value
    expect: Value
    tolerance: float
    latency: Duration | None


@dataclass(frozen=True)
class Override:
    """A change of one emitted data file."""

    target: str
    file: str
    merge: Mapping[str, Value]
    reason: str


@dataclass(frozen=True)
class Suppression:
    """A warning that is accepted, until the end of a day (`YYYY-MM-DD`) if one is given."""

    rule: str
    reason: str
    until: str | None


@dataclass(frozen=True)
class Deployment:
    """What a spec means. Prints as JSON by `servespec.deployment.canonical`."""

    name: str
    environment: str | None
    """The environment that this is meant for; None when the spec has none."""
    patterns: tuple[str, ...]
    release: str
    description: str | None
    owner: str | None
    labels: Mapping[str, str]
    model: Model
    signature: Signature | None
    runtime: Runtime
    optimize: Optimize | None
    image: Image
    resources: Resources
    platform: Platform
    scaling: Scaling
    probes: Probes
    security: Security
    identity: Identity
    placement: Placement
    network: Network
    disruption: Disruption
    connections: tuple[Connection, ...]
    secrets: tuple[Secret, ...]
    batch: Batch | None
    """What a batch does; None without the pattern."""
    streaming: Streaming | None
    """What workers of a stream do; None without the pattern."""
    variants: tuple[Variant, ...]
    """With any, they are what runs in the realtime face; the blocks above are where they differ from, and the address
    that clients see."""
    examples: tuple[Example, ...]
    targets: tuple[str, ...]
    overrides: tuple[Override, ...]
    suppress: tuple[Suppression, ...]
    mirrors: Mirrors
    """Those of the root file."""
    digests: Mapping[str, str]
    """Those of the images that others made, as the lock has them, by the names that the emitted files have."""
