"""Text becomes a document: plain values, and for each the exact place where it was written."""

from __future__ import annotations

from servespec.diagnostics.types import Findings, Report
from servespec.source.composer import compose
from servespec.source.places import Places
from servespec.source.text import read
from servespec.spans import Document

__all__ = ["load"]


def load(path: str, data: bytes, *, begins: str = "") -> Findings:
    """The document that `data` holds, with every mistake of its text. Never raises, whatever the bytes.

    The document's value is a dict whenever the text could be composed, also when there are mistakes such
    as a duplicate key; it is none when what was meant can't be known. `path` is how people are shown the file, and
    `begins` tells them how one begins that is no spec.
    """
    reading = read(path, data)
    texts = {path: reading.text}
    if reading.readable is None:
        return Findings(Document(path, None, Places(path), texts), Report(reading.problems))
    composed = compose(path, reading.readable)
    value = composed.value if not reading.problems else None
    document = Document(path, value, composed.where, texts, composed.ambiguous)
    problems = reading.problems + composed.problems
    if begins and problems:
        from servespec.source.beginning import begun  # start-up: only for a mistake

        problems = begun(problems, begins)
    return Findings(document, Report(problems))
