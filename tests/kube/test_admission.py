"""What the platforms' own webhooks, controllers and schedulers refuse, or take and never serve: for each of their rules a
spec that breaks it, and what servespec says of it instead, before anything is applied."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import pytest

_CASES = Path(__file__).parents[1] / "cases"


class Rule(NamedTuple):
    """A rule of a platform, and a case that breaks it."""

    source: str
    says: str
    case: str
    """The folder is the code that servespec gives."""


_SELDON = "seldon-core v1.17.1 operator"
_SELDON_2 = "seldon-core v2.6.0"
_KSERVE = "kserve v0.20.0 inference_service_validation.go"
_KNATIVE = "knative/serving v0.49 pkg/apis/serving"

RULES = (
    Rule(
        f"{_SELDON}, prepack.go",
        "no image for this server and protocol: an empty one",
        "unspoken-protocol/v2_by_tf_serving",
    ),
    Rule(
        f"{_SELDON}, seldondeployment_webhook.go",
        "Prepackaged server does not handle tensorflow protocol",
        "unspoken-protocol/tensorflow_by_mlserver",
    ),
    Rule(
        f"{_SELDON}, executor server.go",
        "the routes of the protocol `seldon` only",
        "unspoken-protocol/seldon_by_mlserver",
    ),
    Rule(f"{_SELDON}, executor server.go", "no route for /invocations", "unspoken-protocol/v2_by_mlflow"),
    Rule(f"{_SELDON}, executor server.go", "no route for /invocations", "unroutable-server/mlflow"),
    Rule(f"{_SELDON}, executor server.go", "no route for /predictions", "unroutable-server/torchserve"),
    Rule(f"{_SELDON}, seldondeployment_engine.go", "the executor listens on 5001", "orchestrator-port/written"),
    Rule(f"{_SELDON}, seldondeployment_engine.go", "the executor listens on 8000", "orchestrator-port/by_default"),
    Rule(
        f"{_SELDON}, seldondeployment_controller.go", "con.Name != TFServingContainerName", "reserved-container/model"
    ),
    Rule(f"{_SELDON}, seldondeployment_controller.go", "con.Name != EngineContainerName", "reserved-container/service"),
    Rule(
        f"{_SELDON}, seldondeployment_controller.go",
        "MLSERVER_MODEL_NAME is the container's",
        "unfit-model-name/prepackaged",
    ),
    Rule(f"{_SELDON}, values.yaml", "SKLEARN_SERVER: one version of scikit-learn", "shipped-framework/sklearn"),
    Rule(f"{_SELDON}, values.yaml", "XGBOOST_SERVER: one version of XGBoost", "shipped-framework/newer_xgboost"),
    Rule(f"{_SELDON}, values.yaml", "no entry in predictors map for PyTorch", "unshipped-server/pytorch"),
    Rule(f"{_SELDON}, values.yaml", "MLFLOW_SERVER installs nothing of the model's own", "unshipped-server/mlflow"),
    Rule(
        f"{_SELDON}, model_initializer_injector.go",
        "https is none of rclone's remotes",
        "unsupported-uri/https_on_seldon",
    ),
    Rule(f"{_SELDON_2}, operator model_types.go", "storageUri is required", "local-model/sklearn"),
    Rule(
        f"{_SELDON_2}, scheduler",
        "no server with the capability tensorflow of TensorFlow Serving",
        "unscheduled-server/tf_serving",
    ),
    Rule(f"{_SELDON_2}, scheduler", "no server with the capability of ONNX Runtime", "unscheduled-server/onnxruntime"),
    Rule(f"{_SELDON_2}, operator model_types.go", "the model's name is that of the object", "unfit-model-name/second"),
    Rule(_KSERVE, "InferenceService name must match ^[a-z]([-a-z0-9]*[a-z0-9])?$", "unfit-service-name/digit"),
    Rule("Kubernetes, names of Services", "NAME-predictor: at most 63 characters", "unfit-service-name/long"),
    Rule("kserve v0.20.0 pkg/validation/env_policy.go", "setting PYTHONPATH is not allowed", "refused-variable/kserve"),
    Rule(
        f"{_KNATIVE}/k8s_validation.go", "PORT, K_REVISION: reserved environment variables", "refused-variable/knative"
    ),
    Rule(f"{_KNATIVE}/k8s_validation.go", "9090, 8022: reserved ports", "knative-port/rest"),
    Rule("knative/serving v0.49 pkg/apis/config/defaults.go", "timeoutSeconds: at most 600", "knative-timeout/request"),
    Rule("kserve v0.20.0 config/runtimes", "no runtime for the format on ONNX Runtime", "unshipped-server/onnx"),
    Rule(
        f"{_SELDON}, seldondeployment_webhook.go",
        "Traffic must sum to 100 for multiple predictors",
        "variant-weights/sum",
    ),
    Rule(f"{_SELDON}, seldondeployment_webhook.go", "Multiple shadows are not allowed", "variant-weights/shadows"),
    Rule(
        f"{_SELDON}, seldondeployment_webhook.go", "Shadow can not exist as only predictor", "variant-weights/shadows"
    ),
    Rule(_KSERVE, "canary is only supported in Standard deployment mode", "knative-canary/two"),
    Rule(_KSERVE, "'MinReplicas' cannot be greater than MaxReplicas", "canary-replicas/more"),
    Rule(
        "kserve v0.20.0 components/predictor.go", "a canary is laid over the stable predictor", "mixed-storage/canary"
    ),
    Rule(
        "kserve v0.20.0 components/predictor.go",
        "init containers too are the stable predictor's",
        "mixed-storage/registry",
    ),
    Rule("Kubernetes, names of Services", "NAME-VARIANT-predictor: at most 63 characters", "unfit-variant-name/long"),
    Rule(f"{_SELDON}, values.yaml", "the same of each predictor's server", "shipped-framework/in_a_variant"),
    Rule("autoscaling/v2", "minReplicas of 0 needs the alpha feature HPAScaleToZero", "no-scale-to-zero/seldon"),
    Rule("autoscaling/v2", "minReplicas of 0 needs the alpha feature HPAScaleToZero", "no-scale-to-zero/kserve"),
    Rule("knative/serving v1.22 hpa/resources/hpa.go", "minReplicas only above 0", "no-scale-to-zero/knative_by_cpu"),
    Rule(f"{_KNATIVE}/fieldmask.go", "must not set the field(s): initContainers", "knative-init-container/registry"),
    Rule("KEDA, scaledobject_webhook.go", "no triggers defined in the ScaledObject", "unscaled-canary/rps"),
    Rule("KEDA, scaler prometheus", "serverAddress is required", "unmeasured-load/rps"),
    Rule("KEDA, scaler prometheus", "serverAddress is required", "unmeasured-load/concurrency"),
    Rule("KEDA, scaler prometheus", "no series: zero, and never another copy", "uncounted-load/mlflow"),
    Rule(f"{_SELDON}, seldondeployment_webhook.go", "Duplicate predictor name", "duplicate-name/variants"),
    Rule(f"{_SELDON_2}, experiment/validate.go", "each candidate and mirror must be unique", "duplicate-name/variants"),
    Rule(_KSERVE, "canary predictor.name is duplicated", "duplicate-name/variants"),
    Rule(
        f"{_SELDON}, seldondeployment_webhook.go",
        "Traffic must sum be 100 for a single predictor when set",
        "variant-weights/lone",
    ),
    Rule(f"{_SELDON}, seldondeployment_webhook.go", "Invalid protocol", "unknown-value/seldon_protocol"),
    Rule(_KSERVE, "sum of canary trafficPercent values must be <= 100", "variant-weights/sum"),
    Rule(_KSERVE, "the target utilization percentage should be a [1-100] integer", "over-all/cpu"),
    Rule("kserve v0.16.0 inference_service.go", "no field `canary`: it is dropped", "missing-canaries/unknown"),
    Rule("kserve v0.20.0 httproute_reconciler.go", "each backend is the stable predictor's", "missing-canaries/older"),
    Rule("kserve aaac4e294 ingress_reconciler.go", "an Ingress has no weights", "missing-canaries/by_ingress"),
    Rule("Kubernetes", 'no matches for kind "InferenceService"', "not-installed/kserve"),
    Rule("kserve v0.20.0 controller.go", "Knative Serving is not available", "not-installed/knative"),
    Rule("kserve v0.20.0 controller.go", "Knative Serving is not available", "not-installed/knative_by_default"),
    Rule("Kubernetes", 'no matches for kind "SeldonDeployment"', "not-installed/seldon"),
    Rule("Kubernetes", 'no matches for kind "Model"', "not-installed/seldon_2"),
    Rule("Kubernetes", 'no matches for kind "ScaledObject"', "missing-keda/production"),
    Rule(f"{_SELDON}, seldondeployment_controller.go", "KEDA_ENABLED is off: no autoscaler", "missing-keda/seldon"),
    Rule("kserve v0.20.0 controller.go", "the CRD of ScaledObject is not available", "missing-keda/kserve"),
    Rule(
        "gateway-api v1.6.1 grpcroute_types.go", "accept exactly one of these two routes", "unroutable-grpc/same_name"
    ),
    Rule("Kubernetes, batch/validation", "NAME-NNNNNNNN-PART: a host's name", "invalid-object-name/parts"),
    Rule("Kubernetes, validation.go", "metadata.namespace: a lowercase RFC 1123 label", "invalid-namespace/platforms"),
    Rule("Kubernetes, validation.go", "minReplicas must be less than maxReplicas", "autoscaling-bounds/crossed"),
    Rule("Kubernetes, validation.go", "maxUnavailable: a number or a percentage", "invalid-disruption/form"),
    Rule("Kubernetes, validation.go", "value must be empty when operator is 'Exists'", "invalid-toleration/three"),
    Rule("Kubernetes, validation.go", "a valid label must be an empty string or ...", "invalid-label/key_and_value"),
    Rule("Kubernetes, validation.go", "requests must be less than or equal to limit", "request-over-limit/both"),
    Rule("Kubernetes, validation.go", "ipBlock may not be set with podSelector", "invalid-peer/callers"),
    Rule("autoscaling/v2", "missing request for cpu: no number of replicas", "unrequested-metric/cpu_by_default"),
    Rule("kubelet", "ImagePullBackOff: a name without a registry is Docker Hub's", "local-image/by_default"),
)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.case)
def test_a_rule_of_a_platform_is_one_of_ours(rule: Rule) -> None:
    """The case breaks it, and what points at the line has the code of its folder (`tests/test_cases.py` runs it)."""
    folder = _CASES / rule.case
    text = (folder / "serving.yaml" if folder.is_dir() else _CASES / f"{rule.case}.yaml").read_text()
    assert re.search(rf"# (error|warning)\[{rule.case.partition('/')[0]}\]", text)


def test_there_are_many() -> None:
    """No rule is in the table twice, and no platform is missing."""
    assert len({(rule.source, rule.says, rule.case) for rule in RULES}) == len(RULES) >= 66
