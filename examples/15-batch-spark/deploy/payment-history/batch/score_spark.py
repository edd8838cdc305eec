"""Scores the files of one interval with Spark: each part in a task of its own, by the code of score.py, so that the
results are those of score.py in as many parts.

    spark-submit --py-files scorer.zip --files MODEL score_spark.py --model MODEL --interval-start 2026-01-01

takes what score.py takes. The executors need what requirements.txt names, and all of them the same storage: an address
of object storage, or a folder that each machine has mounted.
"""

import os
import sys

import pyarrow as pa
from pyspark import SparkFiles
from pyspark.sql import SparkSession

from score import SPEC, Job, arguments
from scorer.digest import is_address
from scorer.failure import STORAGE, Failure


def scored(given):
    """What a task does: it scores the parts that come to it, and says how each one ended."""

    def task(batches):
        for batch in batches:
            ends = [_end(given, part) for part in batch.column("id").to_pylist()]
            yield pa.RecordBatch.from_pydict({"code": [code for code, _ in ends], "said": [said for _, said in ends]})

    return task


def _end(given, part):
    os.environ.update(given.shown)
    try:
        job = Job(given)
        if not os.path.exists(given.model) and not is_address(given.model):
            job.model = SparkFiles.get(os.path.basename(given.model))
        job.score_part(part)
    except (Failure, OSError) as failure:  # what a storage or a disk refuses is an OSError
        return getattr(failure, "code", STORAGE), str(failure)
    return 0, ""


def secrets():
    """The variables by which storage is shown who asks. A task has them from the job: they stand in no configuration."""
    storages = [SPEC[side].get("storage") for side in ("input", "output", "bad_rows")]
    return sorted({name for storage in storages if storage for name in storage["secrets"].values()})


class SparkJob(Job):
    """A run whose parts are tasks."""

    def __init__(self, given, spark):
        super().__init__(given)
        self._task, self._spark = scored(given), spark

    def score_parts(self):
        parts = self._spark.range(0, self.parts, 1, self.parts).mapInArrow(self._task, "code long, said string")
        for code, said in parts.collect():
            if code:
                raise Failure(code, said)


def main():
    given = arguments()
    given.shown = {name: os.environ[name] for name in secrets() if name in os.environ}
    spark = SparkSession.builder.appName(SPEC["name"]).getOrCreate()
    try:
        SparkJob(given, spark).run()
    except (Failure, OSError) as failure:
        print(f"score_spark.py: {failure}", file=sys.stderr)
        return getattr(failure, "code", STORAGE)
    finally:
        spark.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
