"""What is known of images that others ship: servers without a model, to which a platform brings one from a storage."""

from __future__ import annotations

from collections.abc import Mapping

from servespec.records import dataclass
from servespec.runtimes import tf_serving, triton
from servespec.runtimes.types import Fact


@dataclass(frozen=True)
class Shipped:
    """An image of a server, for models of one format."""

    image: Fact[str]
    packages: Fact[Mapping[str, str]]
    """The frameworks in it, by their names on PyPI. None where a model does not depend on their versions."""
    files: Fact[tuple[str, ...]]
    """How the model's file in the storage's folder may be called; none where the whole folder is the model."""


_MLSERVER = "read: SeldonIO/MLServer 1.7.1"
_LOCKED = f"{_MLSERVER}, Dockerfile: it installs by the poetry.lock of the root, not by those of the runtimes"
_WELL_KNOWN = f"{_MLSERVER}, runtimes: WELLKNOWN_MODEL_FILENAMES; of a folder with other files the folder is opened"


def _mlserver(runtime: str, packages: Mapping[str, str], *files: str) -> Shipped:
    return Shipped(
        Fact(f"docker.io/seldonio/mlserver:1.7.1-{runtime}", f"{_MLSERVER}, hack/build-images.sh", "2026-11"),
        Fact(packages, _LOCKED, "2026-11"),
        Fact(files, _WELL_KNOWN, "2026-11"),
    )


def _upstream(image: str, source: str) -> Shipped:
    return Shipped(
        Fact(image, source, "2026-11"),
        Fact({}, "ours: a SavedModel or an ONNX file says by itself which operators it needs", "2026-11"),
        Fact((), "read: the folder of the versions, or the model repository, is what the server is given", "2026-11"),
    )


SHIPPED: Mapping[tuple[str, str], Shipped] = {
    ("sklearn", "mlserver"): _mlserver(
        "sklearn", {"scikit-learn": "1.5.2"}, "model.joblib", "model.pickle", "model.pkl"
    ),
    ("xgboost", "mlserver"): _mlserver("xgboost", {"xgboost": "2.1.2"}, "model.bst", "model.json", "model.ubj"),
    ("lightgbm", "mlserver"): _mlserver("lightgbm", {"lightgbm": "4.6.0"}, "model.bst"),
    ("tensorflow", "tf-serving"): _upstream(
        f"docker.io/{tf_serving.SERVER.image(python='', version=tf_serving.SERVER.version.value, gpu=False)}",
        tf_serving.SERVER.base.source,
    ),
    ("onnx", "triton"): _upstream(
        triton.SERVER.image(python="", version=triton.SERVER.version.value, gpu=False), triton.SERVER.base.source
    ),
}
"""By the model's format and its server. What is not here is served by an image of the project's own only."""

PICKLED = Fact(
    ("sklearn",),
    "ran: a pipeline saved by scikit-learn 1.9.1 loads in 1.5.2 and 1.6.1, and `predict_proba` of it then fails: it "
    "has no attribute 'multi_class'",
    "2026-11",
)
"""Formats of which only the version that saved a model is sure to serve it; others read what older ones saved."""
USER = Fact(
    1000, f"{_MLSERVER}, Dockerfile: its folder is its user's; tf-serving and triton run as any user", "2026-11"
)
MODELS = Fact(
    "/mnt/models",
    "read: SeldonIO/seldon-core v1.17.1, model_initializer_injector.go; kserve/kserve v0.20.0, constants.go",
    "2026-11",
)
"""Where Seldon and KServe put the model that they fetch."""
SCRATCH = Fact("/tmp", f"{_MLSERVER}: temporary files, environments and metrics that workers share", "2026-11")
MLSERVER_ENV = Fact(
    {
        "MLSERVER_ENVIRONMENTS_DIR": SCRATCH.value,
        "MLSERVER_METRICS_DIR": SCRATCH.value,
    },
    f"{_MLSERVER}, mlserver/settings.py: by default it writes beside its program",
    "2026-11",
)
