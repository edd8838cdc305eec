"""What is known of KServe 0.20.0, and of Knative Serving, on which one of its two modes stands."""

from __future__ import annotations

from servespec.runtimes.types import Fact

_READ = "read: kserve/kserve v0.20.0"
_KNATIVE = "read: knative/serving v0.49, pkg/apis"

CONTAINER = Fact("kserve-container", f"{_READ}, constants.go: the container that is the model's", "2026-11")
NAME = Fact("[a-z]([-a-z0-9]*[a-z0-9])?", f"{_READ}, inference_service_validation.go", "2026-11")
SERVICE_SUFFIX = Fact("-predictor", f"{_READ}, constants.go: the Service is called so", "2026-11")
MODE = Fact("serving.kserve.io/deploymentMode", f"{_READ}, constants.go; it can't be changed later", "2026-11")
AUTOSCALER = Fact("serving.kserve.io/autoscalerClass", f"{_READ}, constants.go: hpa, keda, external or none", "2026-11")
KNATIVE_CLASS = Fact(
    "autoscaling.knative.dev/class",
    f"{_KNATIVE}/autoscaling/register.go: hpa in place of its own",
    "2026-11",
)
BLOCKED_ENV = Fact(("PYTHONPATH",), f"{_READ}, pkg/validation/env_policy.go", "2026-11")
PROTOCOLS = Fact(
    {"mlserver": "v2", "onnxruntime": "v2", "triton": "v2", "tf-serving": "v1"},
    f"{_READ}, config/runtimes: v1 is TensorFlow Serving's, v2 the Open Inference Protocol",
    "2026-11",
)
"""The protocol of KServe that a server speaks. The others it passes on as they are."""
RESERVED_ENV = Fact(
    ("PORT", "K_SERVICE", "K_CONFIGURATION", "K_REVISION"), f"{_KNATIVE}/serving/k8s_validation.go", "2026-11"
)
"""Variables that Knative sets itself, and refuses from others."""
RESERVED_PORTS = Fact(
    (8008, 8012, 8013, 8022, 9090, 9091),
    f"{_KNATIVE}/serving/k8s_validation.go, pkg/networking/constants.go, knative/pkg profiling",
    "2026-11",
)
"""Ports of Knative's own proxy in the pod."""
CANARIES_TAKEN_OFF = Fact(
    True,
    f"{_READ}, components/predictor.go: the stable predictor runs `minReplicas` less those of all canaries, at least 1",
    "2026-11",
)
MOST_SECONDS = Fact(600, f"{_KNATIVE}/config/defaults.go: max-revision-timeout-seconds, by default", "2026-11")
"""The longest that Knative lets a request take."""
