"""The files by which MLServer runs a model; ONNX Runtime, which runs inside it, has them too."""

from __future__ import annotations

from collections.abc import Iterator

from servespec.artifacts import Artifact, Language, Structured
from servespec.deployment.pins import companion_pins, server_pins
from servespec.deployment.types import Deployment
from servespec.emit import python, requirements, template
from servespec.emit.quoted import Data, traced
from servespec.facts import Facts
from servespec.targets.answered import answered
from servespec.targets.mlserver.settings import settings


def server_files(deployment: Deployment, facts: Facts, *, model: Data, checks: dict[str, Data]) -> Iterator[Artifact]:
    """All but what is special about a runtime: `model` is its model-settings.json, `checks` what MLServer itself
    has to look at in a request."""
    yield Artifact("settings.json", Structured(settings(deployment)), Language.JSON)
    yield Artifact("model-settings.json", Structured(model), Language.JSON)
    yield _serve(deployment, checks)
    yield _healthcheck(deployment)
    yield _requirements(deployment, facts)


def _serve(deployment: Deployment, checks: dict[str, Data]) -> Artifact:
    spec = python.literal(
        {
            **checks,
            "warm_up": _first_example(deployment),
            "drain_seconds": traced(deployment.runtime.timeouts.shutdown.seconds, "runtime.timeouts.shutdown"),
        },
        column=len("SPEC = "),
    )
    return Artifact("serve.py", template.render("mlserver/serve.py", {"spec": spec}), Language.PYTHON)


def _first_example(deployment: Deployment) -> Data:
    """The request of the first example that is to be answered."""
    for index, request in answered(deployment):
        return traced(request, f"examples[{index}].request")
    return traced(None, "examples")


def _healthcheck(deployment: Deployment) -> Artifact:
    spec = python.literal(
        {
            "model": traced(deployment.model.name, "model.name"),
            "port": traced(deployment.runtime.protocols["rest"], "runtime.protocols.rest"),
            "timeout": traced(deployment.probes.readiness.timeout_seconds, "probes.readiness.timeoutSeconds"),
        },
        column=len("SPEC = "),
    )
    return Artifact("healthcheck.py", template.render("mlserver/healthcheck.py", {"spec": spec}), Language.PYTHON)


def _requirements(deployment: Deployment, facts: Facts) -> Artifact:
    server = deployment.runtime.server
    lines = [
        *(requirements.parse(pin, "runtime.version", f"fact:{server}.requirements") for pin in server_pins(deployment)),
        *(
            requirements.parse(pin, "model.framework.version", f"fact:{server}.companions")
            for pin in companion_pins(deployment, facts)
        ),
    ]
    return Artifact("requirements.txt", requirements.dump(lines), Language.REQUIREMENTS)
