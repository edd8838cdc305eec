"""Servers that others ship, and to which a platform brings the model: an image, and what is known of its container."""

from __future__ import annotations

from collections.abc import Mapping

from servespec.artifacts import Origin
from servespec.deployment.addresses import stored_file
from servespec.deployment.images import ImageReference
from servespec.deployment.mirrors import placed
from servespec.deployment.types import Deployment
from servespec.records import replace
from servespec.runtimes import mlserver, tf_serving, triton
from servespec.runtimes.catalog import SERVERS
from servespec.runtimes.mlserver import IMPLEMENTATIONS
from servespec.runtimes.shipped import MLSERVER_ENV, MODELS, SCRATCH, SHIPPED, USER
from servespec.targets.container import BuiltImage, Container, Port, Watched
from servespec.targets.watching import metrics

_WHY: Origin = "fact:shipped.SHIPPED"


def shipped_image(deployment: Deployment, workload: str) -> BuiltImage:
    """The image that serves the deployment's model from a storage. Checks have seen to it that there is one."""
    server, shipped = deployment.runtime.server, SHIPPED[deployment.model.format, deployment.runtime.server]
    reference = placed(ImageReference.of(shipped.image.value), deployment)
    container = Container(
        server=server,
        stages=(),
        home=MODELS.value,
        writable=(SCRATCH.value,),
        env={},
        entrypoint=_command(deployment),
        health=(),
        ports=tuple(Port(name, number) for name, number in deployment.runtime.protocols.items()),
        stop_seconds=_STOP_SECONDS[server],
        why=_WHY,
        watched=_WATCHED[server](deployment),
        workload=workload,
    )
    return BuiltImage(container, reference)


def as_shipped(deployment: Deployment) -> Deployment:
    """The deployment as it runs in a shipped image: as the user that its files are of."""
    user = USER.value
    return replace(deployment, security=replace(deployment.security, run_as_user=user, run_as_group=user))


def _command(deployment: Deployment) -> tuple[str, ...]:
    """The command line where the image's own needs more than variables."""
    runtime, protocols = deployment.runtime, deployment.runtime.protocols
    match runtime.server:
        case "tf-serving":
            return (
                tf_serving.PROGRAM.value,
                f"--port={protocols['grpc']}",
                f"--rest_api_port={protocols['rest']}",
                f"--rest_api_timeout_in_ms={runtime.timeouts.request.milliseconds}",
                f"--tensorflow_intra_op_parallelism={runtime.threads}",
                f"--tensorflow_inter_op_parallelism={runtime.workers}",
                f"--model_name={deployment.model.name}",
                f"--model_base_path={MODELS.value}",
                *tf_serving.FLAGS.value,
            )
        case "triton":
            return (
                triton.PROGRAM.value,
                f"--model-repository={MODELS.value}",
                f"--http-port={protocols['rest']}",
                f"--grpc-port={protocols['grpc']}",
                f"--exit-timeout-secs={runtime.timeouts.shutdown.seconds}",
                *triton.FLAGS.value,
            )
        case _:
            return ()


def _mlserver(deployment: Deployment) -> Watched:
    model, protocols = deployment.model, deployment.runtime.protocols
    told = metrics(deployment)
    assert told is not None
    file, workers = stored_file(model), deployment.runtime.workers
    given: Mapping[str, tuple[str, Origin]] = {
        "MLSERVER_MODEL_NAME": (model.name, "model.name"),
        "MLSERVER_MODEL_IMPLEMENTATION": (IMPLEMENTATIONS.value[model.format], "model.format"),
        "MLSERVER_MODEL_URI": (f"{MODELS.value}/{file}" if file else MODELS.value, "model.uri"),
        "MLSERVER_HTTP_PORT": (str(protocols["rest"]), "runtime.protocols.rest"),
        "MLSERVER_GRPC_PORT": (str(protocols["grpc"]), "runtime.protocols.grpc"),
        "MLSERVER_METRICS_PORT": (str(told.port), "fact:mlserver.private_ports"),
        # One worker needs no process of its own: that would only add the way to it and back.
        "MLSERVER_PARALLEL_WORKERS": (str(workers if workers > 1 else 0), "runtime.workers"),
        "OMP_NUM_THREADS": (str(deployment.runtime.threads), "runtime.threads"),
    }
    own = {name: (value, "fact:shipped.MLSERVER_ENV") for name, value in MLSERVER_ENV.value.items()}
    return Watched(_ready(deployment), mlserver.LIVE_PATH.value, told, {**given, **own})


def _tf_serving(deployment: Deployment) -> Watched:
    state, model = tf_serving.SERVER.ready_path, deployment.model
    assert state is not None
    ready = tf_serving.HEALTH_PATH.value.partition("/versions/")[0] + "/metadata"
    return Watched(ready.format(model=model.name), state.value.format(model=model.name))


def _triton(deployment: Deployment) -> Watched:
    return Watched(_ready(deployment), triton.LIVE_PATH.value, metrics(deployment))


def _ready(deployment: Deployment) -> str:
    path = SERVERS[deployment.runtime.server].ready_path
    assert path is not None
    return path.value.format(model=deployment.model.name)


_WATCHED = {"mlserver": _mlserver, "tf-serving": _tf_serving, "triton": _triton}
_STOP_SECONDS = {
    "mlserver": mlserver.STOP_SECONDS.value,
    "tf-serving": tf_serving.STOP_SECONDS.value,
    "triton": triton.STOP_SECONDS.value,
}
