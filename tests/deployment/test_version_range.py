"""Ranges of versions, against the library that pip reads them with."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.specifiers import SpecifierSet

from servespec.deployment.version_range import contains

_versions = st.lists(st.integers(0, 3), min_size=1, max_size=3).map(lambda parts: ".".join(map(str, parts)))
_clauses = st.tuples(st.sampled_from(("~=", "==", "!=", ">=", "<=", ">", "<")), _versions)


@given(clauses=st.lists(_clauses, min_size=1, max_size=3), version=_versions)
def test_what_pip_would_say(clauses: list[tuple[str, str]], version: str) -> None:
    """A version is in a range exactly when pip would install it."""
    usable = [(how, wanted) for how, wanted in clauses if how != "~=" or "." in wanted]
    text = ", ".join(f"{how}{wanted}" for how, wanted in usable or [(">=", "0")])
    assert contains(text, version) is SpecifierSet(text).contains(version)


@pytest.mark.parametrize("text", ["", "1.2", "~=1", "=1.2", ">=1.2.x", ">=1.2;", "^1.2", ">=" + "1." * 9 + "1"])
def test_what_is_no_range(text: str) -> None:
    """Anything else is no range, never one that holds everything."""
    assert contains(text, "1.2.3") is None
