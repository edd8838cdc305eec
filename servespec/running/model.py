"""Where what runs finds its model."""

from __future__ import annotations

import os
from pathlib import Path

from servespec.deployment.layout import SUFFIXES, model_file
from servespec.deployment.registry import registry_address
from servespec.pipeline import Sound


def model_of(analysis: Sound, project: Path) -> str:
    """The model's path, where it lies in the project, or its address in a registry."""
    model = analysis.deployment.model
    if registry_address(model.uri):
        return model.uri
    path = model_file(model, analysis.facts) if SUFFIXES[model.format] else model.uri
    return os.path.join(project, path)
