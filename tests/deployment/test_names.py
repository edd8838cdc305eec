"""Names, as the places that they go to allow them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servespec.deployment.names import as_identifier, as_label, is_label, secret_variable


@pytest.mark.parametrize("name", ["a", "0", "a-b", "a--b", "fraud-detector", "9lives", "a" * 63])
def test_a_label(name: str) -> None:
    """RFC 1123: lower-case letters, digits, and `-` inside."""
    assert is_label(name)


@pytest.mark.parametrize("name", ["", "-", "-a", "a-", "A", "a_b", "a.b", "a b", "ä", "a\n", "a" * 64])
def test_no_label(name: str) -> None:
    """Everything else is none, a newline at the end included."""
    assert not is_label(name)


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("Fraud Detector", "fraud-detector"),
        ("_x_", "x"),
        ("a.b", "a-b"),
        ("a" * 62 + "_b", "a" * 62),
        ("äö", "ao"),
        ("日本", None),
        ("", None),
    ],
)
def test_the_nearest_label(name: str, label: str | None) -> None:
    """What is proposed is what a person would have made of it, and nothing when nothing is left."""
    assert as_label(name) == label


@given(st.text(max_size=100))
def test_a_proposal_is_always_good(name: str) -> None:
    """Whoever follows a proposal is not told of the same mistake again."""
    proposed = as_label(name)
    assert proposed is None or is_label(proposed)


@pytest.mark.parametrize(
    ("name", "identifier"),
    [
        ("feature-store_token", "FEATURE_STORE_TOKEN"),
        ("1st.key", "_1ST_KEY"),
        ("a--b", "A_B"),
        ("pip_netrc", "PIP_NETRC"),
    ],
)
def test_an_identifier(name: str, identifier: str) -> None:
    """The name of a variable is told from the name of what it holds."""
    assert as_identifier(name) == identifier


@given(st.text(st.characters(codec="ascii"), min_size=1))
def test_an_identifier_is_one(name: str) -> None:
    """Whatever the name, every shell takes the identifier for one variable."""
    assert re.fullmatch(r"[A-Z_][A-Z0-9_]*", as_identifier(name))


def test_the_variable_of_a_secret() -> None:
    """Where a secret's name ends and its key begins can be told; a build secret is called like its variable."""
    assert secret_variable("a-b", "c") == "A_B__C"
    assert secret_variable("a", "b-c") == "A__B_C"
    assert secret_variable("pip-netrc") == "PIP_NETRC"
