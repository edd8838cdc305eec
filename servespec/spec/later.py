"""Blocks whose models are loaded when a spec says something there: most specs have few of them."""

from __future__ import annotations

from functools import cached_property
from importlib import import_module
from typing import Annotated, Any, get_args

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema
from pydantic_core.core_schema import no_info_plain_validator_function

from servespec.node import Node
from servespec.records import dataclass
from servespec.spans import Value


@dataclass(frozen=True)
class Later:
    """A model, by its module in this package and its name there."""

    module: str
    name: str

    @cached_property
    def model(self) -> type[Node]:
        """The model itself."""
        found: type[Node] = getattr(import_module(f"servespec.spec.{self.module}"), self.name)
        return found

    def validate(self, value: Value) -> Node:
        """The block that a value is. Raises `ValidationError`."""
        return self.model.model_validate(value)

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return no_info_plain_validator_function(self.validate)


def later(module: str, name: str) -> Any:
    """A stand-in for a model in an annotation; `module` is one of this package."""
    return Annotated[Any, Later(module, name)]


def stood_for(annotation: Any) -> Any:
    """The model that an annotation stands in for, or else the annotation itself."""
    return next((item.model for item in get_args(annotation) if isinstance(item, Later)), annotation)
