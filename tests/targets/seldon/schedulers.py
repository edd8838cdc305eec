"""The rules of Seldon Core 2's operator and scheduler, made anew from what they say.

SeldonIO/seldon-core v2.6.0: operator/apis/mlops/v1alpha1/model_types.go, scheduler/pkg/store/experiment/validate.go;
the capabilities of its servers: k8s/helm-charts/seldon-core-v2-setup/values.yaml.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

Object = dict[str, Any]

_CAPABILITIES = {
    "mlserver": frozenset(
        [
            "mlserver",
            "alibi-detect",
            "alibi-explain",
            "huggingface",
            "lightgbm",
            "mlflow",
            "python",
            "sklearn",
            "spark-mlib",
            "xgboost",
        ]
    ),
    "triton": frozenset(["triton", "dali", "fil", "onnx", "openvino", "python", "pytorch", "tensorflow", "tensorrt"]),
}


def refusals(documents: Sequence[Object]) -> list[str]:
    """What they say of all objects of a service; nothing when every model is placed."""
    by_kind: dict[str, list[Object]] = {}
    for document in documents:
        by_kind.setdefault(document["kind"], []).append(document)
    servers = by_kind.get("Server", [])
    said = [words for model in by_kind.get("Model", []) for words in _model(model, servers)]
    models = {model["metadata"]["name"] for model in by_kind.get("Model", [])}
    return said + [words for item in by_kind.get("Experiment", []) for words in _experiment(item, models)]


def _model(model: Object, servers: list[Object]) -> Iterator[str]:
    spec = model["spec"]
    replicas = spec.get("replicas", spec.get("minReplicas", 1))
    if replicas < spec.get("minReplicas", 0):
        yield f"Number of replicas {replicas} should be >= min replicas"
    if "maxReplicas" in spec and replicas > spec["maxReplicas"]:
        yield f"Number of replicas {replicas} should be <= max replicas"
    wanted = set(spec.get("requirements", ()))
    able = [server for server in servers if wanted <= _capabilities(server)]
    named = spec.get("server")
    if servers and not able:
        yield f"no server has the capabilities {sorted(wanted)}"
    if servers and named and named not in [server["metadata"]["name"] for server in able]:
        yield f"server {named} is not among those that have the capabilities"
    if servers and replicas > max((server["spec"].get("replicas", 1) for server in able), default=0):
        yield "more replicas of the model than of any server"


def _capabilities(server: Object) -> frozenset[str]:
    spec = server["spec"]
    own = frozenset(spec.get("capabilities", ())) or _CAPABILITIES[spec["serverConfig"]]
    return own | set(spec.get("extraCapabilities", ()))


def _experiment(experiment: Object, models: set[str]) -> Iterator[str]:
    spec = experiment["spec"]
    names = [candidate["name"] for candidate in spec.get("candidates", ())]
    names += [spec["mirror"]["name"]] if "mirror" in spec else []
    if not names:
        yield "experiment has no candidates or mirror"
    if "default" in spec and spec["default"] not in [candidate["name"] for candidate in spec["candidates"]]:
        yield "default model/pipeline not found in experiment candidates"
    if len(set(names)) != len(names):
        yield "each candidate and mirror must be unique"
    yield from (f"model {name} is not there" for name in names if name not in models)
