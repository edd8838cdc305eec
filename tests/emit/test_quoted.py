"""Data that remembers why it is there."""

from __future__ import annotations

from servespec.emit.quoted import Traced, plain, retraced, traced


def test_origins_change_at_every_depth() -> None:
    """Each origin is changed once, in maps, lists and what is traced itself; the data stays as it was."""
    data = traced({"a": [traced(1, "one"), "x"], "b": {"c": traced(None, "two", "three")}}, "whole")
    changed = retraced(data, lambda origin: f"{origin}!")
    assert changed == traced({"a": [traced(1, "one!"), "x"], "b": {"c": traced(None, "two!", "three!")}}, "whole!")
    assert isinstance(changed, Traced)
    assert plain(changed) == plain(data) == {"a": [1, "x"], "b": {"c": None}}
