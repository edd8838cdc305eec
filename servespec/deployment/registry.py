"""Addresses of MLflow's model registry: `models:/NAME@ALIAS`, `models:/NAME/VERSION`."""

from __future__ import annotations

import re

from servespec.records import dataclass

SCHEME = "models"
_ADDRESS = r"models:/(?P<name>[^/@]+)(?:@(?P<alias>[^/@]+)|/(?P<part>[^/@]+))?"
LATEST = "latest"


@dataclass(frozen=True)
class RegistryAddress:
    """A model of the registry, and which version of it: by number, by alias, by stage, or none of them."""

    name: str
    version: str | None = None
    alias: str | None = None
    stage: str | None = None

    @property
    def moves(self) -> bool:
        """Whether it may mean another version tomorrow."""
        return self.version is None


def registry_address(uri: str) -> RegistryAddress | None:
    """The address that `uri` is, as MLflow reads it: what is no number and not `latest` is a stage; None for others."""
    match = re.fullmatch(_ADDRESS, uri) if uri.startswith(f"{SCHEME}:") else None
    if match is None:
        return None
    name, alias, part = match["name"], match["alias"], match["part"]
    if part is None:
        return RegistryAddress(name, alias=alias)
    if part.isdecimal():
        return RegistryAddress(name, version=part)
    return RegistryAddress(name, stage=None if part.lower() == LATEST else part)
