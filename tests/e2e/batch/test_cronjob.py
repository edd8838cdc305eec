"""What a CronJob starts, as processes: the command line of its pods, with the variables that a cluster would give them."""

from __future__ import annotations

import datetime as dt
import os
import re
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.e2e.batch.conftest import DAY, Job

pytestmark = pytest.mark.e2e

_MORE = """\
  runOn: kubernetes
  volumeClaim: payments
  parallelism: %s
image: { repository: registry.example.com/fraud }
"""
_TARGETS = ("targets: { batch: }", "targets: { kubernetes: }")
_MOMENT = dt.datetime.fromisoformat("2026-01-06T00:00:00+01:00")
"""When the interval that begins on `DAY` ends."""


@pytest.fixture
def pods(job: Callable[..., Job], build: Callable[[Path], Any]) -> Callable[..., list[list[str]]]:
    """The command lines of the pods of a Job that is called so, and of its UID."""

    def make(made: Job, *, name: str, uid: str) -> list[list[str]]:
        text = (made.folder / "deploy" / "fraud" / "kubernetes" / "cronjob.yaml").read_text()
        spec = yaml.safe_load(text)["spec"]["jobTemplate"]["spec"]
        (container,) = spec["template"]["spec"]["containers"]
        sources = {item["name"]: item["valueFrom"]["fieldRef"]["fieldPath"] for item in container["env"]}
        assert sources == {
            "SCORER_JOB": "metadata.labels['job-name']",
            "SCORER_RUN": "metadata.labels['controller-uid']",
        }
        known = {"SCORER_JOB": name, "SCORER_RUN": uid}
        numbers = range(spec.get("completions", 1))
        return [
            [
                *made.base(f"--data={made.folder}"),
                *_expanded(container["args"], {**known, "JOB_COMPLETION_INDEX": str(number)}),
            ]
            for number in numbers
        ]

    return make


def _expanded(words: list[str], variables: Mapping[str, str]) -> list[str]:
    return [re.sub(r"\$\((\w+)\)", lambda match: variables[match[1]], word) for word in words]


@pytest.fixture
def scheduled(job: Callable[..., Job], build: Callable[[Path], Any]) -> Callable[[int], Job]:
    """A scorer for the cluster, in so many parts."""

    def make(parts: int) -> Job:
        made = job(more=_MORE % parts)
        spec = made.folder / "serving.yaml"
        spec.write_text(spec.read_text().replace(*_TARGETS))
        build(made.folder)
        return made

    return make


def _name(moment: dt.datetime) -> str:
    """What Kubernetes calls the Job of a moment."""
    return f"fraud-{int(moment.timestamp()) // 60}"


def _run(commands: list[list[str]]) -> list[tuple[int, str]]:
    """How processes ended that ran at once, and what they said."""
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True, "env": dict(os.environ)}
    started = [subprocess.Popen(command, **options) for command in commands]
    return [(process.returncode, said) for process in started for said in [process.communicate(timeout=120)[0]]]


def test_the_interval_that_ended_when_the_job_was_due(scheduled: Callable[[int], Job], pods: Any) -> None:
    """However late it is: the name of the Job says when that was. Started again after it was done, it does nothing."""
    made = scheduled(1)
    made.write(500)
    command = pods(made, name=_name(_MOMENT), uid="7c1a")
    assert _run(command)[0][0] == 0
    found = made.read()
    assert found["manifest"]["interval"] == {"start": f"{DAY}T00:00:00+01:00", "end": "2026-01-06T00:00:00+01:00"}
    made.write(600)
    assert _run(command) == [(0, f"published before: {made.folder}/out/{DAY}\n")]
    assert made.read() == found
    later = pods(made, name=_name(_MOMENT), uid="9f00")
    assert _run(later)[0][0] == 0
    assert made.read()["manifest"]["rows"] == 600


def test_parts_at_once(scheduled: Callable[[int], Job], pods: Any) -> None:
    """Whichever pod ends last publishes for all, once, the rows of one run; nothing of it is left beside them."""
    made = scheduled(4)
    made.write(1000)
    for uid in ("a", "b", "c"):
        ended = _run(pods(made, name=_name(_MOMENT), uid=uid))
        assert [code for code, _ in ended] == [0] * 4, ended
        assert sum("published 1,000 rows" in said for _, said in ended) == 1, ended
        found = made.read()
        assert [row["id"] for row in found["rows"]] == list(range(1000))
        assert not [name for name in found["names"] if name.startswith("_part")]
        assert os.listdir(made.folder / "out") == [DAY]


def test_a_part_that_fails(scheduled: Callable[[int], Job], pods: Any) -> None:
    """Without it nothing is published; when it is tried again, it finds the others and publishes."""
    made = scheduled(3)
    made.write(1000)
    first, second, third = pods(made, name=_name(_MOMENT), uid="a")
    assert [code for code, _ in _run([first, third])] == [0, 0]
    assert not (made.folder / "out" / DAY).exists()
    ((code, said),) = _run([second])
    assert (code, "published 1,000 rows" in said) == (0, True)
    assert _run([first])[0] == (0, f"published before: {made.folder}/out/{DAY}\n")


def test_parts_of_another_job_are_not_taken(scheduled: Callable[[int], Job], pods: Any) -> None:
    """What a Job that failed has left is scored again by the next one."""
    made = scheduled(2)
    made.write(1000)
    first, _ = pods(made, name=_name(_MOMENT), uid="a")
    _, second = pods(made, name=_name(_MOMENT), uid="b")
    assert [code for code, _ in _run([first]) + _run([second])] == [0, 0]
    assert not (made.folder / "out" / DAY).exists()


@pytest.mark.parametrize(
    ("cron", "at", "edges"),
    [
        ("@daily", "2026-01-06T00:00:00+01:00", ("2026-01-05T00:00:00+01:00", "2026-01-06T00:00:00+01:00")),
        ("@daily", "2026-01-06T23:59:00+01:00", ("2026-01-05T00:00:00+01:00", "2026-01-06T00:00:00+01:00")),
        ("@daily", "2026-03-30", ("2026-03-29T00:00:00+01:00", "2026-03-30T00:00:00+02:00")),
        ("@daily", "2026-10-26", ("2026-10-25T00:00:00+02:00", "2026-10-26T00:00:00+01:00")),
        ("30 2 * * *", "2026-03-29T03:30:00+02:00", ("2026-03-28T02:30:00+01:00", "2026-03-29T03:30:00+02:00")),
        ("30 2 * * *", "2026-10-25T02:30:00+01:00", ("2026-10-24T02:30:00+02:00", "2026-10-25T02:30:00+01:00")),
        ("@hourly", "2026-10-25T02:00:00+01:00", ("2026-10-25T02:00:00+02:00", "2026-10-25T02:00:00+01:00")),
        ("@hourly", "2026-03-29T03:00:00+02:00", ("2026-03-29T01:00:00+01:00", "2026-03-29T03:00:00+02:00")),
        ("0 6 * * mon-fri", "2026-01-12T06:00:00+01:00", ("2026-01-09T06:00:00+01:00", "2026-01-12T06:00:00+01:00")),
    ],
)
def test_the_last_interval(job: Callable[..., Job], cron: str, at: str, edges: tuple[str, str]) -> None:
    """It is the one that a scheduler starts at that moment, on days of 23 and of 25 hours too."""
    made = job(cron=cron)
    made.write(10)
    (made.folder / "in" / DAY).rename(made.folder / "in" / edges[0][:10])
    made.run(f"--at={at}")
    interval = made.read(edges[0][:10])["manifest"]["interval"]
    assert (interval["start"], interval["end"]) == edges


def test_a_name_without_a_moment(job: Callable[..., Job]) -> None:
    """A Job by hand that is called otherwise is told so."""
    assert "backfill" in job().run("--at=fraud-backfill", code=2)
