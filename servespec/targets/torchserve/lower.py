"""The files of the torchserve target."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from servespec.artifacts import Artifact, Bundle, Content, Language, Structured
from servespec.deployment.types import Deployment
from servespec.emit import python, requirements, shell, template
from servespec.emit.quoted import traced
from servespec.runtimes import torchserve as facts
from servespec.targets.contract import Context, Lowered
from servespec.targets.torchserve.container import container
from servespec.targets.torchserve.files import ArchiveFiles, archive_files, archiver_options
from servespec.targets.torchserve.handler import handler_spec
from servespec.targets.torchserve.options import TorchserveOptions
from servespec.targets.torchserve.settings import config_properties, loopback, model_config


def lower(deployment: Deployment, context: Context) -> Lowered:
    """Everything that TorchServe needs, on a machine or in an image."""
    files = archive_files(deployment, context)
    archived = isinstance(context.options, TorchserveOptions) and context.options.archive
    artifacts = list(_artifacts(deployment, context, files))
    if archived:
        from servespec.targets.torchserve.archive import archive  # start-up: an option that few turn on

        artifacts.append(archive(files, context.facts))
    store = posixpath.join(context.output.of("torchserve"), "model-store")
    bundle = Bundle("torchserve", tuple(artifacts), () if archived else (archiver_command(files, store=store),))
    return Lowered(bundle, container(deployment, files, archived=archived))


def _artifacts(deployment: Deployment, context: Context, files: ArchiveFiles) -> Iterator[Artifact]:
    yield _script(deployment, context, files)
    config = config_properties(deployment, files)
    yield Artifact("config.properties", Structured(config), Language.PROPERTIES)
    yield Artifact("model-config.yaml", Structured(dict(model_config(deployment))), Language.YAML)
    yield _entrypoint(deployment)
    yield _healthcheck(deployment)
    yield Artifact("log4j2.properties", _logging(), Language.PROPERTIES)
    yield _requirements(deployment)
    if files.handler_is_ours:
        yield Artifact("handler.py", _handler(deployment), Language.PYTHON)


def archiver_arguments(files: ArchiveFiles) -> list[shell.ShellWord]:
    """The archiver's options for this model, as words of a shell in the project folder."""
    return [shell.option(name, value, *origins) for name, value, origins in archiver_options(files, str)]


def archiver_command(files: ArchiveFiles, *, store: str) -> str:
    """The archiver's command on one line, to be typed here. It makes no folder, and its file's name has no version."""
    path, made = shell.option("--export-path", store), posixpath.join(store, f"{files.model_name}.mar")
    steps: tuple[list[str | shell.ShellWord], ...] = (
        ["mkdir", "-p", "--", store],
        ["torch-model-archiver", *archiver_arguments(files), path, "--force"],
        ["mv", "-f", "--", made, posixpath.join(store, files.archive)],
    )
    return " && ".join(shell.command(step).text for step in steps)


def _handler(deployment: Deployment) -> Content:
    spec = python.literal(handler_spec(deployment), "signature", column=len("SPEC = "))
    return template.render("torchserve/handler.py", {"spec": spec})


def _script(deployment: Deployment, context: Context, files: ArchiveFiles) -> Artifact:
    digest = deployment.model.digest
    content = template.render(
        "torchserve/archive.sh",
        {
            "up": shell.word(context.output.up_from("torchserve")),
            "arguments": archiver_arguments(files),
            "digests": [
                shell.word(f"{digest.removeprefix('sha256:')}  {files.weights}", "model.digest")
                for digest in [digest]
                if digest
            ],
            "made": shell.word(f"{files.model_name}.mar", "model.name"),
            "archive": shell.word(files.archive, "model.name", "model.version"),
        },
    )
    return Artifact("archive.sh", content, Language.SHELL, executable=True)


def _logging() -> Structured:
    settings = {name: traced(value, "fact:torchserve.LOGGING") for name, value in facts.LOGGING.value.items()}
    return Structured(settings, "To standard output, where a container's logs are looked for.")


def _entrypoint(deployment: Deployment) -> Artifact:
    runtime = deployment.runtime
    spec = python.literal(
        {
            "main": traced(facts.SERVER_CLASS.value, "fact:torchserve.SERVER_CLASS"),
            "jvm": traced(list(facts.JVM_FLAGS.value), "fact:torchserve.JVM_FLAGS"),
            "inference": traced(loopback(runtime.protocols["rest"]), "runtime.protocols.rest"),
            "management": traced(
                loopback(facts.SERVER.private_ports["management"].value), "fact:torchserve.private_ports"
            ),
            "token": traced(deployment.security.authorization == "token", "security.authorization"),
            "drain_seconds": traced(runtime.timeouts.shutdown.seconds, "runtime.timeouts.shutdown"),
            "perhaps_seconds": traced(facts.PERHAPS_SECONDS.value, "fact:torchserve.PERHAPS_SECONDS"),
        },
        column=len("SPEC = "),
    )
    return Artifact("entrypoint.py", template.render("torchserve/entrypoint.py", {"spec": spec}), Language.PYTHON)


def _healthcheck(deployment: Deployment) -> Artifact:
    spec = python.literal(
        {
            "model": traced(deployment.model.name, "model.name"),
            "management": traced(
                loopback(facts.SERVER.private_ports["management"].value), "fact:torchserve.private_ports"
            ),
            "token": traced(deployment.security.authorization == "token", "security.authorization"),
            "timeout": traced(deployment.probes.readiness.timeout_seconds, "probes.readiness.timeoutSeconds"),
        },
        column=len("SPEC = "),
    )
    return Artifact("healthcheck.py", template.render("torchserve/healthcheck.py", {"spec": spec}), Language.PYTHON)


def _requirements(deployment: Deployment) -> Artifact:
    pins = facts.SERVER.requirements[deployment.runtime.version].value
    lines = [requirements.parse(pin, "runtime.version", "fact:torchserve.requirements") for pin in pins]
    return Artifact("requirements.txt", requirements.dump(lines), Language.REQUIREMENTS)
