"""The stages, one after the other: text → document → spec → deployment → checked → bundles → verified.

Everything here is pure but for the two callables of `World`, which look at the disk once each.

`making` is imported where something is made: a `validate` needs neither templates nor readers.
"""

from __future__ import annotations

from servespec.pipeline.analysis import Analysis, World, analyse, targets_of

__all__ = ["Analysis", "World", "analyse", "targets_of"]
