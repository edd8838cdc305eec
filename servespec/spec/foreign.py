"""What other tools call things, in our words: read only when there is something to explain.

Kubernetes, KServe, Seldon, Docker, MLflow, NumPy and scikit-learn have these words; what they mean here is one field or
one value, but whoever writes them may expect more of it, so that nothing is put right unasked.
"""

from __future__ import annotations

from collections.abc import Collection

from servespec.spans import Route, Value

_FIELDS = {
    "batchsize": "runtime.microBatch.size",
    "bootstrapservers": "connections.brokers",
    "canarytrafficpercent": "variants.weight",
    "deadlettertopic": "streaming.deadLetter.topic",
    "dependencies": "image.requirements",
    "dlq": "streaming.deadLetter",
    "dockerimage": "image.repository",
    "envfile": "runtime.env",
    "environment": "runtime.env",
    "environmentvariables": "runtime.env",
    "envvars": "runtime.env",
    "gpu": "resources.accelerator",
    "gpus": "resources.accelerator",
    "healthcheck": "probes",
    "ingress": "network.expose",
    "livenessprobe": "probes.liveness",
    "maxbatchsize": "runtime.microBatch.size",
    "maxreplicas": "scaling.autoscaling.max",
    "memlimit": "resources.limits.memory",
    "minreplicas": "scaling.autoscaling.min",
    "modelformat": "model.format",
    "modelpath": "model.uri",
    "modeluri": "model.uri",
    "nvidia.com/gpu": "resources.accelerator",
    "path": "model.uri",
    "port": "runtime.protocols.rest",
    "ports": "runtime.protocols",
    "priorityclassname": "placement.priorityClass",
    "protocolversion": "runtime.protocols",
    "pythonversion": "image.python",
    "readinessprobe": "probes.readiness",
    "readonly": "security.readOnlyRootFilesystem",
    "registry": "image.repository",
    "saslmechanism": "connections.auth.mechanism",
    "scalemetric": "scaling.autoscaling.metric",
    "scaletarget": "scaling.autoscaling.target",
    "schemaregistry": "streaming.source.registry",
    "securityprotocol": "connections.tls",
    "serviceaccountname": "identity.serviceAccount",
    "startupprobe": "probes.startup",
    "storageuri": "model.uri",
    "tags": "labels",
    "targetcpuutilizationpercentage": "scaling.autoscaling.target",
    "team": "owner",
    "tlssecret": "network.expose.tls",
    "traffic": "variants.weight",
    "trafficpercent": "variants.weight",
    "user": "security.runAsUser",
    "username": "connections.auth.keys",
    "version": "release",
    "volumes": "image.files",
}
"""Fields by other names, in lower case and without `-` and `_`."""
_BESIDE = frozenset({"path", "registry", "tags", "team", "traffic", "user", "username", "version", "volumes"})
"""Words that may be anything elsewhere."""
_OPEN: dict[Route, str] = {
    ("cpus",): "resources.requests.cpu resources.limits.cpu",
    ("deploy",): "resources scaling",
    ("environment",): "runtime.env environments",
    ("metadata",): "name labels",
    ("network", "ingress"): "network.callers network.expose",
    ("predictor",): "model runtime",
    ("predictors",): "model variants",
    ("runtime", "timeout"): "runtime.timeouts.request runtime.timeouts.startup",
    ("timeout",): "runtime.timeouts.request network.timeout batch.timeout",
    ("traffic",): "variants.weight variants.shadow",
    ("user",): "security.runAsUser security.runAsGroup",
    ("volumes",): "image.files model.extraFiles",
}
"""Words of which nobody can tell what is meant by them at that place."""
_NOTHING = {
    "build": "take it out: a Dockerfile is made, and `image` says what goes in",
    "command": "take it out: the server says how it is started",
    "kind": "take it out: a spec is of one kind",
    "restart": "take it out: what is emitted is started again wherever it ends",
    "spec": "take it out, and write what is in it at the top",
}
"""Words at the top for what no field says, with what to do."""
_LIMITS = {
    "containerconcurrency": "take it out; to scale by requests in flight, write `metric: concurrency` and a `target` in"
    " `scaling.autoscaling`",
}
"""The same of words anywhere: no field sets such a bound."""
_ENCRYPTED = "write `tls: {}` in the connection in its place"
_PLAIN = "take it out: without `tls` in the connection nothing is encrypted"
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
    if several := _OPEN.get((*route[:-1], word)):
        return tuple(tuple(path.split(".")) for path in several.split())
    meant = tuple(tuple(path.split(".")) for path in _FIELDS.get(word, "").split())
    block = tuple(step for step in route[:-1] if isinstance(step, str))
    if route[0] in _OWN:
        return tuple((*route[:-1], *path[len(block) :]) for path in meant if path[: len(block)] == block)
    return meant if word not in _BESIDE or meant[0][:-1] == block else ()


def instead(route: Route, value: Value) -> str:
    """What to do with a word that no field stands for as it is; nothing for all others."""
    word = _folded(str(route[-1]))
    if word == "securityprotocol" and isinstance(value, str):
        return _ENCRYPTED if "SSL" in value.upper() else _PLAIN
    return _LIMITS.get(word) or (_NOTHING.get(word, "") if len(route) == 1 else "")


_TOOLS = {
    "serving.kserve.io": "KServe",
    "machinelearning.seldon.io": "Seldon Core 1",
    "mlops.seldon.io": "Seldon Core 2",
    "serving.knative.dev": "Knative",
}
"""Whose objects there are, by the groups of their versions."""


def document(found: dict[str, Value]) -> str:
    """What another tool's document is, in words; nothing for one that may be a spec."""
    kind, version = found.get("kind"), found.get("apiVersion")
    if isinstance(kind, str) and isinstance(version, str) and not version.startswith("servespec"):
        tool = _TOOLS.get(version.partition("/")[0], "Kubernetes")
        return f"{'an' if kind[:1] in 'AEIOU' else 'a'} {kind} of {tool}"
    return "a compose file" if "apiVersion" not in found and isinstance(found.get("services"), dict) else ""


def value(found: str, known: Collection[str]) -> str | None:
    """The known value that is meant by a word of another tool."""
    meant = _VALUES.get(_folded(found))
    return meant if meant in known else None


def _folded(word: str) -> str:
    return word.replace("-", "").replace("_", "").replace(" ", "").lower()
