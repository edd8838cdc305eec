"""What images have in common that start from a server's own image: there is no Python in them that is ours."""

from __future__ import annotations

from collections.abc import Mapping

from servespec.artifacts import Artifact, Language, Origin
from servespec.deployment.types import Deployment
from servespec.emit import template
from servespec.targets.container import Packages, Stage, Step
from servespec.targets.contract import IN_A_CLUSTER, KEPT, UNRELATED, Support, lost
from servespec.targets.image import copied_files

_NO_PYTHON = "the server's own image is taken as it is; nothing of Python is installed into it"
_NO_CODE = "the server runs no code of yours; put such steps into the model"

SUPPORTS: Mapping[str, Support] = {
    "apiVersion": UNRELATED,
    "name": KEPT,
    "pattern": KEPT,
    "release": UNRELATED,
    "description": UNRELATED,
    "owner": UNRELATED,
    "labels": UNRELATED,
    "model": KEPT,
    "model.framework": UNRELATED,
    "model.code": lost(_NO_CODE),
    "model.handler": lost(_NO_CODE),
    "signature": KEPT,
    "runtime": KEPT,
    "runtime.timeouts.startup": UNRELATED,
    "runtime.env": UNRELATED,
    "runtime.config": lost("the server has no configuration file that more settings could go to"),
    "optimize": UNRELATED,
    "image": UNRELATED,
    "image.python": lost(_NO_PYTHON),
    "image.requirements": lost(_NO_PYTHON),
    "image.indexes": lost(_NO_PYTHON),
    "image.wheels": lost(_NO_PYTHON),
    "resources": KEPT,
    "probes": UNRELATED,
    "security": UNRELATED,
    "security.authorization": lost("the server does not authenticate callers; let only trusted ones reach it"),
    **dict.fromkeys(IN_A_CLUSTER, UNRELATED),
    "connections": UNRELATED,
    "secrets": UNRELATED,
    "batch": UNRELATED,
    "streaming": UNRELATED,
    "variants": KEPT,
    "variants.weight": UNRELATED,
    "variants.shadow": UNRELATED,
    "variants.replicas": UNRELATED,
    "examples": UNRELATED,
    "targets": KEPT,
    "environments": UNRELATED,
    "overrides": UNRELATED,
    "suppress": UNRELATED,
}
"""What holds for every such server."""


def upstream_stage(deployment: Deployment, *steps: Step) -> Stage:
    """The image: packages, then the server's files, then those of the spec."""
    names = deployment.image.system_packages
    packages = (Packages(names, "image.systemPackages"),) if names else ()
    return Stage(deployment.image.base, (*packages, *steps, *copied_files(deployment)))


def health_script() -> Artifact:
    """The program by which such an image asks its server over HTTP."""
    return Artifact("healthcheck.sh", template.render("upstream/healthcheck.sh", {}), Language.SHELL, executable=True)


def health_command(deployment: Deployment, path: str, *, home: str) -> tuple[str, ...]:
    """How that program is called: it succeeds when `path` is answered with 200."""
    rest, seconds = deployment.runtime.protocols["rest"], deployment.probes.readiness.timeout_seconds
    return ("/bin/bash", f"{home}/healthcheck.sh", path, str(rest), str(seconds))


def scratch_env(folder: str, *, why: Origin) -> dict[str, tuple[str, Origin]]:
    """The variables by which programs find the one folder that they may write to."""
    return {"HOME": (folder, why), "TMPDIR": (folder, why)}
