"""Addresses of models that are somewhere else than beside the spec."""

from __future__ import annotations

import posixpath
import re

from servespec.deployment.layout import SUFFIXES
from servespec.deployment.registry import registry_address
from servespec.deployment.types import Model

_ELSEWHERE = {"gcs": "gs", "s3a": "s3", "s3n": "s3", "http": "https"}
"""Schemes of other tools, and what they are called here."""
# RFC 3986, 3.1; a single letter is a drive of Windows instead.
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+):/", re.ASCII)


def scheme(path: str) -> str | None:
    """The scheme of an address such as `s3://bucket/key`, or None for a path."""
    match = _SCHEME.match(path)
    return match[1] if match else None


def called_here(name: str) -> str:
    """The scheme that another tool calls so, as Spark has `s3a` for `s3`; any other one as it is."""
    return _ELSEWHERE.get(name.lower(), name.lower())


def storage_address(model: Model) -> str | None:
    """Where in a storage the model is; None for one beside the spec, or in a registry that the server itself asks."""
    if scheme(model.uri) is None or (model.format == "mlflow" and registry_address(model.uri)):
        return None
    return model.uri


def stored_file(model: Model) -> str | None:
    """The name of the model's file in a storage, as far as the address tells; None when it is a folder."""
    name = posixpath.basename(model.uri)
    return name if name.endswith(SUFFIXES[model.format] or ("\0",)) else None
