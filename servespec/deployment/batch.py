"""What the `batch` block means: paths parsed, times read, every default filled in."""

from __future__ import annotations

from collections.abc import Mapping

from servespec.deployment.cron import Cron
from servespec.deployment.durations import Duration
from servespec.deployment.instants import Instant
from servespec.deployment.path_templates import PathTemplate
from servespec.deployment.secret_keys import SecretKey
from servespec.records import dataclass


@dataclass(frozen=True)
class Schedule:
    """When a run starts, and which interval it scores: from one moment of the schedule to the next."""

    cron: Cron
    timezone: str
    """Its IANA name; a check has looked it up."""
    start: Instant
    catchup: bool
    max_active_runs: int


@dataclass(frozen=True)
class Input:
    """What is scored: a file, a folder, or a pattern of files in one."""

    uri: PathTemplate
    connection: str | None
    """What leads to that storage; None for what a machine knows of it."""
    format: str
    columns: tuple[str, ...]
    """What the model reads, in the order of its features: named here, or by the signature's inputs."""
    allow_nulls: bool


@dataclass(frozen=True)
class Output:
    """A folder for each interval."""

    uri: PathTemplate
    connection: str | None
    """What leads to that storage, and to that of bad rows if it is one of its kind."""
    format: str


@dataclass(frozen=True)
class Append:
    """The names of the columns that are added, by what is in them; None for those that are not."""

    prediction: str | None
    probability: str | None
    scored_at: str | None
    model_version: str | None

    @property
    def names(self) -> tuple[str, ...]:
        """The added columns in their order."""
        known = (self.prediction, self.probability, self.scored_at, self.model_version)
        return tuple(name for name in known if name is not None)


@dataclass(frozen=True)
class Retries:
    """How often a failed task is tried again, and how long before each time."""

    count: int
    delay: Duration
    exponential: bool
    max_delay: Duration


@dataclass(frozen=True)
class Wait:
    """How long a run waits for its input, and whether that takes no worker."""

    timeout: Duration
    deferrable: bool


@dataclass(frozen=True)
class Range:
    """Where predictions lie; None for an open end."""

    min: float | None
    max: float | None


@dataclass(frozen=True)
class BadRows:
    """The share of rows that can't be scored with which a run passes, and the folder where they go."""

    fraction: float
    output: PathTemplate | None


@dataclass(frozen=True)
class Gates:
    """What must hold before results are published."""

    min_rows: int
    max_null_fraction: float
    range: Range | None
    bad_rows: BadRows


@dataclass(frozen=True)
class Dag:
    """How the run appears in Airflow."""

    id: str
    owner: str | None
    pool: str | None
    tags: tuple[str, ...]
    notify: str | None
    """A function of the user's: `package.module:function`."""


@dataclass(frozen=True)
class Batch:
    """A scheduled job that scores files."""

    schedule: Schedule
    input: Input
    output: Output
    keep: tuple[str, ...] | None
    """The columns of the input that the results have too; None for all."""
    append: Append
    chunk_rows: int
    parallelism: int
    run_on: str
    volume_claim: str | None
    """The claim in which paths of data are, in a cluster."""
    limited: bool
    """Whether the spec says how much memory there may be; else a scorer has what it needs, whatever a server does."""
    timeout: Duration
    retries: Retries
    wait: Wait
    gates: Gates
    env: Mapping[str, str | SecretKey]
    dag: Dag
