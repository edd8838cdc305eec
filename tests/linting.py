"""Linters of pipelines that are not ours: what they are given must pass all that they know."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

_BIN = Path(sys.executable).parent


def zizmor(path: Path) -> None:
    """Fails on any finding, also on those that most projects let pass. Asks no network."""
    _run("zizmor", "--offline", "--no-config", "--no-progress", "--persona=pedantic", str(path))


def actionlint(path: Path) -> None:
    """Fails on any finding, in the shell of its steps as well."""
    _run("actionlint", f"-shellcheck={_BIN / 'shellcheck'}", "-pyflakes=", str(path))


def schema(path: Path, name: str) -> None:
    """Fails unless the file has the form that a schema which comes with check-jsonschema wants of it."""
    _run("check-jsonschema", f"--builtin-schema=vendor.{name}", str(path))


def _run(program: str, *arguments: str) -> None:
    done = subprocess.run([_BIN / program, *arguments], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
