"""The steps of an image as slots of the Dockerfile: each step is of one kind, and fills the slot of that name."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping

from servespec.deployment.types import Deployment
from servespec.emit import dockerfile, dockerflags
from servespec.emit.quoted import Quoted
from servespec.emit.template import Slot
from servespec.facts import Facts
from servespec.runtimes.image import REQUIREMENTS
from servespec.targets.container import Copy, Input, Packages, PythonEnvironment, Run, Step, Take
from servespec.targets.contract import Output

_WHEELS = "/mnt/wheels"
_NETRC = "/root/.netrc"
# https://manpages.debian.org/bookworm/apt/sources.list.5.en.html (read 2026-11): both forms, in one file or in many.
_EACH_SOURCE = (
    "find", "/etc/apt", "-type", "f", "(", "-name", "*.list", "-o", "-name", "*.sources", ")", "-exec",
)  # fmt: skip
# What `apt-get update --print-uris` says of a place begins with a quote; https://manpages.debian.org/bookworm/apt/
# sources.list.5.en.html names the schemes of what lies in the image itself.
_OWN = "(cdrom|copy|file):.*"
_KINDS = ("copied", "take", "packages", "environment", "run")


def context_path(item: Input, output: Output) -> str:
    """Where an input lies in the build context, which is the project folder."""
    return item.path if item.emitted_by is None else posixpath.join(output.of(item.emitted_by), item.path)


class Steps:
    """Writes the steps of one deployment's images."""

    def __init__(self, deployment: Deployment, facts: Facts, output: Output) -> None:
        self._deployment = deployment
        self._facts = facts
        self._output = output

    def slots(self, step: Step) -> Mapping[str, Slot]:
        """The slots of a step: that of its kind is filled, the others are None."""
        match step:
            case Copy():
                filled: dict[str, Slot] = {"copied": {"flags": list(_modes(step)), "paths": self._copy(step)}}
            case Take():
                path = dockerfile.copy_form([step.source], step.target, step.origin)
                filled = {"take": {"stage": dockerfile.stage(step.stage, step.origin), "path": path}}
            case Packages():
                names = ("apt-get", "install", "--yes", "--no-install-recommends", *step.names)
                install = dockerfile.run_command(names, step.origin)
                filled = {"packages": {"sources": self._sources(step), "install": install}}
            case PythonEnvironment():
                filled = {"environment": self._environment(step)}
            case Run():
                filled = {"run": dockerfile.exec_form(step.argv, *step.origins)}
        return {**dict.fromkeys(_KINDS), **filled}

    def _sources(self, step: Packages) -> Mapping[str, Slot] | None:
        """The command by which apt asks the mirrors of Debian's and Ubuntu's hosts, and the one that finds the
        hosts that it would ask beside them; none without mirrors."""
        hosts = self._deployment.mirrors.apt
        if not hosts:
            return None
        changes = [f"--expression=s|https\\?://{re.escape(host)}/|{to.rstrip('/')}/|g" for host, to in hosts.items()]
        mirrors = "|".join(dict.fromkeys(to.split("/")[2].replace(".", "\\.") for to in hosts.values()))
        others = ("grep", "--invert-match", "--line-regexp", "--extended-regexp", f".({_OWN}|https?://({mirrors}))")
        return {
            "change": dockerfile.run_command([*_EACH_SOURCE, "sed", "--in-place", *changes, "{}", "+"], step.origin),
            "others": dockerfile.run_command(others, step.origin),
        }

    def _copy(self, step: Copy) -> Quoted:
        sources = [context_path(item, self._output) for item in step.inputs]
        return dockerfile.copy_form(sources, step.target, *dict.fromkeys(item.origin for item in step.inputs))

    def _environment(self, step: PythonEnvironment) -> Mapping[str, Slot]:
        copied = [
            f"{REQUIREMENTS.value}/{(item.emitted_by or 'project').partition('/')[0]}.txt" for item in step.requirements
        ]
        copies = [self._copy(Copy((item,), target)) for item, target in zip(step.requirements, copied, strict=True)]
        python = f"{step.folder}/bin/python"
        return {
            "copies": copies,
            "mounts": list(self._mounts(step)),
            "create": dockerfile.run_command(["python", "-m", "venv", "--without-pip", step.folder], step.origin),
            "installs": [self._install(python, argv, step) for argv in self._installs(step, copied)],
            "check": dockerfile.run_command(["pip", "--python", python, "check"], step.origin),
        }

    def _install(self, python: str, wanted: list[str], step: PythonEnvironment) -> Quoted:
        argv = ["pip", "--python", python, "install", "--disable-pip-version-check", "--no-input", *self._places(step)]
        return dockerfile.run_command([*argv, *wanted], step.origin, *(item.origin for item in step.requirements))

    def _installs(self, step: PythonEnvironment, copied: list[str]) -> Iterator[list[str]]:
        """What each call of pip installs. With hashes pip wants one for everything, and our own pins have none."""
        hashed = [path for item, path in zip(step.requirements, copied, strict=True) if self._hashed(item)]
        for path in hashed:
            yield ["--require-hashes", f"--requirement={path}"]
        rest = [f"--requirement={path}" for path in copied if path not in hashed]
        if rest or step.pins:
            yield [*rest, *step.pins]

    def _hashed(self, item: Input) -> bool:
        # An emitted file may be called as one of the project's: its path is another folder's.
        return item.emitted_by is None and "--hash=" in (self._facts.file(item.path).text or "")

    def _places(self, step: PythonEnvironment) -> Iterator[str]:
        if step.wheels:
            yield f"--find-links={_WHEELS}"
        for index, item in enumerate(self._deployment.image.indexes):
            yield f"--index-url={item.url}" if index == 0 else f"--extra-index-url={item.url}"

    def _mounts(self, step: PythonEnvironment) -> Iterator[Quoted]:
        if step.wheels:
            yield dockerflags.bind(step.wheels.path, step.wheels.origin, target=_WHEELS)
        for secret in dict.fromkeys(item.secret for item in self._deployment.image.indexes if item.secret):
            yield dockerflags.secret(secret, "image.indexes", target=_NETRC)


def _modes(step: Copy) -> Iterator[Quoted]:
    # BuildKit keeps the modes of the checkout, and under a strict umask our own files would be root's alone.
    # The project's files keep theirs in a stage that sets modes itself, or packs them.
    mode = step.mode or ("0644" if all(item.emitted_by for item in step.inputs) else None)
    if mode:
        yield dockerflags.flag("--chmod", mode, *dict.fromkeys(item.origin for item in step.inputs))
