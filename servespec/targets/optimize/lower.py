"""The files of the optimize target."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from servespec.artifacts import Artifact, Bundle, Language
from servespec.deployment.pins import converted_format, converter_pins
from servespec.deployment.types import Deployment
from servespec.emit import python, requirements, shell, template
from servespec.targets.contract import Context, Lowered
from servespec.targets.optimize.conversion import conversion

_LOADERS = {"torchscript": "pytorch"}
"""The program that loads, asks and converts a model, where it is not called like the model's format."""
_VENV = ".venv-optimize"


def lower(deployment: Deployment, context: Context) -> Lowered:
    """The program and what it needs, and the commands that run it in an environment of its own."""
    model_format = converted_format(deployment.model, context.facts)
    pins = [
        requirements.parse(pin, "model.framework.version", "fact:optimize.PACKAGES")
        for pin in converter_pins(deployment, context.facts)
    ]
    files = (
        _convert(deployment, context),
        _program("source_model.py", f"optimize/{_LOADERS.get(model_format, model_format)}.py"),
        *(_program(name, f"optimize/{name}") for name in ("onnx_face.py", "parity.py", "speed.py")),
        Artifact("requirements.txt", requirements.dump(pins), Language.REQUIREMENTS),
    )
    return Lowered(Bundle("optimize", files, (_command(deployment, context),)))


def _convert(deployment: Deployment, context: Context) -> Artifact:
    spec = python.literal(conversion(deployment, context), column=len("SPEC = "))
    return Artifact("convert.py", template.render("optimize/convert.py", {"spec": spec}), Language.PYTHON)


def _program(path: str, skeleton: str) -> Artifact:
    return Artifact(path, template.render(skeleton, {}), Language.PYTHON)


def _command(deployment: Deployment, context: Context) -> str:
    folder = context.output.of("optimize")
    steps: tuple[list[str | shell.ShellWord], ...] = (
        ["python", "-m", "venv", _VENV],
        *([f"{_VENV}/bin/pip", "install", *words] for words in _installs(deployment, context, folder=folder)),
        [f"{_VENV}/bin/python", posixpath.join(folder, "convert.py")],
    )
    return " && ".join(shell.command(step).text for step in steps)


def _installs(deployment: Deployment, context: Context, *, folder: str) -> Iterator[list[str | shell.ShellWord]]:
    """What each call of pip installs: our pins and the project's at once, but for hashes, of which ours have none."""
    image, places = deployment.image, list(_places(deployment))
    wanted = [shell.option("--requirement", posixpath.join(folder, "requirements.txt"))]
    if image.requirements:
        theirs = shell.option("--requirement", image.requirements)
        if "--hash=" in (context.facts.file(image.requirements).text or ""):
            yield [*places, theirs]
        else:
            wanted.append(theirs)
    yield [*places, *wanted]


def _places(deployment: Deployment) -> Iterator[shell.ShellWord]:
    image = deployment.image
    if image.wheels:
        yield shell.option("--find-links", image.wheels)
    for index, item in enumerate(image.indexes):
        yield shell.option("--extra-index-url" if index else "--index-url", item.url)
