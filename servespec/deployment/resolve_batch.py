"""The `batch` block to what it means."""

from __future__ import annotations

from servespec.deployment import batch as types
from servespec.deployment import batch_messages as messages
from servespec.deployment.addresses import scheme
from servespec.deployment.cron import Cron
from servespec.deployment.instants import Instant
from servespec.deployment.path_templates import PathTemplate
from servespec.deployment.reading import Reader, variables
from servespec.spans import Route
from servespec.spec.batch import Batch, BatchInput, Dag, Gates, Retries, Schedule
from servespec.spec.root import Spec
from servespec.spec.signature import Signature

_START = "2026-01-01T00:00:00+00:00"
_TAKE_NULLS = ("xgboost", "lightgbm")
"""Formats whose models have a way for a value that is missing: trees that send it to one side."""


def resolve_batch(reader: Reader, spec: Spec, batch: Batch) -> types.Batch:
    """What a batch of `spec` does."""
    read = _Reading(reader)
    return types.Batch(
        schedule=read.schedule(batch.schedule),
        input=types.Input(
            uri=read.path(batch.input.uri, "input", "uri"),
            connection=batch.input.connection,
            format=batch.input.format,
            columns=_columns(batch.input, spec.signature),
            allow_nulls=takes_nulls(spec.model.format) if batch.input.allowNulls is None else batch.input.allowNulls,
        ),
        output=types.Output(
            uri=read.path(batch.output.uri, "output", "uri"),
            connection=_output_connection(batch),
            format=batch.output.format,
        ),
        keep=batch.keep,
        append=types.Append(
            batch.append.prediction, batch.append.probability, batch.append.scoredAt, batch.append.modelVersion
        ),
        chunk_rows=batch.chunkRows,
        parallelism=batch.parallelism,
        run_on=batch.runOn,
        volume_claim=batch.volumeClaim,
        limited=spec.resources.limits.memory is not None,
        timeout=reader.duration(batch.timeout, ("batch", "timeout"), default="2h"),
        retries=read.retries(batch.retries),
        wait=types.Wait(
            reader.duration(batch.wait.timeout, ("batch", "wait", "timeout"), default="0s"), batch.wait.deferrable
        ),
        gates=read.gates(batch.gates),
        env=variables(batch.env),
        dag=_dag(batch.dag, spec),
    )


class _Reading:
    """Reads the texts of a batch, each of which may be wrong."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def path(self, text: str, *route: str) -> PathTemplate:
        template = PathTemplate.parse(text)
        if template is None:
            self._reader.found.append(messages.unknown_placeholder(("batch", *route), text))
            return PathTemplate((text,))
        return template

    def schedule(self, given: Schedule) -> types.Schedule:
        route: Route = ("batch", "schedule")
        cron = Cron.parse(given.cron)
        if cron is None or cron.never:
            self._reader.found.append(messages.invalid_cron((*route, "cron"), given.cron))
        start = Instant.parse(given.start or _START)
        if start is None:
            self._reader.found.append(messages.invalid_start((*route, "start"), given.start or _START))
        return types.Schedule(
            cron=cron or _cron("0 0 * * *"),
            timezone=given.timezone,
            start=start or Instant(_START),
            catchup=given.catchup,
            max_active_runs=given.maxActiveRuns,
        )

    def retries(self, given: Retries) -> types.Retries:
        route: Route = ("batch", "retries")
        delay = self._reader.duration(given.delay, (*route, "delay"), default="5m")
        longest = self._reader.duration(given.maxDelay, (*route, "maxDelay"), default="1h")
        if "maxDelay" not in given.model_fields_set:
            longest = max(longest, delay, key=lambda span: span.milliseconds)
        return types.Retries(given.count, delay, given.backoff == "exponential", longest)

    def gates(self, given: Gates) -> types.Gates:
        bad = given.badRows
        return types.Gates(
            min_rows=given.minRows,
            max_null_fraction=given.maxNullFraction,
            range=types.Range(given.range.min, given.range.max) if given.range else None,
            bad_rows=types.BadRows(
                bad.fraction, self.path(bad.output, "gates", "badRows", "output") if bad.output else None
            ),
        )


def _cron(text: str) -> Cron:
    cron = Cron.parse(text)
    assert cron is not None, text
    return cron


def _output_connection(batch: Batch) -> str | None:
    """The one that is named, else that of the input where both are in storages of one kind."""
    alike = scheme(batch.input.uri) == scheme(batch.output.uri)
    return batch.output.connection or (batch.input.connection if alike else None)


def _columns(given: BatchInput, signature: Signature | None) -> tuple[str, ...]:
    """What the spec names, else the columns of the signature, else its tensors when each is one column."""
    if given.columns or signature is None:
        return given.columns
    columns, tensors = signature.inputs.columns, signature.inputs.tensors or ()
    if columns:
        return tuple(columns)
    return tuple(tensor.name for tensor in tensors if tensor.shape[1:] in ((), (1,)))


def takes_nulls(model_format: str) -> bool:
    """Whether models of the format have a way for a value that is missing."""
    return model_format in _TAKE_NULLS


def _dag(given: Dag, spec: Spec) -> types.Dag:
    return types.Dag(
        id=given.id or spec.name,
        owner=given.owner or spec.owner,
        pool=given.pool,
        tags=given.tags,
        notify=given.notify,
    )
