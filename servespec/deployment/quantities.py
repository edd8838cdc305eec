"""Quantities of CPU and memory, as Kubernetes writes them, in canonical form.

Rules: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/ (read 2026-11).
"""

from __future__ import annotations

import re
from fractions import Fraction

from servespec.records import dataclass

_DECIMAL = {"m": Fraction(1, 1000), "": Fraction(1), "k": Fraction(10**3), "M": Fraction(10**6),
            "G": Fraction(10**9), "T": Fraction(10**12)}  # fmt: skip
_BINARY = {"Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "Ti": 2**40}
_FORM = re.compile(r"(?P<number>[0-9]{1,15}(?:\.[0-9]{1,9})?|\.[0-9]{1,9})(?P<suffix>[mkMGT]|[KMGT]i)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Quantity:
    """An amount in thousandths of its unit: of a core, or of a byte."""

    thousandths: int
    text: str
    """Canonical, as Kubernetes prints it: `500m`, `2`, `1536Mi`."""

    @classmethod
    def parse(cls, text: str) -> Quantity | None:
        """The quantity that `text` says, or None. More than three decimals round up, as in Kubernetes."""
        match = _FORM.fullmatch(text)
        if match is None:
            return None
        suffix = match["suffix"] or ""
        amount = Fraction(match["number"]) * (_BINARY.get(suffix) or _DECIMAL[suffix])
        thousandths = -((-amount * 1000).__floor__())
        return cls(thousandths, _canonical(thousandths, suffix))

    @property
    def units(self) -> Fraction:
        """Cores or bytes."""
        return Fraction(self.thousandths, 1000)

    def times(self, count: int) -> Quantity:
        """So many of it."""
        thousandths = self.thousandths * count
        return Quantity(thousandths, _canonical(thousandths, self._suffix))

    def plus(self, other: Quantity) -> Quantity:
        """Both together, in powers of two where one of them is."""
        thousandths = self.thousandths + other.thousandths
        return Quantity(thousandths, _canonical(thousandths, max(self._suffix, other._suffix, key=len)))

    @property
    def _suffix(self) -> str:
        return self.text.lstrip("0123456789.")


def _canonical(thousandths: int, suffix: str) -> str:
    if thousandths % 1000:
        return f"{thousandths}m"
    whole = thousandths // 1000
    table = _BINARY if suffix in _BINARY else {key: int(size) for key, size in _DECIMAL.items() if size >= 1}
    for name, size in sorted(table.items(), key=lambda item: -item[1]):
        if whole and whole % size == 0:
            return f"{whole // size}{name}"
    return str(whole)
