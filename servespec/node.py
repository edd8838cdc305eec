"""The base of every model that mirrors what a person wrote: strict, frozen, and closed to unknown fields."""

from __future__ import annotations

import os

# An installed plugin of pydantic would be loaded at every start, and would see what a spec says.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")

from pydantic import BaseModel, ConfigDict


class Node(BaseModel):
    """One block of a spec, or one target's options."""

    model_config = ConfigDict(
        strict=True,
        frozen=True,
        extra="forbid",
        defer_build=True,  # start-up: a schema is built when the first spec needs it
        allow_inf_nan=False,
        hide_input_in_errors=True,  # what was written may be a secret
    )
