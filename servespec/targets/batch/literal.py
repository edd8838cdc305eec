"""The one literal of the scorer: what of the deployment it needs to know."""

from __future__ import annotations

from servespec.deployment.batch import Batch, Schedule
from servespec.deployment.path_templates import PathTemplate
from servespec.deployment.types import Deployment
from servespec.emit.quoted import Data, traced
from servespec.models import Column, Tensor
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
            "format": traced(batch.input.format, "batch.input.format"),
            "columns": traced(_columns(deployment, batch), "batch.input.columns", "signature.inputs"),
            "allow_nulls": traced(batch.input.allow_nulls, "batch.input.allowNulls", "model.format"),
        },
        "output": {
            "uri": traced(pieces(batch.output.uri), "batch.output.uri"),
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
        "bad_rows": {
            "uri": traced(
                pieces(batch.gates.bad_rows.output) if batch.gates.bad_rows.output else None,
                "batch.gates.badRows.output",
            )
        },
    }


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
        # By cron's rule: of the two days, either will do when neither field begins with a star.
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
