"""Specs that Hypothesis draws, most of them sound: how they are drawn, and what must hold of each that is."""
