"""Logins of MLflow's registry: shown to it, and to nobody else."""

from __future__ import annotations

import base64

import pytest

from servespec.deployment.registry import registry_address
from servespec.edge.mlflow import MlflowRegistry
from servespec.edge.web import Unanswered
from tests.answering_registry import answering


@pytest.fixture(autouse=True)
def _nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TOKEN", "USERNAME", "PASSWORD"):
        monkeypatch.delenv(f"MLFLOW_TRACKING_{name}", raising=False)


def test_a_login_in_the_address() -> None:
    """It is shown as MLflow's own client shows it, decoded, and no message repeats it."""
    address = registry_address("models:/fraud@champion")
    assert address is not None
    with answering() as server:
        registry = MlflowRegistry(f"http://me:open%2Fsesame@{server.host}/")
        with pytest.raises(Unanswered) as told:
            registry.find(address)
    assert str(told.value).startswith(f"http://{server.host} answers 404")
    assert {allowed for _, _, allowed in server.asked} == {f"Basic {base64.b64encode(b'me:open/sesame').decode()}"}


def test_what_is_no_address() -> None:
    """The message that says so is without the login."""
    with pytest.raises(Unanswered) as told:
        MlflowRegistry("sqlite://me:opensesame@host/x")
    assert str(told.value) == "MLFLOW_TRACKING_URI is sqlite://host/x, and not the address of a server"
