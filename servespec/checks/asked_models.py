"""The model that the server will load, as its own files tell of it."""

from __future__ import annotations

from servespec.deployment.layout import model_file
from servespec.deployment.types import Deployment
from servespec.facts import Facts
from servespec.models import Inspection


def asked_model(deployment: Deployment, facts: Facts) -> Inspection | None:
    """What the model says of itself, or said when it was locked; None when it is not there, or says nothing that is
    understood."""
    model = deployment.model
    said = facts.model(model_file(model, facts))
    if said is None and model.locked and model.locked.signature:
        return Inspection("the lock", model.format, signature=model.locked.signature)
    return said
