"""From the texts of a spec to value objects, and from its maps to ones in a fixed order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from servespec.deployment import messages
from servespec.deployment.durations import Duration
from servespec.deployment.images import ImageReference
from servespec.deployment.quantities import Quantity
from servespec.deployment.secret_keys import SecretKey
from servespec.diagnostics.types import Diagnostic
from servespec.spans import Route, Value
from servespec.spec import runtime

_T = TypeVar("_T")


class Reader:
    """Reads value objects, and remembers which texts were none."""

    def __init__(self) -> None:
        self.found: list[Diagnostic] = []

    def duration(self, text: str, route: Route, *, default: str) -> Duration:
        duration = Duration.parse(text)
        if duration is None:
            self.found.append(messages.invalid_duration(route, text))
            duration = Duration.parse(default)
        assert duration is not None, f"the default {default!r} is no duration"
        return duration

    def quantity(self, text: str | None, route: Route, *, example: str) -> Quantity | None:
        quantity = Quantity.parse(text) if text is not None else None
        if text is not None and quantity is None:
            self.found.append(messages.invalid_quantity(route, text, example=example))
        return quantity

    def image(self, text: str, route: Route, *, default: str) -> ImageReference:
        image = ImageReference.parse(text)
        if image is None:
            self.found.append(messages.invalid_image(route))
            image = ImageReference.parse(default)
        assert image is not None, f"the default {default!r} is no image"
        return image

    def repository(self, text: str, route: Route) -> str:
        image = self.image(text, route, default="model")
        if image.tag or image.digest:
            self.found.append(messages.tagged_repository(route, image.repository))
        return image.repository


def variables(given: Mapping[str, str | runtime.SecretKey]) -> dict[str, str | SecretKey]:
    """Environment variables in the order of their names."""
    return {
        name: value if isinstance(value, str) else SecretKey(value.secret, value.key)
        for name, value in by_key(given).items()
    }


def by_key(given: Mapping[str, _T]) -> dict[str, _T]:
    """The map in the order of its keys: how a spec orders them plays no part in what is emitted."""
    return dict(sorted(given.items()))


def by_keys(value: Value) -> Value:
    """The JSON value with every map in the order of its keys."""
    if isinstance(value, dict):
        return {key: by_keys(item) for key, item in sorted(value.items())}
    return [by_keys(item) for item in value] if isinstance(value, list) else value
