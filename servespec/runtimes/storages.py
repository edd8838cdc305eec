"""Which platform fetches a model from where."""

from __future__ import annotations

from collections.abc import Mapping

from servespec.runtimes.types import Fact

FETCHED: Mapping[str, Fact[tuple[str, ...]]] = {
    "seldon": Fact(
        ("s3", "gs", "az", "pvc"),
        "read: SeldonIO/seldon-core v1.17.1, model_initializer_injector.go, v2.6.0, scheduler/pkg/agent/rclone: the "
        "scheme is the name of one of rclone's remotes, whatever else that may be called",
        "2026-11",
    ),
    "kserve": Fact(
        ("s3", "gs", "az", "pvc", "https"),
        "read: kserve/kserve v0.20.0, config/storagecontainers/default.yaml, inferenceservice/utils/utils.go",
        "2026-11",
    ),
}
"""The schemes of the addresses that a target's platform fetches models from, by target."""

BROUGHT = Fact(
    ("fetch", "docker", "compose", "kubernetes", "client", "mlserver", "onnxruntime", "mlflow", "tf-serving", "triton"),
    "ours: a step of its own fetches the model before the server starts, which reads it from a volume",
    "2026-11",
)
"""The targets for which the emitted program fetches a model."""
