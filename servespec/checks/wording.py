"""Words of the spec inside sentences of ours, as checks need them."""

from __future__ import annotations

from servespec.diagnostics.wording import shown, typed

__all__ = ["shown", "typed"]
