"""What a document may say, read off the models when there is something to explain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import TYPE_CHECKING

from servespec.node import Node
from servespec.records import dataclass
from servespec.spans import Route

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo


@dataclass(frozen=True)
class Grammar:
    """What a document may say: the model of the whole, and of each target's options."""

    model: type[Node]
    options: Mapping[str, type[Node]] = field(default_factory=dict)
    whole: str = "a spec"
    """What a person calls such a document."""
    anew: str = ""
    """What to do about a field that is missing, of a document that nobody writes by hand."""

    def fields_at(self, route: Route) -> tuple[str, ...]:
        """The names of the fields that the block at a route takes."""
        from servespec.spec.fields import fields_at  # start-up: only for a mistake

        return fields_at(self.model, route, options=self.options)

    def field_at(self, route: Route) -> FieldInfo | None:
        """The field at a route, or None for a key of a map and an item of a list."""
        from servespec.spec.fields import field_at  # start-up: only for a mistake

        return field_at(self.model, route, options=self.options)
