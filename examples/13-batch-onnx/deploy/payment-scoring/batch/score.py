"""Scores the files of one interval with the model, and publishes the results in one step.

    python score.py --interval-start 2026-01-01

does all of it. With a step's name before the options it does that step only, so that a scheduler can run each as a
task of its own: `validate`, `score` (once for each part, with --part), `gate`, `publish`. Until the last one nothing
changes for readers; `scorer/publishing.py` says what they rely on. The same interval gives the same bytes again.

    python score.py --at now

does it for the last interval that has ended. `share` is for several at once that nobody waits for: each scores its part,
and the one that ends last does the rest.

Exit codes: 0 done · 2 wrong usage · 3 no input · 4 the input does not fit · 5 a gate is closed · 6 another run is at it ·
7 the model can't be loaded or fails · 8 storage fails · 9 out of time. Needs what requirements.txt beside it names.
"""

import argparse
import datetime as dt
import hashlib
import json
import math
import os
import signal
import sys
import time

from scorer import reading
from scorer.digest import is_address
from scorer.failure import GATE, STORAGE, TIMEOUT, Failure
from scorer.interval import ended, interval
from scorer.progress import tell
from scorer.publishing import MANIFEST, PASSED, REPORT, RUN, destination
from scorer.scoring import Scorer
from scorer.storage import Place

SPEC = {
    "name": "payment-scoring",
    "release": "1.0.0",
    "model": {
        "path": "project/model/fraud_detector.onnx",
        "version": "3",
        "digest": "sha256:1dac33d928eb86b459364c518f9a93843e7978586413b47682018d6d35b00339",
    },
    "settings": {"graph_level": "all", "providers": ["CPUExecutionProvider"]},
    "threads": 2,
    "schedule": {
        "timezone": "Europe/Berlin",
        "minutes": [0],
        "hours": [2],
        "days": None,
        "months": None,
        "weekdays": None,
        "either_day": False,
    },
    "input": {
        "uri": ["data/payments/", ["start", "%Y-%m-%d"], "/"],
        "storage": None,
        "format": "parquet",
        "columns": {
            "amount": "FP32",
            "category_encoded": "FP32",
            "hour": "FP32",
            "day_of_week": "FP32",
        },
        "allow_nulls": False,
    },
    "output": {
        "uri": ["data/scores/", ["start", "%Y-%m-%d"], "/"],
        "storage": None,
        "format": "parquet",
    },
    "keep": ["payment_id"],
    "append": {
        "prediction": "fraud",
        "probability": "fraud_probability",
        "scored_at": "scored_at",
        "model_version": "model_version",
    },
    "chunk_rows": 65536,
    "parts": 1,
    "wait_seconds": 10,
    "timeout_seconds": 1800,
    "gates": {"min_rows": 100, "null_fraction": 0.0, "bad_fraction": 0.01, "min": 0.0, "max": 1.0},
    "bad_rows": {"uri": ["data/rejected/", ["start", "%Y-%m-%d"], "/"], "storage": None},
}

HERE = os.path.dirname(os.path.abspath(__file__))
STEPS = ("run", "validate", "score", "gate", "publish", "share")


def arguments():
    parser = argparse.ArgumentParser(description="Scores the files of one interval with the model.")
    parser.add_argument("step", nargs="?", default="run", choices=STEPS, help="what to do (default: all of it)")
    when = parser.add_mutually_exclusive_group(required=True)
    when.add_argument("--interval-start", metavar="TIME", help="ISO 8601; the schedule's time zone")
    when.add_argument("--at", metavar="TIME", help="the last interval that has ended then: `now`, or the name of a Job")
    parser.add_argument("--interval-end", metavar="TIME", help="default: the next moment of the schedule")
    parser.add_argument("--scored-at", metavar="TIME", help="default: the end of the interval")
    parser.add_argument("--data", default=".", metavar="DIR", help="where relative paths start (default: %(default)s)")
    parser.add_argument("--part", default=f"0/{SPEC['parts']}", metavar="I/N", help="which part to score")
    parser.add_argument("--wait", type=int, default=SPEC["wait_seconds"], metavar="SECONDS", help="for input (%(default)s)")
    parser.add_argument("--run", metavar="NAME", help="the run's name, the same in all its steps")
    parser.add_argument("--model", default=default_model(), metavar="PATH", help="default: %(default)s")
    given = parser.parse_args()
    try:
        given.interval = interval_of(given)
        given.part, given.parts = (int(number) for number in given.part.split("/"))
        if not 0 <= given.part < given.parts:
            raise ValueError(f"there is no part {given.part} of {given.parts}")
        if given.run and ("/" in given.run or given.run.startswith(".")):
            raise ValueError(f"--run={given.run}: the name becomes that of a folder, without `/` and with no dot first")
    except ValueError as error:
        parser.error(str(error))
    if not given.run and given.step != "run" and any("://" in uri for uri in written(given.interval)):
        parser.error("a step by itself needs --run: on object storage that names what the steps work on")
    given.name = given.run or f"{given.interval.name}-{time.time_ns():x}"
    return given


def interval_of(given):
    if given.at:
        return ended(SPEC["schedule"], given.at)
    return interval(SPEC["schedule"], given.interval_start, given.interval_end)


def written(interval):
    """The addresses that results go to."""
    return [interval.path(SPEC[place]["uri"]) for place in ("output", "bad_rows") if SPEC[place]["uri"]]


def default_model():
    path = SPEC["model"]["path"]
    return path if is_address(path) else os.path.join(HERE, path)


class Job:
    """One run: an interval, with the places that it reads from and writes to."""

    def __init__(self, given):
        self.interval, self.model, self.part, self.parts = given.interval, given.model, given.part, given.parts
        self.wait_seconds = given.wait
        self.name, self.named = given.name, bool(given.run)
        self.scored_at = dt.datetime.fromisoformat(given.scored_at) if given.scored_at else given.interval.end
        self.source = self.place(SPEC["input"], given)
        self.results = destination(self.place(SPEC["output"], given), given)
        bad = SPEC["bad_rows"]
        self.rejected = destination(self.place(bad, given), given) if bad["uri"] else None

    def place(self, spec, given):
        return Place(given.interval.path(spec["uri"]), given.data, spec["storage"])

    @property
    def places(self):
        return [place for place in (self.results, self.rejected) if place]

    def run(self):
        """All steps, as one process that keeps others out."""
        if self.is_published():
            return
        self.begin()
        self.score_parts()
        self.end()

    def score_parts(self):
        for part in range(self.parts):
            self.score_part(part)

    def share(self):
        """One part. Who finds all others there gates and publishes: of several, the first one does it for all."""
        if self.is_published():
            return
        self.validate()
        if not self.is_scored():
            self.score()
        told = self.told()
        if None in told or any(report["of"] != told[self.part]["of"] for report in told):
            return
        self.lock(shared=False, wait=True)
        if self.is_published():
            self.leave()
        elif self.results.get(PASSED) is not None:  # who saw to that was killed, and may have published the bad rows
            self.publish_all()
        else:
            self.end()

    def is_scored(self):
        """Whether its part was scored before, of the same. Others may be at publishing what that try made, and readers may
        see it already: so it stays as it is when the part is tried again."""
        report = self.results.get(report_of(self.part))
        if report is None:
            return False
        found, scorer = reading.Input(SPEC["input"], self.source), Scorer(SPEC, self.model, self.scored_at)
        return report["of"] == self.fingerprint(found, scorer.digest)

    def is_published(self):
        """Whether this run has done it all before: it was started again after that."""
        if self.named and self.results.published() == self.name:
            print(f"published before: {self.results.target}")
            return True
        return False

    def is_done(self):
        """Whether this run has done it all before, and has scored nothing anew since."""
        return not any(self.told()) and self.is_published()

    def begin(self):
        self.lock(shared=False)
        self.validate()
        for place in self.places:
            place.clear()

    def end(self):
        self.gate()
        self.publish_all()

    def lock(self, *, shared, wait=False):
        for place in self.places:
            place.lock(shared=shared, wait=wait)

    def leave(self):
        for place in self.places:
            place.leave()

    def validate(self):
        """Waits for the input, and looks at the schema of each of its files."""
        found = reading.wait(SPEC["input"], self.source, seconds=self.wait_seconds, tell=tell)
        units = found.units()
        tell(f"{len(found.files)} files to read in {len(units)} pieces: {self.source.uri}")

    def score(self):
        """Scores one part; others may be at theirs meanwhile."""
        self.lock(shared=True)
        for place in self.places:
            place.clear(PASSED, MANIFEST, report_of(self.part), f"part-{self.part:05d}")
        self.score_part(self.part)

    def score_part(self, part):
        found = reading.Input(SPEC["input"], self.source)
        units = reading.share(found.units(), part, self.parts)
        scorer = Scorer(SPEC, self.model, self.scored_at)
        report = scorer.score(found, units, part=part, results=self.results, rejected=self.rejected)
        self.results.put(report_of(part), {**report, "of": self.fingerprint(found, scorer.digest)})

    def fingerprint(self, found, digest):
        """What all parts of a run must have in common to be put together."""
        files = [[file.path, file.size] for file in found.files]
        run = self.name if self.named else None
        seed = [SPEC, self.interval.data(), self.scored_at.isoformat(), self.parts, files, digest, run]
        return hashlib.sha256(json.dumps(seed).encode()).hexdigest()

    def told(self):
        """What each part told; None for one that has not, or was published."""
        return [self.results.get(report_of(part)) for part in range(self.parts)]

    def reports(self):
        """What each part told; Failure when one has not, or tells of something else."""
        found = self.told()
        absent = [str(part) for part, report in enumerate(found) if report is None]
        if absent:
            raise Failure(GATE, f"part {', '.join(absent)} of {self.parts} has not been scored")
        if len({report["of"] for report in found}) > 1:
            raise Failure(GATE, "the parts are not of one run: input, model or spec changed between them")
        return found

    def gate(self):
        """Whether the results may be published; what is in them is told in their manifest."""
        if self.is_done():
            return
        reports = self.reports()
        manifest = self.manifest(reports)
        if closed := list(closed_gates(manifest, reports)):
            for place in self.places:  # only now: where it passes, a part that ended together with this one reads it
                place.clear(PASSED)
            raise Failure(GATE, f"{'; '.join(closed)}. {self.results.target} stays as it was")
        seconds = round(sum(report["seconds"] for report in reports), 3)
        self.results.put(RUN, {"name": self.name, "seconds": seconds, "parts": self.parts})
        self.results.put(MANIFEST, manifest)
        if self.rejected:
            bad = {**manifest, "rows": manifest["bad_rows"], "files": files_of(reports, "bad_files")}
            self.rejected.put(MANIFEST, bad)
        for place in reversed(self.places):
            place.put(PASSED, {})

    def manifest(self, reports):
        watched = [report["least"] for report in reports if report["least"] is not None]
        most = [report["most"] for report in reports if report["most"] is not None]
        return {
            "name": SPEC["name"],
            "release": SPEC["release"],
            "interval": self.interval.data(),
            "model": {"version": SPEC["model"]["version"], "digest": reports[0]["model_digest"]},
            "format": SPEC["output"]["format"],
            "rows": sum(report["rows"] for report in reports),
            "bad_rows": sum(report["bad_rows"] for report in reports),
            "nulls": sum(report["nulls"] for report in reports),
            "least": min(watched, default=None),
            "most": max(most, default=None),
            "files": files_of(reports, "files"),
        }

    def publish(self):
        """Readers see the results from now on."""
        self.lock(shared=False)
        if self.is_done():
            self.leave()
        else:
            self.publish_all()

    def publish_all(self):
        passed, manifest = self.results.get(PASSED), self.results.get(MANIFEST)
        if passed is None or manifest is None:
            raise Failure(GATE, f"nothing in {self.results.path} has passed the gates")
        for place in reversed(self.places):
            if place.get(PASSED) is not None:  # or it was published when the run was killed before the results were
                place.publish()
        bad = f", {manifest['bad_rows']:,} bad ones apart" if manifest["bad_rows"] else ""
        print(f"published {manifest['rows']:,} rows{bad}: {self.results.target}")


def report_of(part):
    return f"{REPORT}{part:05d}.json"


def files_of(reports, key):
    return [file for report in reports for file in report[key]]


def closed_gates(manifest, reports):
    """What does not hold of the results, each as half a sentence."""
    gates, rows, bad = SPEC["gates"], manifest["rows"], manifest["bad_rows"]
    if bad > gates["bad_fraction"] * (rows + bad):
        samples = [sample for report in reports for sample in report["samples"]][:3]
        yield f"{bad:,} of {rows + bad:,} rows are bad, {gates['bad_fraction']:.2%} may be: {'; '.join(samples)}"
    if rows < gates["min_rows"]:
        yield f"{rows:,} rows of results, at least {gates['min_rows']:,} are wanted"
    if manifest["nulls"] > gates["null_fraction"] * rows:
        yield f"{manifest['nulls']:,} of {rows:,} predictions are missing, {gates['null_fraction']:.2%} may be"
    least, most = (value if value is not None else math.nan for value in (manifest["least"], manifest["most"]))
    if gates["min"] is not None and least < gates["min"]:
        yield f"a prediction is {least}, and {gates['min']} is the least that may be"
    if gates["max"] is not None and most > gates["max"]:
        yield f"a prediction is {most}, and {gates['max']} is the most that may be"


def out_of_time(*_):
    raise Failure(TIMEOUT, f"out of time after {SPEC['timeout_seconds']} s")


def main():
    given = arguments()
    signal.signal(signal.SIGALRM, out_of_time)
    signal.alarm(SPEC["timeout_seconds"] + given.wait)
    try:
        getattr(Job(given), given.step)()
    except (Failure, OSError) as failure:  # what a storage or a disk refuses is an OSError
        print(f"score.py: {failure}", file=sys.stderr)
        return getattr(failure, "code", STORAGE)
    return 0


if __name__ == "__main__":
    sys.exit(main())
