"""The base of every model that mirrors what a person wrote: strict, frozen, and closed to unknown fields."""

from __future__ import annotations

import os
from typing import Any, ClassVar

# An installed plugin of pydantic would be loaded at every start, and would see what a spec says.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler
from pydantic_core import CoreSchema
from pydantic_core.core_schema import no_info_plain_validator_function


class Node(BaseModel):
    """One block of a spec, or one target's options.

    Start-up: the schema of a block is built when the first spec that says something there is read. Of the models within
    another it holds no more than that they check their own values.
    """

    model_config = ConfigDict(
        strict=True,
        frozen=True,
        extra="forbid",
        defer_build=True,
        allow_inf_nan=False,
        hide_input_in_errors=True,  # what was written may be a secret
    )

    _within: ClassVar[bool] = False
    """Whether the schema of a block is being built: any other that is asked for meanwhile is one within it."""

    @classmethod
    def __get_pydantic_core_schema__(cls, source: type[Any], handler: GetCoreSchemaHandler) -> CoreSchema:
        if Node._within:
            return no_info_plain_validator_function(cls.model_validate)
        Node._within = True
        try:
            return handler(source)
        finally:
            Node._within = False
