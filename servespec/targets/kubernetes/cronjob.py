"""The CronJob of a batch: a Job for each moment of the schedule, which scores the interval that ends with it."""

from __future__ import annotations

from servespec.artifacts import Origin
from servespec.deployment.batch import Batch
from servespec.deployment.platform import Platform
from servespec.deployment.types import Deployment
from servespec.emit.quoted import Data, traced
from servespec.runtimes.batch import FINAL, NO_INPUT
from servespec.runtimes.kubernetes import (
    BACKOFF_SECONDS,
    JOB_LABELS_SINCE,
    KEPT_JOBS,
    LIMIT_PER_INDEX_SINCE,
    START_SECONDS,
)
from servespec.targets.kube.members import Member, metadata, object_labels, pod_labels
from servespec.targets.kube.scorer import SCORER, scorer_spec

_RETRIES: Origin = "batch.retries.count"
_PARTS: Origin = "batch.parallelism"
_SCHEDULED: Origin = "batch.schedule.cron"


def cronjob(deployment: Deployment, member: Member) -> dict[str, Data]:
    """The CronJob. Where Airflow starts the runs, it rests, and is what a run by hand is made from."""
    batch = deployment.batch
    assert batch is not None
    schedule, kept = batch.schedule, traced(KEPT_JOBS.value, "fact:kubernetes.KEPT_JOBS")
    alone = schedule.max_active_runs == 1
    return {
        "apiVersion": "batch/v1",
        "kind": "CronJob",
        "metadata": metadata(deployment, member),
        "spec": {
            "schedule": traced(schedule.cron.standard, _SCHEDULED),
            "timeZone": traced(schedule.timezone, "batch.schedule.timezone"),
            "suspend": traced("airflow" in deployment.targets, "targets.airflow"),
            "concurrencyPolicy": traced("Forbid" if alone else "Allow", "batch.schedule.maxActiveRuns"),
            "startingDeadlineSeconds": traced(START_SECONDS.value, "fact:kubernetes.START_SECONDS"),
            "successfulJobsHistoryLimit": kept,
            "failedJobsHistoryLimit": kept,
            "jobTemplate": {
                "metadata": {"labels": object_labels(deployment, member)},
                "spec": _job(deployment, batch, member),
            },
        },
    }


def _job(deployment: Deployment, batch: Batch, member: Member) -> dict[str, Data]:
    prefix = "batch.kubernetes.io/" if deployment.platform.since(JOB_LABELS_SINCE.value) else ""
    # The name of a CronJob's job ends with the moment that it is for, however late it starts or starts again.
    fields = {name: f"metadata.labels['{prefix}{label}']" for name, label in _LABELS.items()}
    return {
        **_tries(batch, deployment.platform),
        "activeDeadlineSeconds": _longest(batch),
        "podFailurePolicy": {"rules": _rules()},
        "template": {
            "metadata": {"labels": pod_labels(deployment, member)},
            "spec": scorer_spec(deployment, member, words=_words(batch), fields=fields),
        },
    }


_LABELS = {"SCORER_JOB": "job-name", "SCORER_RUN": "controller-uid"}


def _words(batch: Batch) -> tuple[Data, ...]:
    """What the scorer is told. `$(X)` is a variable of the container; a Job gives each pod of several its number."""
    said = ("--at=$(SCORER_JOB)", "--run=$(SCORER_RUN)")
    if batch.parallelism == 1:
        return ("run", *said)
    return ("share", *said, traced(f"--part=$(JOB_COMPLETION_INDEX)/{batch.parallelism}", _PARTS))


def _tries(batch: Batch, platform: Platform) -> dict[str, Data]:
    """How many pods there are, and how often each may fail."""
    count = batch.retries.count
    if batch.parallelism == 1:
        return {"backoffLimit": traced(count, _RETRIES)}
    number = traced(batch.parallelism, _PARTS)
    parts: dict[str, Data] = {"completionMode": "Indexed", "completions": number, "parallelism": number}
    if platform.since(LIMIT_PER_INDEX_SINCE.value):
        # One part that has failed for good is the end of all: without it there is nothing to publish.
        return {**parts, "backoffLimitPerIndex": traced(count, _RETRIES), "maxFailedIndexes": 0}
    return {**parts, "backoffLimit": traced(count * batch.parallelism, _RETRIES, _PARTS)}


def _longest(batch: Batch) -> Data:
    """Seconds that all tries may take, with the pauses between them."""
    each = batch.timeout.seconds + batch.wait.timeout.seconds + BACKOFF_SECONDS.value
    return traced((batch.retries.count + 1) * each, "batch.timeout", "batch.wait.timeout", _RETRIES)


def _rules() -> Data:
    """A pod that was moved away is no failure; what would fail again is not tried again."""
    codes = sorted((*FINAL.value, NO_INPUT.value))
    moved: Data = {"action": "Ignore", "onPodConditions": [{"type": "DisruptionTarget", "status": "True"}]}
    values = traced(list(codes), "fact:batch.FINAL", "fact:batch.NO_INPUT")
    final: Data = {
        "action": "FailJob",
        "onExitCodes": {"containerName": SCORER, "operator": "In", "values": values},
        "onPodConditions": [],  # the schema of 1.25 wants it
    }
    return [moved, final]
