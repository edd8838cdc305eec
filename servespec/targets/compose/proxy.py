"""What stands before the variants: one address, which gives each request to one of them and a copy to the shadow."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence

from servespec.artifacts import Artifact, Language
from servespec.deployment.images import ImageReference
from servespec.deployment.mirrors import place_of
from servespec.deployment.types import Deployment
from servespec.deployment.workloads import service_name
from servespec.emit import dockerfile, nginx, template
from servespec.emit.nginx import NginxWord
from servespec.emit.quoted import Data, traced
from servespec.emit.template import Slot
from servespec.runtimes import nginx as facts

CONFIGURATION = "nginx.conf"
DOCKERFILE = "proxy.Dockerfile"
_PIDS = 64  # its processes, and those of a health check


def files_of(deployment: Deployment) -> tuple[Artifact, ...]:
    """What its image is made of; nothing without variants."""
    return (_configuration(deployment), _dockerfile(deployment)) if deployment.variants else ()


def _configuration(deployment: Deployment) -> Artifact:
    protocols, answer = deployment.runtime.protocols, _answer_seconds(deployment)
    slots: dict[str, Slot] = {
        "processes": nginx.integer(facts.PROCESSES.value, "fact:nginx.PROCESSES"),
        "connections": nginx.integer(facts.CONNECTIONS.value, "fact:nginx.CONNECTIONS"),
        "body_size": nginx.word(facts.BODY_SIZE.value, "fact:nginx.BODY_SIZE"),
        "resolver": nginx.word(facts.RESOLVER.value, "fact:nginx.RESOLVER"),
        "valid": nginx.seconds(facts.VALID_SECONDS.value, "fact:nginx.VALID_SECONDS"),
        "connect": nginx.seconds(facts.CONNECT_SECONDS.value, "fact:nginx.CONNECT_SECONDS"),
        "answer": nginx.seconds(answer, "runtime.timeouts.request", "fact:nginx.SPARE_SECONDS"),
        "splits": [_split(deployment, protocol) for protocol in (*protocols, "variant")],
        "rest": nginx.integer(protocols["rest"], "runtime.protocols.rest"),
        "grpc": nginx.integer(protocols["grpc"], "runtime.protocols.grpc") if "grpc" in protocols else None,
        "shadow": _shadow(deployment),
    }
    return Artifact(CONFIGURATION, template.render("compose/nginx.conf", slots), Language.NGINX)


def _split(deployment: Deployment, variable: str) -> Mapping[str, Slot]:
    """How one variable follows from the id of a request; those of one id always mean the same variant."""
    sharing = [(index, item) for index, item in enumerate(deployment.variants) if item.weight]
    shares: list[Mapping[str, Slot]] = []
    for index, variant in sharing:
        left = index == sharing[-1][0]
        part = nginx.share(None if left else variant.weight, f"variants[{index}].weight")
        shares.append({"part": part, "value": _value(deployment, index, variable)})
    return {"variable": nginx.variable(variable), "shares": shares}


def _value(deployment: Deployment, index: int, variable: str) -> NginxWord:
    variant = deployment.variants[index]
    if variable == "variant":
        return nginx.word(variant.name, f"variants[{index}].name")
    port, origin = variant.runtime.protocols[variable], f"variants[{index}].runtime.protocols.{variable}"
    return nginx.address(service_name(deployment, variant.name), port, f"variants[{index}].name", origin)


def _shadow(deployment: Deployment) -> Mapping[str, Slot] | None:
    for index, variant in enumerate(deployment.variants):
        if variant.shadow:
            copies = nginx.integer(facts.COPIES.value, "fact:nginx.COPIES")
            return {"copies": copies, "address": _value(deployment, index, "rest")}
    return None


def _answer_seconds(deployment: Deployment) -> int:
    return facts.SPARE_SECONDS.value + max(item.runtime.timeouts.request.seconds for item in deployment.variants)


def _dockerfile(deployment: Deployment) -> Artifact:
    security = deployment.security
    user = f"{security.run_as_user}:{security.run_as_group}"
    command = ["nginx", "-e", "stderr", "-c", facts.CONFIG.value]
    slots: dict[str, Slot] = {
        "image": dockerfile.image(place_of(facts.IMAGE.value, deployment), "fact:nginx.IMAGE"),
        "copy": dockerfile.copy_form([CONFIGURATION], facts.CONFIG.value, "fact:nginx.CONFIG"),
        "user": dockerfile.user(user, "security.runAsUser", "security.runAsGroup"),
        "ports": [
            dockerfile.port(port, f"runtime.protocols.{protocol}")
            for protocol, port in deployment.runtime.protocols.items()
        ],
        "entrypoint": dockerfile.exec_form(command, "fact:nginx.CONFIG"),
    }
    return Artifact(DOCKERFILE, template.render("compose/proxy.Dockerfile", slots), Language.DOCKERFILE)


def service(deployment: Deployment, files: Sequence[Artifact]) -> dict[str, Data]:
    """The service of the proxy, which bears the deployment's own name and publishes its ports."""
    security = deployment.security
    tmpfs = f"{facts.SCRATCH.value}:uid={security.run_as_user},gid={security.run_as_group},mode=0700"
    answer = f"{_answer_seconds(deployment)}s"
    limits: dict[str, Data] = {"memory": traced(facts.MEMORY.value, "fact:nginx.MEMORY"), "pids": _PIDS}
    return {
        "image": traced(str(reference(deployment, files)), "image.repository", "release"),
        "build": {"context": ".", "dockerfile": DOCKERFILE},
        "read_only": True,
        "tmpfs": traced([f"{tmpfs},size={facts.SCRATCH_SIZE.value}"], "fact:nginx.SCRATCH", "fact:nginx.SCRATCH_SIZE"),
        "cap_drop": ["ALL"],
        "security_opt": ["no-new-privileges:true"],
        "init": True,
        "ports": [
            traced(f"127.0.0.1:{port}:{port}", f"runtime.protocols.{protocol}")
            for protocol, port in deployment.runtime.protocols.items()
        ],
        "depends_on": [
            traced(service_name(deployment, variant.name), f"variants[{index}].name")
            for index, variant in enumerate(deployment.variants)
        ],
        "stop_grace_period": traced(answer, "runtime.timeouts.request", "fact:nginx.SPARE_SECONDS"),
        "restart": "unless-stopped",
        "deploy": {"resources": {"limits": limits}},
    }


def reference(deployment: Deployment, files: Sequence[Artifact]) -> ImageReference:
    """The name of its image, whose tag follows the files that it is made of."""
    digest = hashlib.sha256(json.dumps([item.digest() for item in files]).encode()).hexdigest()
    return ImageReference(deployment.image.repository, f"{deployment.release}-proxy-{digest[:12]}")
