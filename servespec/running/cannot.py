"""The one way in which a run can't be: the world is not as it must be."""

from __future__ import annotations


class CannotRun(Exception):
    """This machine, or what is on it, does not let the spec run (exit 5); the message is a sentence."""
