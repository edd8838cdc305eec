"""The model that the server will load, as its own files tell of it."""

from __future__ import annotations

from servespec.deployment.layout import SUFFIXES, model_file
from servespec.deployment.types import Deployment
from servespec.facts import Facts
from servespec.models import Inspection


def asked_model(deployment: Deployment, facts: Facts) -> Inspection | None:
    """What the model says of itself; None when it is not there, or says nothing that is understood."""
    model = deployment.model
    return facts.model(model_file(model, facts) if SUFFIXES[model.format] else model.uri)
