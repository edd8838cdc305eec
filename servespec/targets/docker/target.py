"""The docker target: a Dockerfile around the server's files, and the allow-list that narrows its context."""

from __future__ import annotations

from collections.abc import Iterator

from servespec.deployment.types import Deployment
from servespec.deployment.workloads import image_makers
from servespec.diagnostics.types import Diagnostic, Label
from servespec.facts import Facts
from servespec.node import Node
from servespec.targets.contract import (
    IN_A_CLUSTER,
    KEPT,
    UNRELATED,
    Claim,
    Context,
    Lowered,
    NoOptions,
    Target,
    dropped,
)


def _lower(deployment: Deployment, context: Context) -> Lowered:
    from servespec.targets.docker.lower import lower  # templates load Jinja: only when something is made

    return lower(deployment, context)


def _claims(deployment: Deployment, options: Node) -> Iterator[Claim]:
    """The repository of its images, when it was chosen."""
    name = deployment.image.repository
    yield Claim("image-clash", (name,), f"image `{name}`", Label(("image", "repository")), chosen=True)


def _check(deployment: Deployment, options: Node, facts: Facts) -> Iterator[Diagnostic]:
    if any(fact.way for fact in facts.files.values()):
        from servespec.targets.docker.links import links  # start-up: most projects have none

        yield from links(deployment, facts)


DOCKER = Target(
    name="docker",
    summary="a Dockerfile that builds the server with your model, and its .dockerignore",
    options=NoOptions,
    supports={
        "apiVersion": UNRELATED,
        "name": KEPT,
        "pattern": KEPT,
        "release": KEPT,
        "description": KEPT,
        "owner": KEPT,
        "labels": dropped(
            "labels of the running service belong to what runs it: an image is the same in each environment"
        ),
        "model": KEPT,
        "signature": KEPT,
        "runtime": KEPT,
        "runtime.timeouts.shutdown": dropped("an image can't say how long a stop may take; compose does"),
        "runtime.env": dropped("variables of the running service belong to what runs it; compose sets them"),
        "optimize": UNRELATED,
        "image": KEPT,
        "resources": dropped("an image has no limits; compose sets them"),
        "resources.accelerator": KEPT,
        "probes": KEPT,
        "probes.liveness": dropped("an image has one health check, that of readiness"),
        "probes.startup.timeoutSeconds": dropped("an engine has one timeout for its health check, that of readiness"),
        "security": KEPT,
        "security.readOnlyRootFilesystem": dropped("set where the container is started; compose does"),
        **dict.fromkeys(IN_A_CLUSTER, dropped("an image does not say how many of it run, where, or for whom")),
        "platform": UNRELATED,
        "connections": UNRELATED,
        "secrets": UNRELATED,
        "batch": UNRELATED,
        "streaming": KEPT,
        "streaming.scaling": dropped("an image does not say how many of it run"),
        "streaming.env": dropped("variables of the running service belong to what runs it; compose sets them"),
        "variants": KEPT,
        "variants.weight": UNRELATED,
        "variants.shadow": UNRELATED,
        "variants.replicas": UNRELATED,
        "examples": UNRELATED,
        "targets": UNRELATED,
        "environments": UNRELATED,
        "overrides": UNRELATED,
        "suppress": UNRELATED,
    },
    lower=_lower,
    check=_check,
    claims=_claims,
    needs_context=True,
    requires=image_makers,
)
