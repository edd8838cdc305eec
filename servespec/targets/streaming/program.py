"""The program of a stream: its literal, and the modules that this literal needs."""

from __future__ import annotations

from collections.abc import Iterator

from servespec.artifacts import Artifact, Language
from servespec.emit import python, template
from servespec.emit.quoted import Data, plain, traced
from servespec.runtimes import streaming as facts
from servespec.spans import Value
from servespec.targets.scorer import model_modules, scorer_modules

_WORKER = ("__init__", "events", "failure", "features", "health", "letters", "loop", "metrics", "models", "outcomes",
           "pulse", "scoring", "secrets", "telling")  # fmt: skip
_DEFAULTS = {"source": ("streaming.CONSUMER", facts.CONSUMER), "sink": ("streaming.PRODUCER", facts.PRODUCER)}


def program(spec: dict[str, Data], *, model: str) -> tuple[Artifact, ...]:
    """The files of a worker with this literal, for a model of that format, or for one that is a `service`."""
    full = {name: _with_defaults(name, value) for name, value in spec.items()}
    literal = python.literal(full, column=len("SPEC = "))
    known = plain(spec)
    assert isinstance(known, dict)
    return (
        Artifact("stream.py", template.render("streaming/stream.py", {"spec": literal}), Language.PYTHON),
        *(_module(name, path) for name, path in sorted({*_worker(known), *_scorer(model)})),
    )


def _with_defaults(name: str, value: Data) -> Data:
    """A side of Kafka with what its client is told besides the connection; anything else as it is."""
    if name not in _DEFAULTS or _text(plain(value), "kind") != "kafka":
        return value
    assert isinstance(value, dict)
    origin, fact = _DEFAULTS[name]
    given = value["client"]
    assert isinstance(given, dict)
    more = {key: traced(item, f"fact:{origin}") for key, item in fact.value.items() if key not in given}
    return {**value, "client": {**given, **more}}


def _worker(spec: dict[str, Value]) -> Iterator[tuple[str, str]]:
    """Each module of the worker, and its template."""
    for name in _WORKER:
        yield f"worker/{name}", f"streaming/worker/{name}.py"
    for side in ("source", "sink"):
        kind = _text(spec[side], "kind")
        parts = ("", f"_{side}") if side == "source" else ("", "_source", "_sink", "_backlog")
        for part in parts:
            yield f"worker/{kind}{part}", f"streaming/{kind}/{kind}{part}.py"
    for side in ("value", "output"):
        encoding = _text(spec[side], "format")
        yield f"worker/{encoding}", f"streaming/formats/{encoding}.py"
        if encoding == "avro":
            yield "worker/registry", "streaming/worker/registry.py"


def _scorer(model: str) -> Iterator[tuple[str, str]]:
    """Each module that a worker has in common with a batch's scorer, and its template; a service stands for a model."""
    own = [("model", "streaming/worker/service.py")] if model == "service" else model_modules(model)
    yield from ((f"scorer/{name}", path) for name, path in (*scorer_modules(), *own))


def _module(name: str, path: str) -> Artifact:
    return Artifact(f"{name}.py", template.render(path, {}), Language.PYTHON)


def _text(value: Value, key: str) -> str:
    assert isinstance(value, dict)
    return str(value[key])
