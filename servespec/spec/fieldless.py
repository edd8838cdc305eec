"""Words of other tools that no field stands for as they are, with what to do: read only when there is something to
explain.

Each remedy is whole: what to type, or that there is nothing to type and why.
"""

from __future__ import annotations

import re

from servespec.spans import Route, Value
from servespec.spec.foreign import folded

_STARTED = "take it out: the server says how it is started"
_ROLLED = "take it out: a new copy is ready before an old one ends; shares of traffic are `variants`"
_APART = "take it out: no interval waits for another; `batch.schedule.maxActiveRuns: 1` runs one at a time"
_CONNECTION = "take it out: no connection of Airflow's is read; `batch.input.connection` names one of `connections`"
_NOTIFIED = "take it out: `batch.dag.notify` names a function of yours that a failure calls"
_RETRIED = "take it out: nothing is told of a task that is tried again"

_AT_TOP = {
    "args": _STARTED,
    "build": "take it out: a Dockerfile is made, and `image` says what goes in",
    "command": _STARTED,
    "containername": "take it out: `name` is what a container is called by",
    "dependson": "take it out: `overrides` adds it to `compose.yaml`, where something has to wait",
    "entrypoint": _STARTED,
    "kind": "take it out: a spec is of one kind",
    "restart": "take it out: what is emitted is started again wherever it ends",
    "service": "take it out: a Service is made; `network.expose` says how it is reached from outside",
    "spec": "take it out, and write what is in it at the top",
    "volumes": "a copy in the image is `image.files`; `overrides` mounts, as `../../../lookups:/lookups:ro` in"
    " `compose.yaml`",
}
"""Words at the top."""
_ANYWHERE = {
    "affinity": "nodes are for `placement.nodeSelector`; keeping copies apart is `placement.spread`",
    "annotations": "`identity.annotations` are an account's; `overrides` adds a pod's, in `deployment.yaml`",
    "behavior": "take it out: `overrides` adds it to `horizontalpodautoscaler.yaml`",
    "containerconcurrency": "take it out; to scale by requests in flight, write `metric: concurrency` and a `target` in"
    " `scaling.autoscaling`",
    "envfrom": "write each of its keys in `env`, as in `DB_PASSWORD: {secret: churn-db, key: password}`",
    "podannotations": "`overrides` adds them, in `deployment.yaml`; `labels` are on each pod",
    "rollingupdate": _ROLLED,
    "strategy": _ROLLED,
    "volumemounts": "a copy in the image is `image.files`; a mount is for `overrides`",
}
"""Words in any block."""
_OF_RUNS = {
    "awsconnid": _CONNECTION,
    "dagruntimeout": "take it out: nothing ends a run as a whole; `batch.timeout` is that of each task",
    "defaultargs": "take it out, and write what is in it in `batch`, its `retries` and its `dag`",
    "dependsonpast": _APART,
    "email": _NOTIFIED,
    "emailonfailure": _NOTIFIED,
    "emailonretry": _RETRIED,
    "enddate": "take it out: no schedule has an end; pause the DAG in Airflow",
    "gcpconnid": _CONNECTION,
    "maxactivetasks": "take it out: `batch.parallelism` says into how many tasks a run is cut",
    "onretrycallback": _RETRIED,
    "onsuccesscallback": "take it out: other DAGs are started by its asset, the address of its results",
    "poolslots": "take it out: each task takes one slot of `batch.dag.pool`",
    "priorityweight": "take it out: no task goes before another; `batch.dag.pool` says how many run",
    "queue": "take it out: tasks go to Airflow's default queue; `batch.dag.pool` says how many run",
    "sla": "take it out: Airflow 3 has none; `batch.timeout` is how long a task may take",
    "taskid": "take it out: tasks are called by their steps",
    "waitfordownstream": _APART,
    "wasbconnid": _CONNECTION,
}
"""Words of Airflow, at the top and in `batch`."""
_BACKOFF = "write `backoff: {}` in `batch.retries` in its place"
_ENCRYPTED = "write `tls: {}` in the connection in its place"
_PLAIN = "take it out: without `tls` in the connection nothing is encrypted"
_OF_COMPOSE = re.compile(r"([1-9][0-9]{0,8})([kmg])b?", re.IGNORECASE)
"""An amount of memory as Compose has it, in powers of two."""
_NAME = re.compile(r"(?!(?:y|n|yes|no|on|off|true|false|null)$)[A-Za-z][A-Za-z0-9_.-]{0,30}", re.IGNORECASE)
"""A secret's name, or its key, that needs no quotes and that a person still reads."""


_ALONE = "write the text alone, as in `LOG_LEVEL: debug`"  # not this text, which may be a secret
_REFERENCES = frozenset({"valuefrom", "secretkeyref"})
"""Words of Kubernetes for a key of a secret, in lower case."""


def stands_for(route: Route) -> tuple[Route, ...]:
    """The fields that are said by a word in their place, all at once."""
    is_whole = folded(str(route[-1])) in _REFERENCES or _is_of_variable(route)
    return tuple((*route[:-1], name) for name in ("secret", "key") if is_whole)


def _is_of_variable(route: Route) -> bool:
    """Whether a word is the one of Kubernetes for the text of a variable, which here stands without one."""
    return route[-1] == "value" and route[-3:-2] == ("env",)


def instead(route: Route, value: Value) -> str:
    """What to do with a word that no field stands for as it is; nothing for all others."""
    word, at_top = folded(str(route[-1])), len(route) == 1
    if word == "securityprotocol" and isinstance(value, str):
        return _ENCRYPTED if "SSL" in value.upper() else _PLAIN
    if word in ("memlimit", "memreservation") and isinstance(value, str):
        return _memory(value, "limits" if word == "memlimit" else "requests")
    if word in _REFERENCES and isinstance(value, dict):
        return _key(value)
    if _is_of_variable(route):
        return _ALONE
    if found := _ANYWHERE.get(word):
        return found
    if at_top or route[0] == "batch" or route[:2] == ("targets", "airflow"):
        return _of_run(word, value) or (_AT_TOP.get(word, "") if at_top else "")
    return ""


def _of_run(word: str, value: Value) -> str:
    if word == "retryexponentialbackoff":
        return _BACKOFF.format("none" if value is False else "exponential")
    return _OF_RUNS.get(word, "")


def _memory(text: str, block: str) -> str:
    """The amount as it is here, where `G` is a power of ten."""
    found = _OF_COMPOSE.fullmatch(text)
    if found is None:
        return ""
    amount = f"{found[1]}{found[2].upper()}i"
    return f"write `resources: {{{block}: {{memory: {amount}}}}}`: what Compose calls `{text}` is `{amount}` here"


def _key(value: dict[str, Value]) -> str:
    """The key of a secret that a variable of Kubernetes names."""
    inner = value.get("secretKeyRef", value)
    name, key = (inner.get("name"), inner.get("key")) if isinstance(inner, dict) else (None, None)
    if not (isinstance(name, str) and isinstance(key, str) and _NAME.fullmatch(name) and _NAME.fullmatch(key)):
        return "write text, or a key of a secret as in `{secret: churn-db, key: password}`"
    return f"write `{{secret: {name}, key: {key}}}` in its place"
