"""Fields, as people name them."""

from __future__ import annotations

import pytest

from servespec.reference import fields, schema

_SCHEMA = schema.load()


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("runtime.workers", "runtime.workers"),
        ("examples[0].latency", "examples.latency"),
        ("overrides[12].merge", "overrides.merge"),
        ("runtime.env.TOKEN.secret", "runtime.env.*.secret"),
        ("targets.torchserve.archive", "targets.torchserve.archive"),
    ],
)
def test_a_field_is_found(asked: str, found: str) -> None:
    """Indices play no part, and any name of a map stands for all."""
    field = fields.find(_SCHEMA, asked)
    assert field is not None
    assert field.path == found


@pytest.mark.parametrize("asked", ["", "workers", "runtime.wokers", "runtime.workers.deep", "labels.team", "a[", "]"])
def test_what_is_none_is_not_found(asked: str) -> None:
    """What is no field finds nothing, whatever it looks like."""
    assert fields.find(_SCHEMA, asked) is None


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("runtime.workers", "whole number, 1 to 256"),
        ("examples.tolerance", "number, at least 0"),
        ("runtime.graphLevel", "`none`, `basic`, `extended` or `all`"),
        ("runtime.timeouts.request", "duration"),
        ("resources.limits.memory", "quantity"),
        ("image.systemPackages", "list of text"),
        ("image.files", "list of blocks"),
        ("labels", "map of names to text"),
        ("runtime.env", "map of names to text, or block"),
        ("runtime.config", "map of names to any text, number or truth value"),
        ("security.readOnlyRootFilesystem", "`true` or `false`"),
        ("examples.request", "any value"),
        ("runtime", "block"),
    ],
)
def test_types_are_words(path: str, words: str) -> None:
    """A type reads as a person would say it."""
    assert fields.fields(_SCHEMA)[path].type == words
