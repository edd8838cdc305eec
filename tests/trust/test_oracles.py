"""Readers that are not ours: they read what was meant, and a word that is quoted wrongly is noticed."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from trust import oracles
from trust.rows import Scale

_LIGHT = [reader for reader in oracles.READERS if not reader.heavy]
_HEAVY = [reader for reader in oracles.READERS if reader.heavy]


def _named(reader: oracles.Reader) -> str:
    return reader.name


def test_all_libraries_and_shells() -> None:
    """Each gets back each payload that its language can carry."""
    rows = list(oracles.run(Scale.QUICK))
    assert [line for row in rows for line in row.details] == []
    assert len(rows) == len(_LIGHT) > 10


@pytest.mark.e2e
@pytest.mark.parametrize("reader", _HEAVY, ids=_named)
def test_all_tools(reader: oracles.Reader) -> None:
    """So does each tool, in one call."""
    assert oracles.asked(reader).details == ()


def test_a_wrong_quote_is_noticed() -> None:
    """Double quotes where a shell wants single ones, and YAML without any."""
    bash = next(reader for reader in _LIGHT if reader.name == "bash")
    assert oracles.asked(replace(bash, write=lambda text: '"x"' if "\0" in text else f'"{_escaped(text)}"')).found > 3
    ruamel = next(reader for reader in _LIGHT if "ruamel" in reader.name)
    assert oracles.asked(replace(ruamel, write=lambda text: "a: 1e3\n")).found > 100


def _escaped(text: str) -> str:
    """As somebody would who forgets `$`; without what would be run, or stop the shell."""
    plain = text.encode("utf-8", "replace").decode()
    return "x" if re.search(r"`|\$[({]", plain) else plain.replace("\\", "\\\\").replace('"', '\\"')
