"""Words of the spec inside sentences of ours, as checks need them."""

from __future__ import annotations

from servespec.diagnostics.wording import cut, shown, typed

__all__ = ["cut", "shown", "typed"]
