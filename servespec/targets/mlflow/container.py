"""How MLflow's scoring server runs in a container."""

from __future__ import annotations

from servespec.artifacts import Origin
from servespec.deployment.fetching import fetched
from servespec.deployment.registry import registry_address
from servespec.deployment.types import Deployment
from servespec.runtimes import mlflow as facts
from servespec.targets.container import Container, Copy, Input, Port, Step, Watched
from servespec.targets.image import PATH, locked_check, python_stage

_WHY = "fact:mlflow.home"


def container(deployment: Deployment) -> Container:
    """What docker and compose need to know of it."""
    home, ready = facts.SERVER.home.value, facts.SERVER.ready_path
    assert ready is not None
    steps: tuple[Step, ...] = (
        Copy(tuple(Input(name, _WHY, "mlflow") for name in ("serve.py", "healthcheck.py")), f"{home}/"),
    )
    brought = fetched(deployment.model)
    if not brought and registry_address(deployment.model.uri) is None:
        # Whatever the modes of the checkout are, the server's user must be able to read it.
        model, folder = deployment.model, f"{home}/model"
        copied = Copy((Input(model.uri, "model.uri"),), folder, mode="0755")
        steps = (*steps, copied, *locked_check(model, [(model.uri, folder)]))
    return Container(
        server="mlflow",
        stages=(python_stage(deployment, server="mlflow", steps=steps),),
        home=home,
        writable=(facts.SCRATCH.value,),
        env=_env(deployment),
        # The script listens on loopback; in a container clients come from outside.
        entrypoint=("python", "-I", f"{home}/serve.py", "--host=0.0.0.0"),
        health=("python", "-I", f"{home}/healthcheck.py"),
        ports=(Port("rest", deployment.runtime.protocols["rest"]),),
        stop_seconds=facts.STOP_SECONDS.value,
        why=_WHY,
        # As it is started it listens only when the model is loaded: both questions are the same.
        watched=Watched(ready=ready.value, live=ready.value),
        model_folder=f"{home}/model" if brought else None,
    )


def _env(deployment: Deployment) -> dict[str, tuple[str, Origin]]:
    scratch = facts.SCRATCH.value
    return {
        "PATH": (PATH, _WHY),
        "HOME": (scratch, "fact:mlflow.SCRATCH"),
        "TMPDIR": (scratch, "fact:mlflow.SCRATCH"),
        "OMP_NUM_THREADS": (str(deployment.runtime.threads), "runtime.threads"),
    }
