"""The promise behind the rules: what they let pass can be emitted, and nothing makes them fail."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from servespec.edge.gather import gather
from servespec.pipeline import Analysis, World
from servespec.pipeline.making import make
from servespec.targets.contract import Output
from tests.projects import analyse_text

_PROJECT = Path(__file__).parents[1] / "cases" / "_project"
_SPEC: dict[str, Any] = {
    "apiVersion": "servespec/v1",
    "name": "fraud-detector",
    "pattern": ["realtime", "batch"],
    "release": "1.4.0",
    "description": "Scores card payments.",
    "owner": "risk-ml",
    "labels": {"tier": "gold"},
    "model": {
        "format": "pytorch",
        "uri": "./model/model.pt",
        "code": "model/model.py",
        "name": "fraud_detector",
        "version": "1.0",
        "digest": "sha256:" + "0" * 64,
        "framework": {"name": "torch", "version": "2.13.0"},
        "handler": {"file": "model/handler.py", "className": "FraudHandler", "settings": {"mode": "strict"}},
        "extraFiles": ["model/labels.json"],
    },
    "signature": {
        "inputs": {"columns": {"amount": "FP32"}},
        "outputs": {"tensors": [{"name": "score", "datatype": "FP32", "shape": [-1, 1]}]},
    },
    "runtime": {
        "version": "0.12.0",
        "microBatch": {"size": 8, "delay": "5ms"},
        "timeouts": {"request": "30s"},
        "env": {"OMP_NUM_THREADS": "1", "STORE": {"secret": "store", "key": "token"}},
        "config": {"service_envelope": "json"},
    },
    "image": {
        "repository": "registry.example.com/ml/fraud",
        "base": "python:3.11-slim-bookworm",
        "requirements": "requirements.txt",
        "indexes": [{"url": "https://pypi.example.com/simple", "secret": "pip_netrc"}],
        "wheels": "wheels",
        "systemPackages": ["libgomp1"],
        "env": {"MALLOC_ARENA_MAX": "2"},
        "files": [{"source": "lookup", "target": "/opt/lookup"}],
        "buildSecrets": ["pip_netrc"],
        "platforms": ["linux/amd64"],
    },
    "resources": {"requests": {"cpu": "500m", "memory": "1Gi"}, "limits": {"memory": "2Gi"}},
    "security": {"authorization": "none", "reason": "behind the gateway"},
    "secrets": [{"name": "store", "keys": ["token"]}],
    "batch": {
        "schedule": {"cron": "0 2 * * *", "timezone": "Europe/Berlin", "start": "2026-01-01T00:00:00Z"},
        "input": {"uri": "s3://in/{interval.start:%Y-%m-%d}/*.csv", "format": "csv", "columns": ["amount"]},
        "output": {"uri": "out/{interval.start:%Y-%m-%d}"},
        "keep": ["id"],
        "append": {"prediction": "fraud", "probability": "p", "scoredAt": "at", "modelVersion": "v"},
        "timeout": "1h",
        "gates": {"badRows": {"fraction": 0.1, "output": "bad/{interval.start:%Y-%m-%d}"}},
        "env": {"AWS_REGION": "eu-central-1", "KEY": {"secret": "store", "key": "token"}},
        "dag": {"id": "scoring", "owner": "ml", "pool": "small", "tags": ["a"], "notify": "company.alerts:page"},
    },
    "examples": [{"name": "night", "request": {"instances": [[1]]}, "latency": "200ms"}],
    "suppress": [{"rule": "runtime-end-of-life", "reason": "known", "until": "2099-01-01"}],
}
_NAMED_BY_USERS = ("labels", "env", "config", "settings", "columns")
_HOSTILE = (
    "", ".", "..", " ", "a b", "-x", "$X", "${X}", "$$X$$", '"', "'", "\\", "\n", "a\nRUN id", "\t", "\0", "\x85",
    "\u2028", "\ud800", "é", "#", "{{ x }}", "%", "*", "[a]", "a,b", "a:b", "a=b", "/", "~", "C:\\x", "s3://b/k",
    "https://u:p@h/x", "a/b", "_", "true", "1e3", "`id`", "$(id)", "&a", "nul", "a.", "x" * 300, "\u202e",
)  # fmt: skip


def _places(value: Any, route: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], bool]]:
    """Every text of the spec, and every key that is the user's to choose (true)."""
    if isinstance(value, dict):
        for key, child in value.items():
            if route and route[-1] in _NAMED_BY_USERS:
                yield (*route, key), True
            yield from _places(child, (*route, key))
    elif isinstance(value, list):
        for index, child in enumerate(value):
            yield from _places(child, (*route, index))
    elif isinstance(value, str) and route != ("apiVersion",):
        yield route, False


def _with(route: tuple[Any, ...], text: str, *, as_key: bool) -> dict[str, Any]:
    spec: Any = copy.deepcopy(_SPEC)
    holder = spec
    for step in route[:-1]:
        holder = holder[step]
    if as_key:
        holder[text] = holder.pop(route[-1])
    else:
        holder[route[-1]] = text
    return dict(spec)


def _analyse(spec: dict[str, Any]) -> Analysis:
    world = World(lambda paths: gather(_PROJECT, paths), "2026-11-23")
    return analyse_text(json.dumps(spec).encode(), world)


def test_the_spec_that_is_varied_is_good() -> None:
    """Without this the property below would hold for nothing."""
    assert _analyse(_SPEC).report.diagnostics == ()


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(list(_places(_SPEC))), st.sampled_from(_HOSTILE) | st.text(max_size=8))
def test_what_passes_can_be_emitted(place: tuple[tuple[Any, ...], bool], text: str) -> None:
    """Whatever a text or a key is, it is refused at its place or reads back from every file that it goes into."""
    route, as_key = place
    analysis = _analyse(_with(route, text, as_key=as_key))
    if analysis.ok:
        assert make(analysis.sound, Output("/project", "/project/deploy/fraud-detector")).bundles
