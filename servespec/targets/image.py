"""Stages that images of Python servers have in common."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from servespec.artifacts import Origin
from servespec.deployment.locked import locked_paths
from servespec.deployment.types import Deployment, Model
from servespec.runtimes.image import VENV
from servespec.targets.container import Copy, Input, Packages, PythonEnvironment, Run, Stage, Step

LOCKED: tuple[Origin, ...] = ("lock:models",)
"""Why a line is there that compares files with the lock."""
PATH = f"{VENV.value}/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
"""The search path in such an image: that of its base, after the virtual environment."""
_EACH = (
    'cd "$0" && while [ "$#" -gt 0 ]; do test "$(sha256sum <"$2")" = "$1  -" || '
    '{ echo "$2 is not the file that was locked" >&2; exit 1; }; shift 2; done'
)


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
            PythonEnvironment(VENV.value, tuple(requirements), wheels=wheels(deployment)),
            *steps,
            *copied_files(deployment),
        ),
    )


def wheels(deployment: Deployment) -> Input | None:
    """The folder of wheels that the spec names."""
    folder = deployment.image.wheels
    return Input(folder, "image.wheels") if folder else None


def digest_check(model: Model, path: str) -> Iterator[Run]:
    """The file at `path` of a stage is the one that the spec means, or the build stops; nothing where no digest is
    known. Shell and coreutils only."""
    if model.digest is None:
        return
    script = 'test "$(sha256sum <"$1")" = "$0  -" || { echo "$1 is not the file that model.digest names" >&2; exit 1; }'
    why = LOCKED if model.locked else ("model.digest",)
    yield Run(("/bin/sh", "-c", script, model.digest.removeprefix("sha256:"), path), why)


def locked_check(model: Model, folders: Iterable[tuple[str, str]]) -> Iterator[Run]:
    """The files of a model that is a folder are the ones that were locked, or the build stops: for each folder of the
    project that was copied, and where to. A layer without bytes, made once; a start is no slower for it."""
    known = locked_paths(model)
    for source, target in folders:
        above = "" if source == "." else f"{source}/"
        below = {path.removeprefix(above): digest for path, digest in known.items() if path.startswith(above)}
        words = (word for path, digest in below.items() for word in (digest.removeprefix("sha256:"), path))
        if below:
            yield Run(("/bin/sh", "-c", _EACH, target, *words), LOCKED)


def copied_files(deployment: Deployment) -> tuple[Copy, ...]:
    """What `image.files` asks for, by modes that are the same whatever those of the checkout: the server's user must be
    able to read it, and to run what is a program."""
    return tuple(
        Copy((Input(file.source, f"image.files[{index}].source"),), file.target, mode="0755")
        for index, file in enumerate(deployment.image.files)
    )
