"""The files of the mlflow target."""

from __future__ import annotations

from collections.abc import Iterator

from servespec.artifacts import Artifact, Bundle, Content, Language
from servespec.deployment.fetching import fetched
from servespec.deployment.model_packages import model_packages
from servespec.deployment.pins import companion_pins, server_pins
from servespec.deployment.registry import registry_address
from servespec.deployment.requirements_file import parse
from servespec.deployment.types import Deployment, Example
from servespec.emit import python, requirements, shell, template
from servespec.emit.quoted import Data, traced
from servespec.facts import Facts
from servespec.spans import Value
from servespec.targets.contract import Context, Lowered
from servespec.targets.image import LOCKED
from servespec.targets.mlflow.container import container


def lower(deployment: Deployment, context: Context) -> Lowered:
    """Everything that MLflow's scoring server needs, on a machine or in an image."""
    artifacts = (
        Artifact("serve.py", _script(deployment), Language.PYTHON),
        Artifact("healthcheck.py", _healthcheck(deployment), Language.PYTHON),
        Artifact("requirements.txt", _requirements(deployment, context.facts), Language.REQUIREMENTS),
    )
    return Lowered(Bundle("mlflow", artifacts, tuple(_commands(deployment))), container(deployment))


def _commands(deployment: Deployment) -> Iterator[str]:
    """MLflow's own ways of serving the model and of making an image of it, as they work with MLflow 3."""
    uri, runtime = deployment.model.uri, deployment.runtime
    model = shell.option("--model-uri", uri)
    ways = [shell.option("--port", str(runtime.protocols["rest"])), shell.option("--workers", str(runtime.workers))]
    timeout = shell.option("--timeout", str(runtime.timeouts.request.seconds))
    # Without it MLflow makes an environment of its own at each start.
    local = shell.option("--env-manager", "local")
    yield shell.command(["mlflow", "models", "serve", model, *ways, timeout, local]).text
    name = shell.option("--name", deployment.name)
    yield shell.command(["mlflow", "models", "build-docker", model, name, local]).text


def _script(deployment: Deployment) -> Content:
    runtime, uri = deployment.runtime, deployment.model.uri
    spec: dict[str, Data] = {
        # Beside the script in an image, and where `--model` says elsewhere.
        "model": traced(uri if registry_address(uri) and not fetched(deployment.model) else "model", "model.uri"),
        "files": traced(_locked(deployment), *LOCKED),
        "port": traced(runtime.protocols["rest"], "runtime.protocols.rest"),
        "workers": traced(runtime.workers, "runtime.workers"),
        "request_seconds": traced(runtime.timeouts.request.seconds, "runtime.timeouts.request"),
        "drain_seconds": traced(runtime.timeouts.shutdown.seconds, "runtime.timeouts.shutdown"),
        "warm_up": _warm_up(deployment.examples),
    }
    return template.render("mlflow/serve.py", {"spec": python.literal(spec, column=len("SPEC = "))})


def _locked(deployment: Deployment) -> Data:
    """The digests of what the server itself fetches from a registry; None when that is nothing, or not locked."""
    model = deployment.model
    asks = registry_address(model.uri) is not None and not fetched(model)
    return dict(model.locked.files) if model.locked and asks else None


def _warm_up(examples: tuple[Example, ...]) -> Data:
    """The first request that is to be answered with predictions; None when there is no such."""
    for index, example in enumerate(examples):
        if isinstance(example.expect, dict) and "predictions" in example.expect:
            return traced(_ordered(example.request), f"examples[{index}].request")
    return None


def _ordered(value: Value) -> Value:
    """The same request, however the keys of its maps were ordered: their order says nothing."""
    if isinstance(value, dict):
        return {key: _ordered(item) for key, item in sorted(value.items())}
    return [_ordered(item) for item in value] if isinstance(value, list) else value


def _healthcheck(deployment: Deployment) -> Content:
    spec: dict[str, Data] = {
        "url": traced(f"http://127.0.0.1:{deployment.runtime.protocols['rest']}/ping", "runtime.protocols.rest"),
        "timeout": traced(deployment.probes.readiness.timeout_seconds, "probes.readiness.timeoutSeconds"),
    }
    return template.render("mlflow/healthcheck.py", {"spec": python.literal(spec, column=len("SPEC = "))})


def _requirements(deployment: Deployment, facts: Facts) -> Content:
    """The server's pins and the model's own requirements: one file, so that they are resolved together."""
    own, why = model_packages(deployment, facts).taken, ("runtime.version", "fact:mlflow.requirements")
    named = {line.name for line in own}
    companions = [pin for pin in companion_pins(deployment, facts) if not {line.name for line in parse(pin)} & named]
    return requirements.dump(
        [
            *(requirements.parse(pin, *why) for pin in server_pins(deployment)),
            *(requirements.parse(pin, "fact:mlflow.companions") for pin in companions),
            *(requirements.parse(line.text, "model.uri") for line in own),
        ]
    )
