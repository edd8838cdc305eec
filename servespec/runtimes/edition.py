"""Which edition of the facts about a server this is: what a lock remembers, so that a change of them is seen."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import fields
from functools import cache
from importlib import import_module

from servespec.runtimes.types import Fact, ServerFacts


@cache
def edition(server: str) -> str:
    """Twelve digits over the values of all that is known of a server; sources and months play no part."""
    module = import_module(f"servespec.runtimes.{server.replace('-', '_')}")
    values = sorted(pair for name, item in vars(module).items() for pair in _values(name, item))
    return hashlib.sha256(json.dumps(values).encode()).hexdigest()[:12]


def _values(name: str, item: object) -> Iterator[tuple[str, str]]:
    if isinstance(item, Fact):
        yield name, _text(item.value)
    elif isinstance(item, ServerFacts):
        for field in fields(item):
            yield from _values(f"{name}.{field.name}", getattr(item, field.name))
    elif isinstance(item, Mapping):
        for key, value in item.items():
            yield from _values(f"{name}[{key}]", value)


def _text(value: object) -> str:
    return json.dumps(value, sort_keys=True, default=str)
