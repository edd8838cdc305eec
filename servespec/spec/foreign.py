"""What other tools call things, in our words: read only when there is something to explain.

Kubernetes, KServe, Seldon, Docker, MLflow, NumPy and scikit-learn have these words; what they mean here is one field or
one value, but whoever writes them may expect more of it, so that nothing is put right unasked.
"""

from __future__ import annotations

from collections.abc import Collection

from servespec.spans import Route

_FIELDS = {
    "batchsize": "runtime.microBatch.size",
    "bootstrapservers": "connections.brokers",
    "canarytrafficpercent": "variants.weight",
    "dependencies": "image.requirements",
    "dlq": "streaming.deadLetter",
    "dockerimage": "image.repository",
    "environmentvariables": "runtime.env",
    "environment": "runtime.env",
    "envvars": "runtime.env",
    "gpu": "resources.accelerator",
    "gpus": "resources.accelerator",
    "healthcheck": "probes",
    "ingress": "network.expose",
    "livenessprobe": "probes.liveness",
    "maxbatchsize": "runtime.microBatch.size",
    "maxreplicas": "scaling.autoscaling.max",
    "minreplicas": "scaling.autoscaling.min",
    "modelformat": "model.format",
    "modelpath": "model.uri",
    "modeluri": "model.uri",
    "nvidia.com/gpu": "resources.accelerator",
    "path": "model.uri",
    "port": "runtime.protocols.rest",
    "ports": "runtime.protocols",
    "priorityclassname": "placement.priorityClass",
    "pythonversion": "image.python",
    "readinessprobe": "probes.readiness",
    "registry": "image.repository",
    "serviceaccountname": "identity.serviceAccount",
    "startupprobe": "probes.startup",
    "storageuri": "model.uri",
    "tags": "labels",
    "team": "owner",
    "tlssecret": "network.expose.tls",
    "traffic": "variants.weight",
    "trafficpercent": "variants.weight",
    "version": "release",
}
"""Fields by other names, in lower case and without `-` and `_`."""
_BESIDE = frozenset({"path", "registry", "tags", "team", "traffic", "version"})
"""Words that may be anything elsewhere."""
_OPEN: dict[Route, str] = {
    ("environment",): "runtime.env environments",
    ("network", "ingress"): "network.callers network.expose",
    ("runtime", "timeout"): "runtime.timeouts.request runtime.timeouts.startup",
    ("timeout",): "runtime.timeouts.request network.timeout batch.timeout",
}
"""Words of which nobody can tell what is meant by them at that place."""
_VALUES = {
    "api": "realtime",
    "cron": "batch",
    "dockercompose": "compose",
    "double": "FP64",
    "events": "streaming",
    "float": "FP32",
    "float16": "FP16",
    "float32": "FP32",
    "float64": "FP64",
    "http": "realtime",
    "int": "INT64",
    "integer": "INT64",
    "joblib": "sklearn",
    "k8s": "kubernetes",
    "kafka": "streaming",
    "keras": "tensorflow",
    "long": "INT64",
    "nats": "streaming",
    "offline": "batch",
    "online": "realtime",
    "qps": "rps",
    "rest": "realtime",
    "savedmodel": "tensorflow",
    "scheduled": "batch",
    "scikitlearn": "sklearn",
    "str": "BYTES",
    "string": "BYTES",
    "tf": "tensorflow",
    "xgb": "xgboost",
}
"""Values by other names, in the same way."""


_OWN = ("connections", "batch", "streaming", "variants")
"""Blocks that have such fields of their own: `elsewhere` finds them."""


def fields(route: Route) -> tuple[Route, ...]:
    """The fields one of which is meant by a key that is none at `route`; some words say it only beside that field."""
    word = _folded(str(route[-1]))
    paths = _OPEN.get((*route[:-1], word)) or _FIELDS.get(word, "")
    meant = tuple(tuple(path.split(".")) for path in paths.split())
    block = tuple(step for step in route[:-1] if isinstance(step, str))
    if route[0] in _OWN:
        return tuple((*route[:-1], path[-1]) for path in meant if path[:-1] == block)
    return meant if word not in _BESIDE or meant[0][:-1] == block else ()


def value(found: str, known: Collection[str]) -> str | None:
    """The known value that is meant by a word of another tool."""
    meant = _VALUES.get(_folded(found))
    return meant if meant in known else None


def _folded(word: str) -> str:
    return word.replace("-", "").replace("_", "").replace(" ", "").lower()
