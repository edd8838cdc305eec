"""The stages, one after the other: texts → documents → spec → deployment → checked → bundles → verified.

Everything here is pure but for the two callables of `World`, which look at the disk once each.

`making` is imported where something is made: a `validate` needs neither templates nor readers.
"""

from __future__ import annotations

from servespec.pipeline.analyses import Analyses, analyse
from servespec.pipeline.analysis import Analysis, Sound, World, targets_of
from servespec.pipeline.texts import File, Texts

__all__ = ["Analyses", "Analysis", "File", "Sound", "Texts", "World", "analyse", "targets_of"]
