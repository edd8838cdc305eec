"""`python -m servespec.dev generate [--check]`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from servespec.dev import generate
from servespec.package_data import root


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code: 1 when `--check` finds a derived file that is not what its source says."""
    parser = argparse.ArgumentParser(prog="python -m servespec.dev", description=__doc__)
    commands = parser.add_subparsers(required=True)
    command = commands.add_parser("generate", help="write the schema, the reference pages and the list of examples")
    command.add_argument("--check", action="store_true", help="write nothing; exit with 1 when one is out of date")
    stale = generate.stale(root())
    if parser.parse_args(arguments).check:
        print("".join(f"out of date: {path}\n" for path in stale), end="")
        return 1 if stale else 0
    generate.write(root(), stale)
    print("".join(f"wrote {path}\n" for path in stale), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
