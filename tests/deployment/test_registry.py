"""Addresses of a model registry, as MLflow reads them."""

from __future__ import annotations

import pytest

from servespec.deployment.registry import RegistryAddress, registry_address


@pytest.mark.parametrize(
    ("uri", "address"),
    [
        ("models:/fraud/3", RegistryAddress("fraud", version="3")),
        ("models:/fraud@champion", RegistryAddress("fraud", alias="champion")),
        ("models:/ml.risk.fraud@a-b", RegistryAddress("ml.risk.fraud", alias="a-b")),
        ("models:/fraud/Production", RegistryAddress("fraud", stage="Production")),
        ("models:/fraud/v3", RegistryAddress("fraud", stage="v3")),
        ("models:/fraud/latest", RegistryAddress("fraud")),
        ("models:/m-0123", RegistryAddress("m-0123")),
    ],
)
def test_an_address_is_read(uri: str, address: RegistryAddress) -> None:
    """A number is a version, what follows `@` an alias, and every other word but `latest` a stage."""
    assert registry_address(uri) == address
    assert address.moves is (address.version is None)


@pytest.mark.parametrize(
    "uri", ["model", "./models/fraud", "runs:/1/model", "models:/", "models:/a/b/c", "models:/a@b/1"]
)
def test_other_places_are_none(uri: str) -> None:
    """Paths, other schemes, and what MLflow could not read are no addresses of the registry."""
    assert registry_address(uri) is None
