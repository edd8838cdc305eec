"""Which files make up a TorchServe archive, and what it is called."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass

from servespec.deployment.layout import pytorch_layout
from servespec.deployment.types import Deployment
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

    @property
    def sources(self) -> tuple[str, ...]:
        """The project's own files among them."""
        own = (self.weights, self.code, None if self.handler_is_ours else self.handler, *self.extra)
        return tuple(path for path in own if path)


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
