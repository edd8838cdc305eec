"""Readers of programs: Python itself, and the shells."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence

from servespec.emit import dockerfile, python, shell
from trust.readers.reading import Reader, said


def _python(written: Sequence[str]) -> Sequence[object]:
    return [ast.literal_eval(text) for text in written]


def _by(name: str) -> Callable[[Sequence[str]], Sequence[object]]:
    return lambda written: said(name, text=f"printf '%s\\0' {' '.join(written)}\n").split("\0")[:-1]


def _run(written: Sequence[str]) -> Sequence[object]:
    """The words of RUN, by the shell that an image has."""
    return said("sh", "-c", f"printf '%s\\0' {' '.join(written)}").split("\0")[:-1]


READERS = (
    Reader("Python", lambda text: python.literal(text).text, _python),
    *(Reader(name, lambda text: shell.word(text).text, _by(name)) for name in ("sh", "bash", "dash")),
    Reader("sh, as RUN calls it", lambda text: dockerfile.run_command(["x", text]).text.removeprefix("x "), _run),
)
