"""What other tools call things, in our words: read only when there is something to explain.

Kubernetes, KServe, Seldon, Docker, Airflow, MLflow, NumPy and scikit-learn have these words; what they mean here is one
field or one value, but whoever writes them may expect more of it, so that nothing is put right unasked.
"""

from __future__ import annotations

from collections.abc import Collection

from servespec.spans import Route, Value

_FIELDS = {
    "activedeadlineseconds": "batch.timeout",
    "backofflimit": "batch.retries.count",
    "batchsize": "runtime.microBatch.size",
    "bootstrapservers": "connections.brokers",
    "canarytrafficpercent": "variants.weight",
    "dagid": "batch.dag.id",
    "deadlettertopic": "streaming.deadLetter.topic",
    "dependencies": "image.requirements",
    "deploymentmode": "targets.kserve.mode",
    "dlq": "streaming.deadLetter",
    "dockerimage": "image.repository",
    "envfile": "runtime.env",
    "environment": "runtime.env",
    "environmentvariables": "runtime.env",
    "envvars": "runtime.env",
    "executiontimeout": "batch.timeout",
    "gpu": "resources.accelerator",
    "gpus": "resources.accelerator",
    "healthcheck": "probes",
    "horizontalpodautoscaler": "scaling.autoscaling",
    "hpa": "scaling.autoscaling",
    "ingress": "network.expose",
    "kubernetesconnid": "targets.airflow.connection",
    "livenessprobe": "probes.liveness",
    "maxactiveruns": "batch.schedule.maxActiveRuns",
    "maxbatchsize": "runtime.microBatch.size",
    "maxreplicas": "scaling.autoscaling.max",
    "maxretrydelay": "batch.retries.maxDelay",
    "memlimit": "resources.limits.memory",
    "minreplicas": "scaling.autoscaling.min",
    "modelformat": "model.format",
    "modelpath": "model.uri",
    "modeluri": "model.uri",
    "nodeaffinity": "placement.nodeSelector",
    "nvidia.com/gpu": "resources.accelerator",
    "onfailurecallback": "batch.dag.notify",
    "path": "model.uri",
    "pdb": "disruption",
    "podantiaffinity": "placement.spread",
    "poddisruptionbudget": "disruption",
    "podsecuritycontext": "security",
    "port": "runtime.protocols.rest",
    "ports": "runtime.protocols",
    "priorityclassname": "placement.priorityClass",
    "protocolversion": "runtime.protocols",
    "pythonversion": "image.python",
    "readinessprobe": "probes.readiness",
    "readonly": "security.readOnlyRootFilesystem",
    "registry": "image.repository",
    "retrydelay": "batch.retries.delay",
    "saslmechanism": "connections.auth.mechanism",
    "scalemetric": "scaling.autoscaling.metric",
    "scaletarget": "scaling.autoscaling.target",
    "scheduleinterval": "batch.schedule.cron",
    "schemaregistry": "streaming.source.registry",
    "securitycontext": "security",
    "securityprotocol": "connections.tls",
    "serviceaccountname": "identity.serviceAccount",
    "shmsize": "placement.sharedMemory",
    "sparkconnid": "targets.airflow.connection",
    "startdate": "batch.schedule.start",
    "startupprobe": "probes.startup",
    "stopgraceperiod": "runtime.timeouts.shutdown",
    "storageuri": "model.uri",
    "tags": "labels",
    "targetcpuutilizationpercentage": "scaling.autoscaling.target",
    "team": "owner",
    "terminationgraceperiodseconds": "runtime.timeouts.shutdown",
    "timetable": "batch.schedule.cron",
    "tlssecret": "network.expose.tls",
    "topologyspreadconstraints": "placement.spread",
    "traffic": "variants.weight",
    "trafficpercent": "variants.weight",
    "user": "security.runAsUser",
    "username": "connections.auth.keys",
    "version": "release",
}
"""Fields by other names, in lower case and without `-` and `_`."""
_BESIDE = frozenset({"path", "registry", "tags", "team", "traffic", "user", "username", "version"})
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
    "rawdeployment": "Standard",
    "rest": "realtime",
    "savedmodel": "tensorflow",
    "scheduled": "batch",
    "scikitlearn": "sklearn",
    "serverless": "Knative",
    "str": "BYTES",
    "string": "BYTES",
    "tf": "tensorflow",
    "xgb": "xgboost",
}
"""Values by other names, in the same way."""


_OWN = ("connections", "batch", "streaming", "variants")
"""Blocks that have such fields of their own: `elsewhere` finds them."""
_OF_BATCH = ("batch", "targets")
"""Blocks that say something of a batch, which is one: what is meant in it may also be beside the place."""


def fields(route: Route) -> tuple[Route, ...]:
    """The fields one of which is meant by a key that is none at `route`; some words say it only beside that field."""
    word = folded(str(route[-1]))
    if several := _OPEN.get((*route[:-1], word)):
        return tuple(tuple(path.split(".")) for path in several.split())
    meant = tuple(tuple(path.split(".")) for path in _FIELDS.get(word, "").split())
    block = tuple(step for step in route[:-1] if isinstance(step, str))
    if route[0] in _OWN:
        below = tuple((*route[:-1], *path[len(block) :]) for path in meant if path[: len(block)] == block)
        return below or tuple(path for path in meant if route[0] == "batch" and path[0] in _OF_BATCH)
    return meant if word not in _BESIDE or meant[0][:-1] == block else ()


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
    meant = _VALUES.get(folded(found))
    return meant if meant in known else None


def folded(word: str) -> str:
    """A word as the tables have it."""
    return word.replace("-", "").replace("_", "").replace(" ", "").lower()
