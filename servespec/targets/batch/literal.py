"""The one literal of the scorer: what of the deployment it needs to know."""

from __future__ import annotations

from servespec.deployment.batch import Batch, Schedule
from servespec.deployment.names import secret_variable
from servespec.deployment.path_templates import PathTemplate
from servespec.deployment.references import written_at
from servespec.deployment.scorer import leading_to
from servespec.deployment.secret_keys import SecretKey
from servespec.deployment.types import Deployment
from servespec.emit.quoted import Data, traced
from servespec.models import Column, Tensor
from servespec.runtimes.batch import OWN_AUTHORITIES, STORAGES
from servespec.targets.batch.model import ModelFiles
from servespec.targets.batch.settings import settings, threads


def literal(deployment: Deployment, files: ModelFiles) -> dict[str, Data]:
    """`SPEC` of score.py."""
    batch = deployment.batch
    assert batch is not None
    return {
        "name": traced(deployment.name, "name"),
        "release": traced(deployment.release, "release"),
        "model": {
            "path": traced(files.in_image, "model.uri"),
            "version": traced(deployment.model.version, "model.version"),
            "digest": traced(deployment.model.digest, "model.digest"),
        },
        "settings": settings(deployment, files),
        "threads": traced(threads(deployment), "resources.requests.cpu"),
        "schedule": _schedule(batch.schedule),
        "input": {
            "uri": traced(pieces(batch.input.uri), "batch.input.uri"),
            "storage": _storage(deployment, batch.input.uri, batch.input.connection),
            "format": traced(batch.input.format, "batch.input.format"),
            "columns": traced(_columns(deployment, batch), "batch.input.columns", "signature.inputs"),
            "allow_nulls": traced(batch.input.allow_nulls, "batch.input.allowNulls", "model.format"),
        },
        "output": {
            "uri": traced(pieces(batch.output.uri), "batch.output.uri"),
            "storage": _storage(deployment, batch.output.uri, batch.output.connection),
            "format": traced(batch.output.format, "batch.output.format"),
        },
        "keep": traced(list(batch.keep) if batch.keep is not None else None, "batch.keep"),
        "append": {
            "prediction": traced(batch.append.prediction, "batch.append.prediction"),
            "probability": traced(batch.append.probability, "batch.append.probability"),
            "scored_at": traced(batch.append.scored_at, "batch.append.scoredAt"),
            "model_version": traced(batch.append.model_version, "batch.append.modelVersion"),
        },
        "chunk_rows": traced(batch.chunk_rows, "batch.chunkRows"),
        "parts": traced(batch.parallelism, "batch.parallelism"),
        "wait_seconds": traced(batch.wait.timeout.seconds, "batch.wait.timeout"),
        "timeout_seconds": traced(batch.timeout.seconds, "batch.timeout"),
        "gates": _gates(batch),
        "bad_rows": _bad_rows(deployment, batch),
    }


def _bad_rows(deployment: Deployment, batch: Batch) -> dict[str, Data]:
    uri, why = batch.gates.bad_rows.output, "batch.gates.badRows.output"
    if uri is None:
        return {"uri": traced(None, why)}
    return {"uri": traced(pieces(uri), why), "storage": _storage(deployment, uri, batch.output.connection)}


def _storage(deployment: Deployment, uri: PathTemplate, name: str | None) -> Data:
    """How a storage is reached: what is secret is named only, by the variable that it is in. None where a machine
    knows, and for a path."""
    found = leading_to(deployment, uri, name)
    if found is None:
        return None
    names, shown = STORAGES.value[found.type], found.credentials
    keys = {names[held]: SecretKey(shown.secret, key) for held, key in shown.keys.items()} if shown else {}
    if found.ca and found.type in OWN_AUTHORITIES.value:
        keys["ca"] = found.ca
    told: dict[str, Data] = {
        "type": found.type,
        "endpoint": found.endpoint,
        "region": found.region,
        "account": found.account,
        "anonymous": found.auth == "none",
        "secrets": {name: secret_variable(key.secret, key.key) for name, key in keys.items()},
    }
    return traced(
        {name: value for name, value in told.items() if value is not None}, written_at(deployment, found.name)
    )


def pieces(template: PathTemplate) -> list[Data]:
    """A path as its program reads it: texts, and moments as the edge of the interval and its format."""
    return [piece if isinstance(piece, str) else [piece.edge, piece.format] for piece in template.pieces]


def _schedule(schedule: Schedule) -> Data:
    cron, why = schedule.cron, "batch.schedule.cron"
    return {
        "timezone": traced(schedule.timezone, "batch.schedule.timezone"),
        "minutes": traced(list(cron.minutes), why),
        "hours": traced(list(cron.hours), why),
        "days": traced(_some(cron.days, 31), why),
        "months": traced(_some(cron.months, 12), why),
        "weekdays": traced(_some(cron.weekdays, 7), why),
        # By cron's rule: of the two days, either will do when neither field is left open.
        "either_day": traced(not cron.any_day and not cron.any_weekday, why),
    }


def _some(values: tuple[int, ...], count: int) -> list[Data] | None:
    """The values of a field; None when it leaves none out."""
    return None if len(values) == count else list(values)


def _columns(deployment: Deployment, batch: Batch) -> dict[str, Data]:
    """What the model reads, with the datatype of each where the signature says it."""
    inputs = deployment.signature.inputs if deployment.signature else None
    items: tuple[Column | Tensor, ...] = inputs.columns or inputs.tensors if inputs else ()
    kinds = {item.name: item.datatype for item in items}
    lone = inputs.tensors[0].datatype if inputs and len(inputs.tensors) == 1 else None
    return {name: kinds.get(name, lone) for name in batch.input.columns}


def _gates(batch: Batch) -> dict[str, Data]:
    gates, why = batch.gates, "batch.gates.range"
    return {
        "min_rows": traced(gates.min_rows, "batch.gates.minRows"),
        "null_fraction": traced(gates.max_null_fraction, "batch.gates.maxNullFraction"),
        "bad_fraction": traced(gates.bad_rows.fraction, "batch.gates.badRows.fraction"),
        "min": traced(gates.range.min if gates.range else None, why),
        "max": traced(gates.range.max if gates.range else None, why),
    }
