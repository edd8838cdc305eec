"""The facts about model servers, and about what else they have to do with, by name, each with its source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from importlib import import_module

from servespec.records import dataclass
from servespec.runtimes.catalog import OTHERS, SERVERS
from servespec.runtimes.shipped import Shipped
from servespec.runtimes.types import Fact, ServerFacts


@dataclass(frozen=True, slots=True)
class Known:
    """A fact in words; `key` tells the facts of one table apart."""

    name: str
    key: str
    value: str
    source: str
    checked: str


def known(runtime: str) -> tuple[Known, ...]:
    """Every fact of a module of `runtimes`, in the order of the module: those that all servers have first."""
    return tuple(_known(runtime)) if runtime in {**SERVERS, **OTHERS} else ()


def _known(runtime: str) -> Iterator[Known]:
    module = import_module(f"servespec.runtimes.{runtime.replace('-', '_')}")
    for name, value in vars(module).items():
        if isinstance(value, ServerFacts):
            for field in fields(value):
                yield from _facts(field.name, getattr(value, field.name))
        else:
            yield from _facts(name, value)


def _facts(name: str, value: object) -> Iterator[Known]:
    if isinstance(value, Fact):
        yield Known(name, "", words(value.value), value.source, value.checked)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            if isinstance(item, Fact):
                yield Known(name, str(key), words(item.value), item.source, item.checked)
            elif isinstance(item, Shipped):
                for field in fields(item):
                    fact = getattr(item, field.name)
                    yield Known(name, f"{words(key)} {field.name}", words(fact.value), fact.source, fact.checked)


def words(value: object) -> str:
    """A fact's value as text."""
    if isinstance(value, tuple | list):
        return " ".join(words(item) for item in value)
    if isinstance(value, Mapping):
        return " ".join(f"{key}={words(item)}" for key, item in value.items())
    return str(value).lower() if isinstance(value, bool) else str(value)
