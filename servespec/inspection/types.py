"""How a reader of model files gives up."""

from __future__ import annotations


class Malformed(Exception):
    """The bytes are not what they seemed to be. Never leaves this package: it becomes an `Unknown`."""


class TooMuch(Malformed):
    """There is more than anybody wants to wait for."""
