"""Targets that are steps of their own, on the way to what runs: nothing of them is deployed."""

OPTIMIZE = "optimize"
"""Converts the model."""
