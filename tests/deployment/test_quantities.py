"""Quantities of CPU and memory, against the canonical forms of Kubernetes.

The pairs are those of the documentation and the tests of `k8s.io/apimachinery/pkg/api/resource/quantity.go`.
"""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servespec.deployment.quantities import Quantity

_CANONICAL = {
    "0": "0", "0Mi": "0", "0.0": "0", "1": "1", "1.0": "1", "01": "1", "5": "5", "80": "80", "1080": "1080",
    "0.5": "500m", ".5": "500m", "1.5": "1500m", "100m": "100m", "1000m": "1", "2500m": "2500m", "0.001": "1m",
    "1000": "1k", "1k": "1k", "1000k": "1M", "1500k": "1500k", "1M": "1M", "0.5G": "500M", "1000M": "1G", "1T": "1T",
    "1024": "1024", "1Ki": "1Ki", "1024Ki": "1Mi", "6Ki": "6Ki", "300Mi": "300Mi", "1024Mi": "1Gi", "1001Gi": "1001Gi",
    "1024Gi": "1Ti", "1.5Gi": "1536Mi", "0.5Gi": "512Mi", "0.5Ki": "512", "0.1Mi": "104857600m",
}  # fmt: skip


@pytest.mark.parametrize("text", _CANONICAL)
def test_canonical(text: str) -> None:
    """No fraction, the largest suffix of its kind that leaves none, and thousandths where one must be."""
    quantity = Quantity.parse(text)
    assert quantity is not None
    assert quantity.text == _CANONICAL[text]


@pytest.mark.parametrize("text", list(_CANONICAL))
def test_canonical_means_the_same(text: str) -> None:
    """A canonical form is a quantity itself, of the same amount, and its own canonical form."""
    quantity = Quantity.parse(text)
    assert Quantity.parse(_CANONICAL[text]) == quantity


@pytest.mark.parametrize(
    "text",
    ["", "1GB", "1gi", "1GiB", "1 Gi", "1,5Gi", "-1", "+-1", "m", ".", "1.", "1K", "1g", "1mi", "0x10", "Gi", "1Gi\n", "٣", "1_000", "nan"],
)  # fmt: skip
def test_no_quantity(text: str) -> None:
    """What Kubernetes would refuse, what is negative, and digits of other scripts are no quantities."""
    assert Quantity.parse(text) is None


def test_more_than_three_decimals_round_up() -> None:
    """What is asked for is never less than what was written."""
    quantity = Quantity.parse("0.0001")
    assert quantity is not None
    assert quantity.text == "1m"


def test_units_and_order() -> None:
    """Quantities of different suffixes compare by amount."""
    texts = ["1m", "0.5", "1", "1k", "1Ki", "1M", "1Mi", "1G", "1Gi"]
    quantities = [quantity for text in texts if (quantity := Quantity.parse(text))]
    assert quantities == sorted(quantities, key=lambda quantity: quantity.thousandths)
    assert [quantity.units for quantity in quantities[:3]] == [Fraction(1, 1000), Fraction(1, 2), 1]
    assert quantities[-1].units == 2**30


@given(st.decimals("0", "900", places=3), st.sampled_from(["", "k", "M", "G", "Ki", "Mi", "Gi"]))
def test_canonical_is_exact(number: object, suffix: str) -> None:
    """Any amount of thousandths keeps its value, whatever its form becomes."""
    quantity = Quantity.parse(f"{number}{suffix}")
    assert quantity is not None
    assert Quantity.parse(quantity.text) == quantity
    factor = {"": 1, "k": 10**3, "M": 10**6, "G": 10**9, "Ki": 2**10, "Mi": 2**20, "Gi": 2**30}[suffix]
    exact = Fraction(str(number)) * factor
    assert exact <= quantity.units < exact + Fraction(1, 1000)
