"""Readers of what `emit/` writes, none of them ours."""
