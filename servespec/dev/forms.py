"""Texts that have a form of their own: each as a definition that fields of the schema refer to.

The deployment's types say which fields are durations, quantities and images, since its paths are the spec's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import is_dataclass
from typing import Any, get_args, get_type_hints

from servespec.checks import invalid_date, invalid_digest
from servespec.deployment import durations, images, names, quantities
from servespec.deployment.batch import Batch
from servespec.deployment.canonical import _camel
from servespec.deployment.connections import Connection
from servespec.deployment.streaming import Streaming
from servespec.deployment.types import Deployment
from servespec.records import dataclass


@dataclass(frozen=True, slots=True)
class Form:
    """A form of text, with the expression that the compiler itself reads it by."""

    name: str
    """What its definition is called."""
    description: str
    pattern: str | re.Pattern[str]

    def schema(self) -> dict[str, Any]:
        """Its definition. JSON Schema has the expressions of JavaScript: no names for groups, `^` and `$` written."""
        pattern = re.sub(r"\(\?P<\w+>", "(?:", re.compile(self.pattern).pattern)
        return {"title": self.name, "description": self.description, "type": "string", "pattern": f"^(?:{pattern})$"}


DURATION = Form("Duration", "A number with a unit: `ms`, `s`, `m` or `h`.", durations._WHOLE)
QUANTITY = Form("Quantity", "A Kubernetes quantity: `500m`, `2`, `1536Mi`.", quantities._FORM)
IMAGE = Form("ImageReference", "An image reference: `repository[:tag][@sha256:digest]`.", images._FORM)
LABEL = Form("Label", "At most 63 of `a-z`, `0-9` and inner `-`.", names._LABEL)
DIGEST = Form("Digest", "`sha256:` and 64 hexadecimal digits.", invalid_digest._DIGEST)
DAY = Form("Day", "A day as `YYYY-MM-DD`.", invalid_date._FORM)

_LOADED_LATE = {"Batch": Batch, "Connection": Connection, "Streaming": Streaming}
"""What `deployment/types.py` names only to type checkers."""
_BY_TYPE = {durations.Duration: DURATION, quantities.Quantity: QUANTITY, images.ImageReference: IMAGE}
_BY_PATH = {"name": LABEL, "image.repository": IMAGE, "model.digest": DIGEST, "suppress.until": DAY}


def forms() -> Mapping[str, Form]:
    """The form of each field that has one, by dotted path."""
    return {**dict(_typed(Deployment, "")), **_BY_PATH}


def _typed(kind: type, path: str) -> Iterator[tuple[str, Form]]:
    for name, hint in get_type_hints(kind, localns=_LOADED_LATE).items():
        here = f"{path}.{_camel(name)}".lstrip(".")
        for type_ in (hint, *get_args(hint)):
            if form := _BY_TYPE.get(type_):
                yield here, form
            elif isinstance(type_, type) and is_dataclass(type_):
                yield from _typed(type_, here)
