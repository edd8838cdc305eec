"""The rules: one module each, with its code, its severity, a docstring that is its manual page, and `check`."""
