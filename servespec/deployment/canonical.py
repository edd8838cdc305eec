"""The deployment as JSON: the first thing a reviewer reads, and what its digest is taken of."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from servespec.deployment.cron import Cron
from servespec.deployment.durations import Duration
from servespec.deployment.images import ImageReference
from servespec.deployment.instants import Instant
from servespec.deployment.path_templates import PathTemplate
from servespec.deployment.quantities import Quantity
from servespec.deployment.types import Deployment
from servespec.spans import Value

_PLAIN = (str, int, float, type(None))
_TEXTS = (Cron, Duration, ImageReference, Instant, PathTemplate)
"""Value objects, each of which is a text of the spec."""


def as_data(value: object) -> Value:
    """Plain data with the spec's own field names; value objects become the text that the spec would say."""
    if isinstance(value, _PLAIN):
        return value
    if isinstance(value, Quantity):
        return value.text
    if isinstance(value, _TEXTS):
        return str(value)
    if isinstance(value, (dict, Mapping)):  # the first needs no search among what is registered
        return {key: as_data(item) for key, item in value.items()}
    if isinstance(value, (tuple, list)):
        return [as_data(item) for item in value]
    if names := getattr(value, "__match_args__", ()):
        return {_camel(name): as_data(getattr(value, name)) for name in names}
    raise TypeError(f"a deployment holds no {type(value).__name__}")


def digest(deployment: Deployment, options: Mapping[str, Any]) -> str:
    """SHA-256, as hex, of a deployment and its targets' options; the order of keys plays no part."""
    data = {
        "deployment": as_data(deployment),
        "targets": {name: dict(given) for name, given in options.items()},
    }
    text = json.dumps(data, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def combined(digests: Mapping[str, str]) -> str:
    """One SHA-256, as hex, of those of all environments; that of a spec without any is its own."""
    if list(digests) == [""]:
        return digests[""]
    return hashlib.sha256(json.dumps(digests, sort_keys=True).encode()).hexdigest()


@cache
def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(part.capitalize() for part in rest)
