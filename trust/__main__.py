"""`python trust [--quick] [--write] [NAME...]`: what was tried to break a promise, and what was found, as one table.

With `--quick` each harness tries little; `--write` puts the figures into docs/trust.md. The exit code is 1 when
something was found, or a harness itself broke.
"""

from __future__ import annotations

import sys
from pathlib import Path

# As a script's folder this one would stand first, and its `secrets` before the module of the standard library.
sys.path[0] = str(Path(__file__).parents[1])

from trust.table import main  # noqa: E402

HARNESSES = (
    "injection",
    "oracles",
    "fuzz",
    "properties",
    "bombs",
    "determinism",
    "disk",
    "secrets",
    "hermetic",
    "packaging",
)
"""The modules of this folder that are harnesses, in the order of the page."""

BY_HAND = ("atheris", "mutants.emit", "mutants.source", "mutants.writer", "mutants.checks")
"""Those that run only when they are named: an hour or more in all, of which the page keeps the last figures."""

sys.exit(main(sys.argv[1:], HARNESSES, by_hand=BY_HAND))
