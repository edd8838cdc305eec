"""Scoring: chunks are read, predicted and written at the same time, several of them beside each other where the model
allows it, and no more than a few are in memory at once. What is written is in the order of what was read."""

import importlib
import os
from collections import deque
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from scorer.columns import column
from scorer.digest import proven
from scorer.failure import MODEL, Failure
from scorer.progress import Progress
from scorer.rows import Rows
from scorer.writing import Part

_SAMPLES = 3


class Scorer:
    """The model, loaded once, and the columns that it adds."""

    def __init__(self, spec, path, scored_at):
        self._spec, self._append = spec, spec["append"]
        self._scored_at = pa.scalar(scored_at, pa.timestamp("us", "UTC"))
        self._wanted = [kind for kind in ("prediction", "probability") if self._append[kind]]
        self.digest = proven(path, spec["model"]["digest"])
        try:
            module = importlib.import_module("scorer.model")
            self._threads = spec["threads"] or len(os.sched_getaffinity(0))
            self._model = module.Model(path, threads=self._threads, settings=spec["settings"])
        except Failure:
            raise
        except Exception as error:  # whatever a library raises for a file that it can't load
            raise Failure(MODEL, f"{path} can't be loaded: {type(error).__name__}: {str(error)[:500]}") from error

    def score(self, found, units, *, part, results, rejected):
        """Scores units of the input into files of one part, and reports on them."""
        report = {"rows": 0, "bad_rows": 0, "nulls": 0, "least": None, "most": None, "samples": []}
        name = f"part-{part:05d}"
        format = importlib.import_module(f"scorer.{self._spec['output']['format']}")
        good = Part(results, f"{name}{format.SUFFIX}", format)
        bad = Part(rejected, f"{name}{format.SUFFIX}", format) if rejected else None
        progress = Progress(name)
        threads = self._threads if self._model.concurrent else 1
        with ThreadPoolExecutor(1) as reader, ThreadPoolExecutor(threads) as workers, ThreadPoolExecutor(1) as writer:
            written = writer.submit(int)
            chunks = _ahead(reader, self._chunks(found, units))
            for table, apart, noted in _in_order(workers, self._scored, chunks, most=threads + 1):
                _add(report, noted)
                written.result()
                written = writer.submit(_write, good, table, bad, apart)
                progress.add(noted["rows"] + noted["bad_rows"])
            written.result()
        return {
            **report,
            "files": _closed(good),
            "bad_files": _closed(bad) if bad else [],
            "model_digest": self.digest,
            "seconds": progress.seconds,
        }

    def _chunks(self, found, units):
        keep, columns = self._spec["keep"], list(self._spec["input"]["columns"])
        wanted = None if keep is None else list(dict.fromkeys([*keep, *columns]))
        for unit in units:
            for chunk in found.chunks(unit, wanted, self._spec["chunk_rows"]):
                if len(chunk):
                    yield unit, chunk

    def _scored(self, unit, chunk):
        """The results of a chunk, its bad rows, and what is to be reported of both; None for what has no rows."""
        rows = Rows(chunk, self._spec["input"]["columns"], allow_nulls=self._spec["input"]["allow_nulls"])
        noted = _noted_bad(rows.bad, unit)
        if not len(rows.features):
            return None, rows.bad, noted
        try:
            prediction, probability = self._model.predict(rows.features, wanted=self._wanted)
        except Failure:
            raise
        except Exception as error:  # whatever a library, or code of the user's, raises
            raise Failure(MODEL, f"the model fails on {unit.file.path}: {type(error).__name__}: {error}") from error
        added = self._columns({"prediction": prediction, "probability": probability}, len(rows.features))
        keep = self._spec["keep"]
        kept = {name: rows.kept.column(name) for name in (rows.kept.schema.names if keep is None else keep)}
        answers = [added[self._append[kind]] for kind in self._wanted]
        return pa.RecordBatch.from_pydict({**kept, **added}), rows.bad, {**noted, **_noted(answers)}

    def _columns(self, outputs, count):
        added = {}
        for kind in self._wanted:
            if outputs[kind] is None:
                raise Failure(MODEL, f"the model gives no {kind}")
            added[self._append[kind]] = column(outputs[kind], probability=kind == "probability")
        if len(next(iter(added.values()))) != count:
            raise Failure(MODEL, f"the model gives {len(next(iter(added.values())))} predictions for {count} rows")
        if name := self._append["scored_at"]:
            added[name] = pa.repeat(self._scored_at, count)
        if name := self._append["model_version"]:
            added[name] = pa.repeat(self._spec["model"]["version"], count)
        return added


def _noted_bad(bad, unit):
    """What is to be reported of bad rows: how many, and some of their reasons."""
    reasons = bad.column("bad_reason").to_pylist()[:_SAMPLES] if bad is not None else []
    return {
        "rows": 0,
        "bad_rows": len(bad) if bad is not None else 0,
        "nulls": 0,
        "least": None,
        "most": None,
        "samples": [f"{os.path.basename(unit.file.path)}: {reason}" for reason in reasons],
    }


def _noted(answers):
    """What is to be reported of the model's answers: how many rows lack one, and the least and the most of the first."""
    lacking = np.logical_or.reduce([_lacking(answer) for answer in answers])
    found = {"rows": len(lacking), "nulls": int(np.count_nonzero(lacking))}
    numbers = _flat(answers[0])
    if pa.types.is_integer(numbers.type) or pa.types.is_floating(numbers.type):
        numbers = numbers.drop_null()
        span = pc.min_max(numbers.filter(pc.invert(pc.is_nan(numbers)))).as_py()
        found |= {"least": span["min"], "most": span["max"]}
    return found


def _lacking(answer):
    """Which rows have none, or NaN; of a list a row, those with NaN anywhere in it."""
    missing = pc.is_null(_flat(answer), nan_is_null=True).to_numpy(zero_copy_only=False)
    return missing.reshape(len(answer), -1).any(axis=1)


def _flat(answer):
    """All numbers of a column that may have a list a row."""
    return answer.flatten() if pa.types.is_fixed_size_list(answer.type) else answer


def _add(report, noted):
    """The report with what was noted of one chunk more."""
    for key in ("rows", "bad_rows", "nulls"):
        report[key] += noted[key]
    report["least"] = min(filter(_there, (report["least"], noted["least"])), default=None)
    report["most"] = max(filter(_there, (report["most"], noted["most"])), default=None)
    report["samples"] = (report["samples"] + noted["samples"])[:_SAMPLES]


def _there(value):
    return value is not None


def _ahead(reader, chunks):
    """The same chunks, each read while the one before it is worked on."""
    following = reader.submit(next, chunks, None)
    while (chunk := following.result()) is not None:
        following = reader.submit(next, chunks, None)
        yield chunk


def _in_order(workers, work, given, *, most):
    """What the work gives for each item, in the order of the items; so many of them are worked on at once."""
    pending = deque()
    for item in given:
        pending.append(workers.submit(work, *item))
        if len(pending) == most:
            yield pending.popleft().result()
    while pending:
        yield pending.popleft().result()


def _write(good, table, bad, apart):
    if table is not None:
        good.write(table)
    if bad is not None and apart is not None:
        bad.write(apart)


def _closed(part):
    file = part.close()
    return [file] if file else []
