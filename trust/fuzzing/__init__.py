"""Specs that nobody would write, by the hundred thousand: how they are made, and what must hold of each."""
