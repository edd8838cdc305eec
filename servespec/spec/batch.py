"""The `batch` block: which data is scored when, where the results go, and what must hold for them."""

from __future__ import annotations

from typing import Literal, TypeAlias

from pydantic import Field

from servespec.node import Node
from servespec.spec.common import Many, Said
from servespec.spec.runtime import SecretKey

DataFormat: TypeAlias = Literal["parquet", "csv", "jsonl"]


class Schedule(Node):
    """When a run starts, and which interval of data it scores: the time from one run to the next."""

    cron: Said = Field(examples=["0 2 * * *", "@daily"])
    """Five fields of cron, or `@hourly`, `@daily`, `@weekly`, `@monthly`, `@yearly`."""
    timezone: Said = Field(default="UTC", examples=["Europe/Berlin"])
    """The time zone of `cron` and of the placeholders in paths, by its IANA name."""
    start: Said | None = Field(default=None, examples=["2026-01-01T00:00:00+01:00"])
    """Nothing before it is scored: a date and time with its offset from UTC. Default: `2026-01-01T00:00:00+00:00`."""
    catchup: bool = False
    """Whether intervals since `start` that were missed are scored too."""
    maxActiveRuns: int = Field(default=1, ge=1, examples=[1])
    """The most runs, each of an interval of its own, at one time."""


class BatchInput(Node):
    """What is scored."""

    uri: Said = Field(examples=["data/payments/{interval.start:%Y-%m-%d}/"])
    """A file, a folder, or a pattern of files in one (`*.parquet`): a path or an `s3://`, `gs://` or `az://` address,
    with `{interval.start:%Y-%m-%d}` and `{interval.end:…}` in it."""
    connection: Said | None = Field(default=None, examples=["lake"])
    """The connection by which that storage is reached. Default: what a machine knows of it, or `env` says."""
    format: DataFormat = "parquet"
    """How the files are written."""
    columns: Many[Said] = Field(default=(), examples=[["amount", "hour"]])
    """The columns that the model reads, in the order of its features. Default: those of `signature.inputs`."""
    allowNulls: bool | None = None
    """Whether the model takes a missing number as NaN; else a row with one is bad. Default: yes for `xgboost` and
    `lightgbm`."""


class BatchOutput(Node):
    """Where the results go."""

    uri: Said = Field(examples=["data/scores/{interval.start:%Y-%m-%d}/"])
    """A folder for each interval, which is replaced as a whole: a path or an address, with placeholders."""
    connection: Said | None = Field(default=None, examples=["lake"])
    """The connection by which that storage is reached, bad rows in one of its kind too. Default: that of the input,
    where both are in storages of one kind."""
    format: DataFormat = "parquet"
    """How the files are written."""


class Append(Node):
    """The columns that are added to each row or event, by what is in them. Only those that are named here are added."""

    prediction: Said | None = Field(default=None, examples=["fraud"])
    """The model's prediction: the class, or the number."""
    probability: Said | None = Field(default=None, examples=["fraud_probability"])
    """The probability of the second of two classes; of more, a list with that of each."""
    scoredAt: Said | None = Field(default=None, examples=["scored_at"])
    """When: of a batch the end of the interval, so that the same data gives the same bytes whenever it is scored; of a
    stream the moment at which the event was."""
    modelVersion: Said | None = Field(default=None, examples=["model_version"])
    """`model.version`."""


class Retries(Node):
    """What happens when a task fails."""

    count: int = Field(default=2, ge=0, examples=[2])
    """How often it is tried again."""
    delay: str = Field(default="5m", examples=["5m"])
    """How long before that."""
    backoff: Literal["none", "exponential"] = "exponential"
    """Whether each wait is twice the one before."""
    maxDelay: str = Field(default="1h", examples=["1h"])
    """The longest wait. When it is left out, never less than `delay`."""


class Wait(Node):
    """Waiting for the input."""

    timeout: str = Field(default="0s", examples=["2h"])
    """How long a run waits for its input before it fails."""
    deferrable: bool = False
    """With `runOn: kubernetes`: whether pods take no worker of Airflow while they wait and work; it needs a triggerer
    there. What waits on the workers themselves takes none between two looks."""


class GateRange(Node):
    """The numbers from `min` to `max`, both included."""

    min: float | None = Field(default=None, examples=[0.0])
    """The least."""
    max: float | None = Field(default=None, examples=[1.0])
    """The most."""


class BadRows(Node):
    """Rows that the model can't take: a missing value, or one that is none of its column's datatype."""

    fraction: float = Field(default=0.0, ge=0, le=1, examples=[0.01])
    """The largest share of all rows that a run passes with."""
    output: Said | None = Field(default=None, examples=["data/bad/{interval.start:%Y-%m-%d}/"])
    """A folder for them, each with the reason, which is replaced together with that of the results."""


class Gates(Node):
    """What must hold before results are published. Where it does not, a run fails, and what was there before stays."""

    minRows: int = Field(default=1, ge=0, examples=[1000])
    """The fewest rows of results."""
    maxNullFraction: float = Field(default=0.0, ge=0, le=1, examples=[0.001])
    """The largest share of results in which the prediction, or the probability, is missing or NaN."""
    range: GateRange | None = None
    """Where every prediction lies; every probability, when only that is appended."""
    badRows: BadRows = BadRows.model_construct()
    """Rows that can't be scored."""


class Dag(Node):
    """How the run appears in Airflow."""

    id: Said | None = Field(default=None, examples=["fraud_scoring"])
    """The DAG's id. Default: the service's name."""
    owner: Said | None = Field(default=None, examples=["risk-ml"])
    """Who answers for it. Default: `owner`."""
    pool: Said | None = Field(default=None, examples=["scoring"])
    """The pool whose slots its tasks take."""
    tags: Many[Said] = Field(default=(), examples=[["fraud", "daily"]])
    """Words to find it by."""
    notify: Said | None = Field(default=None, examples=["company.alerts:page_risk_ml"])
    """A function of yours that Airflow calls when a task has failed for good: `package.module:function`."""


class Batch(Node):
    """A scheduled job that scores files: one run for each interval of the schedule."""

    schedule: Schedule
    """When it runs, and in which time zone."""
    input: BatchInput
    """What is scored."""
    output: BatchOutput
    """Where the results go."""
    keep: Many[Said] | None = Field(default=None, examples=[["payment_id"]])
    """The columns of the input that the results have too. Default: all."""
    append: Append = Append.model_construct(prediction="prediction", scoredAt="scored_at", modelVersion="model_version")
    """The columns that are added. Default: `prediction`, `scored_at` and `model_version`."""
    chunkRows: int = Field(default=65536, ge=1, examples=[65536])
    """How many rows are scored at once: memory grows with it, and not with the number of all rows."""
    parallelism: int = Field(default=1, ge=1, le=1000, examples=[4])
    """In how many parts, each in a task or pod of its own, the input is scored."""
    runOn: Literal["local", "docker", "kubernetes", "spark"] = "local"
    """Where a run computes: a process of the scheduler's worker, a container, a pod, or Spark."""
    volumeClaim: Said | None = Field(default=None, examples=["payments"])
    """With `runOn: kubernetes`: the PersistentVolumeClaim in which paths of data are. Pods on several nodes need one
    that all of them can write to."""
    timeout: str = Field(default="2h", examples=["2h"])
    """The longest that a task may take, besides waiting for input."""
    retries: Retries = Retries.model_construct()
    """What happens when a task fails."""
    wait: Wait = Wait.model_construct()
    """Waiting for the input."""
    gates: Gates = Gates.model_construct()
    """What must hold before results are published."""
    env: dict[str, str | SecretKey] = Field(default={}, examples=[{"AWS_REGION": "eu-central-1"}])
    """Environment variables of a run: text, or a key of a secret."""
    dag: Dag = Dag.model_construct()
    """How the run appears in Airflow."""
