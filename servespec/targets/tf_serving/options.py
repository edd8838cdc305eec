"""Options of the tf-serving target."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from servespec.node import Node
from servespec.spec.common import Many

_Version: TypeAlias = Annotated[int, Field(ge=1)]


class TfServingOptions(Node):
    """Which versions of the model are served, and how clients may call them."""

    versions: Literal["latest"] | Many[_Version] = Field(default=(), examples=[[1, 2]])
    """Versions that are served side by side, or `latest` for whichever is the newest in the folder, also when it comes
    later. Default: `model.version` alone."""
    labels: dict[str, _Version] = Field(default={}, examples=[{"stable": 1}])
    """Names for versions, as in `/v1/models/NAME/labels/stable:predict`."""
