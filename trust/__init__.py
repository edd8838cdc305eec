"""Attempts to break what servespec promises, each a module with `run`; `python trust` makes one table of them."""
