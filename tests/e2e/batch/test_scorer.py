"""The scorer of the batch target: what it publishes, when it refuses to, and what a reader sees meanwhile."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.batch.conftest import DAY, ONNX_FILES, Job

pytestmark = pytest.mark.e2e

Make = Callable[..., Job]


def _bytes(folder: Path) -> dict[str, str]:
    """The digest of each file that readers take."""
    files = (path for path in folder.iterdir() if path.name != "_run.json")
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_results_are_the_librarys_and_the_same_twice(job: Make) -> None:
    """Each row is there in its order with the model's own numbers; a second run of the interval gives the same bytes."""
    made = job()
    made.write(1000)
    made.write(777, "b.parquet", seed=2)
    told = made.run()
    assert "published 1,777 rows" in told
    first, found = _bytes(made.folder / "out" / DAY), made.read()
    expected = [made.ask("truth", "onnx", made.folder / made.model, *of) for of in ((1000, 1), (777, 2))]
    assert [row["fraud"] for row in found["rows"]] == expected[0]["prediction"] + expected[1]["prediction"]
    assert [row["p"] for row in found["rows"]] == pytest.approx(
        expected[0]["probability"] + expected[1]["probability"], rel=0, abs=1e-7
    )
    assert list(found["rows"][0]) == ["id", "amount", "category", "hour", "day", "fraud", "p", "at", "v"]
    assert {row["at"] for row in found["rows"]} == {"2026-01-05 23:00:00+00:00"}
    assert found["manifest"]["rows"] == 1777
    assert "_SUCCESS" in found["names"]
    made.run()
    assert _bytes(made.folder / "out" / DAY) == first


def test_a_model_that_is_not_there(job: Make) -> None:
    """It is said to be missing, and not to have another digest than the one that is wanted."""
    found = hashlib.sha256((ONNX_FILES / "fraud_detector.onnx").read_bytes()).hexdigest()
    made = job(model=f"{{ format: onnx, uri: ./model/fraud_detector.onnx, digest: 'sha256:{found}' }}")
    made.write(10)
    assert "score.py: there is no gone.onnx\n" in made.run("--model=gone.onnx", code=7)


def test_input_that_is_not_there(job: Make) -> None:
    """A run waits as long as it may, which is no part of its own time, then says where it looked and what is there
    instead."""
    made = job(more="  wait: { timeout: 2s }\n  timeout: 1s")
    made.write(10).rename(made.folder / "in" / "other.parquet")
    start = time.monotonic()
    told = made.run(code=3)
    assert time.monotonic() - start > 2
    assert f"looked for {made.folder}/in/{DAY}" in told
    assert not (made.folder / "out" / DAY).exists()


@pytest.mark.parametrize(
    ("spoil", "code", "said"),
    [
        ({"amount": "text"}, 4, "column amount is string, and the model takes FP32"),
        ({"hour": "absent"}, 4, "has no column hour; it has id, amount, category, day"),
        ({"amount": "null"}, 5, "1 of 50 rows are bad, 0.00% may be: a.parquet: amount is missing"),
        ({"amount": float("nan")}, 5, "amount is missing"),
    ],
)
def test_input_that_does_not_fit(job: Make, spoil: dict[str, Any], code: int, said: str) -> None:
    """A wrong datatype, a column that is not there, a value that is missing: each stops the run and is named, and what
    was published before stays."""
    made = job()
    made.write(20)
    made.run()
    before = _bytes(made.folder / "out" / DAY)
    made.write(50, **spoil)
    assert said in made.run(code=code)
    assert _bytes(made.folder / "out" / DAY) == before


@pytest.mark.parametrize(
    ("input", "said"),
    [("parquet", "has no column payer; it has id, amount"), ("csv", "Column 'payer' in include_columns")],
)
def test_a_column_to_keep_that_is_not_there(job: Make, input: str, said: str) -> None:
    """It is named, and nothing is published without it."""
    made = job(input=input, more="  keep: [id, payer]")
    made.write(10, f"a.{input}")
    assert said in made.run(code=4)


def test_a_truncated_file(job: Make) -> None:
    """A file without its end, and one with a hole in it, are named, and nothing is published."""
    made = job()
    path = made.write(5000)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    assert f"{path} can't be read as parquet" in made.run(code=4)
    path.write_bytes(whole[:2000] + bytes(3000) + whole[5000:])
    assert f"{path} can't be read as parquet" in made.run(code=4)
    assert not (made.folder / "out" / DAY).exists()


def test_no_rows(job: Make) -> None:
    """No rows are a closed gate by default; where they may be, a whole result without any is published."""
    made = job()
    made.write(0)
    assert "0 rows of results, at least 1 are wanted" in made.run(code=5)
    made = job(more="  gates: { minRows: 0 }")
    made.run()
    assert (made.read()["manifest"]["rows"], made.read()["names"]) == (0, ["_SUCCESS", "_manifest.json", "_run.json"])


def test_bad_rows_go_apart(job: Make) -> None:
    """Rows that can't be scored are published beside the results with their reasons, and no row is in neither."""
    made = job(
        input="csv",
        more='  gates: { badRows: { fraction: 0.1, output: "bad/{interval.start:%Y-%m-%d}" } }',
    )
    made.write(30, "a.csv", amount="lots")
    made.write(30, "b.csv", hour="null")
    assert "published 58 rows, 2 bad ones apart" in made.run()
    bad = made.read(of="bad")["rows"]
    assert [row["bad_reason"] for row in bad] == ["amount is no FP32: 'lots'", "hour is missing"]
    assert bad[0]["amount"] == "lots"
    assert len(made.read()["rows"]) == 58


def test_a_gate_keeps_what_was_there(job: Make) -> None:
    """A result out of range is not published: readers still have the one before."""
    made = job(more="  gates: { range: { max: 0 } }")
    made.write(10, amount=1.0)
    (made.folder / "out" / DAY).mkdir(parents=True)
    (made.folder / "out" / DAY / "old").write_text("old")
    made.write(3000)
    assert "a prediction is 1, and 0.0 is the most that may be" in made.run(code=5)
    assert [path.name for path in (made.folder / "out" / DAY).iterdir()] == ["old"]


@pytest.mark.parametrize(("input", "output"), [("csv", "jsonl"), ("jsonl", "csv")])
def test_other_formats(job: Make, input: str, output: str) -> None:
    """CSV and JSON lines give the numbers that Parquet gives."""
    made = job(input=input, output=output)
    made.write(700, f"a.{input}")
    made.run()
    truth = made.ask("truth", "onnx", made.folder / made.model, 700, 1)
    rows = made.read()["rows"]
    assert [row["fraud"] for row in rows] == truth["prediction"]
    assert [row["p"] for row in rows] == pytest.approx(truth["probability"], rel=0, abs=1e-6)


def test_parts(job: Make) -> None:
    """Parts that are scored each by itself make the rows of one run, in their order; without one of them there is
    nothing to publish."""
    made = job(more="  parallelism: 3")
    made.write(1000)
    made.run("validate")
    for part in (2, 0):
        made.run("score", f"--part={part}/3")
    assert "part 1 of 3 has not been scored" in made.run("gate", "--part=0/3", code=5)
    made.run("score", "--part=1/3")
    made.run("gate")
    assert not (made.folder / "out" / DAY).exists()
    made.run("publish")
    found = made.read()
    assert [row["id"] for row in found["rows"]] == list(range(1000))
    assert [file["name"][:10] for file in found["manifest"]["files"]] == ["part-00000", "part-00001", "part-00002"]
    made.run()
    assert made.read()["manifest"] == found["manifest"]


def test_parts_of_different_runs_do_not_go_together(job: Make) -> None:
    """When the input changes between two parts, they are not put together."""
    made = job(more="  parallelism: 2")
    made.write(1000)
    made.run("score", "--part=0/2")
    made.write(900)
    made.run("score", "--part=1/2")
    assert "the parts are not of one run" in made.run("gate", code=5)


def test_killed_at_any_moment(job: Make) -> None:
    """Whenever a run is killed, readers have all of what was there, and the next run publishes as ever."""
    made = job()
    made.write(2000)
    made.run()
    before = made.read()
    made.write(400_000, seed=9)
    for delay in (0.6, 1.0, 1.4, 1.8, 2.2):
        with subprocess.Popen(
            made.command(), cwd=made.folder, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL
        ) as run:
            time.sleep(delay)
            run.send_signal(signal.SIGKILL)
        assert made.read()["manifest"]["rows"] in (2000, 400_000)
    made.run()
    assert made.read()["manifest"]["rows"] == 400_000
    assert before["manifest"]["rows"] == 2000


def test_a_second_run_beside_the_first(job: Make) -> None:
    """A run that is at an interval keeps others out, and ends well."""
    made = job(more="  wait: { timeout: 30s }")
    with subprocess.Popen(made.command(), cwd=made.folder, stderr=subprocess.PIPE, text=True) as first:
        assert first.stderr is not None
        assert "waiting for" in first.stderr.readline()
        assert "another run writes to" in made.run(code=6)
        made.write(10)
        assert first.wait(timeout=60) == 0
    assert made.read()["manifest"]["rows"] == 10
    assert os.listdir(made.folder / "out") == [DAY]


@pytest.mark.parametrize(
    ("cron", "start", "edges"),
    [
        ("@daily", "2026-03-29", ("2026-03-29T00:00:00+01:00", "2026-03-30T00:00:00+02:00")),
        ("@daily", "2026-10-25", ("2026-10-25T00:00:00+02:00", "2026-10-26T00:00:00+01:00")),
        ("30 2 * * *", "2026-03-28", ("2026-03-28T02:30:00+01:00", "2026-03-29T03:30:00+02:00")),
        ("30 2 * * *", "2026-10-25", ("2026-10-25T02:30:00+01:00", "2026-10-26T02:30:00+01:00")),
        ("@hourly", "2026-10-25T02:00:00+02:00", ("2026-10-25T02:00:00+02:00", "2026-10-25T02:00:00+01:00")),
        ("@hourly", "2026-03-29T01:00:00+01:00", ("2026-03-29T01:00:00+01:00", "2026-03-29T03:00:00+02:00")),
        ("0 6 * * mon-fri", "2026-01-09", ("2026-01-09T06:00:00+01:00", "2026-01-12T06:00:00+01:00")),
        ("0 0 1 * *", "2026-12-01", ("2026-12-01T00:00:00+01:00", "2027-01-01T00:00:00+01:00")),
    ],
)
def test_intervals(job: Make, cron: str, start: str, edges: tuple[str, str]) -> None:
    """An interval ends where the next one starts, on days of 23 and of 25 hours too."""
    made = job(cron=cron)
    made.write(10)
    (made.folder / "in" / DAY).rename(made.folder / "in" / start[:10])
    made.run(f"--interval-start={start}")
    interval = made.read(start[:10])["manifest"]["interval"]
    assert (interval["start"], interval["end"]) == edges
