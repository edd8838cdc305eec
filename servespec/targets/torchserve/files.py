"""Which files make up a TorchServe archive, and what it is called."""

from __future__ import annotations

import posixpath
from collections.abc import Callable

from servespec.artifacts import Origin
from servespec.deployment.layout import pytorch_layout
from servespec.deployment.types import Deployment
from servespec.records import dataclass
from servespec.targets.contract import Context


@dataclass(frozen=True)
class ArchiveFiles:
    """Paths relative to the project folder; a check has seen to it that weights are named."""

    model_name: str
    version: str
    weights: str
    code: str | None
    """The model's class; None for TorchScript, which brings its own."""
    handler: str
    handler_is_ours: bool
    config: str
    extra: tuple[str, ...]

    @property
    def archive(self) -> str:
        """File name of the archive: one a version, since the archiver's own name has none."""
        return f"{self.model_name}-{self.version}.mar"


def archiver_options(
    files: ArchiveFiles, place: Callable[[str], str], *, extra: str = ""
) -> list[tuple[str, str, tuple[Origin, ...]]]:
    """The archiver's options: name, value and why. `place` says where a file of the project lies, `extra` what
    stands before the paths of extra files."""
    options: list[tuple[str, str, tuple[Origin, ...]]] = [
        ("--model-name", files.model_name, ("model.name",)),
        ("--version", files.version, ("model.version",)),
        ("--serialized-file", place(files.weights), ("model.uri",)),
        ("--handler", place(files.handler), ("model.handler.file",)),
        ("--config-file", place(files.config), ("runtime",)),
        ("--archive-format", "zip-store", ("fact:torchserve.ARCHIVER",)),
    ]
    if files.code:
        options.append(("--model-file", place(files.code), ("model.code", "model.uri")))
    if files.extra:
        paths = ",".join(f"{extra}{path}" for path in files.extra)
        options.append(("--extra-files", paths, ("model.extraFiles",)))
    return options


def archive_files(deployment: Deployment, context: Context) -> ArchiveFiles:
    """The files of the archive of this deployment."""
    model, folder = deployment.model, context.output.of("torchserve")
    layout = pytorch_layout(model, context.facts)
    return ArchiveFiles(
        model_name=model.name,
        version=model.version,
        weights=layout.weights or model.uri,
        code=layout.code,
        handler=layout.handler or posixpath.join(folder, "handler.py"),
        handler_is_ours=layout.handler is None,
        config=posixpath.join(folder, "model-config.yaml"),
        extra=model.extra_files,
    )
