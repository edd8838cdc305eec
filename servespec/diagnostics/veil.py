"""Stars in the place of secrets, wherever findings show the source or repeat words of it.

A rule finds what is most likely a secret, and says so. This is for all other findings, and for texts that no rule could
look at: whatever is wrong with a line, what looks like a secret in it is not shown.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from servespec.diagnostics.secret_patterns import called_secrets_in, secrets_in
from servespec.diagnostics.types import Diagnostic
from servespec.records import replace
from servespec.spans import Document, Span, Text

_SHORTEST = 4
_BEGINNING = 8
"""Messages cut what they repeat: so many characters of a secret are too many."""
_LONGEST = 500


def hidden_in(line: str, *, path: str, begins: int, readable: bool) -> Iterator[Span]:
    """Where secrets stand in a line that begins at a character; if it is no YAML, by the names of things too."""
    found = [*secrets_in(line), *(() if readable else called_secrets_in(line))]
    yield from (Span(path, begins + start, begins + end) for start, end in found)


def veiled(document: Document, spans: Iterable[Span]) -> Document:
    """The document with stars at some places of its texts."""
    texts = dict(document.texts)
    for span in spans:
        if span.path in texts:
            content = texts[span.path].content
            stars = re.sub(r"[^\n]", "*", content[span.start : span.end])
            texts[span.path] = Text(span.path, content[: span.start] + stars + content[span.end :])
    return replace(document, texts=texts) if texts != document.texts else document


def words_at(document: Document, spans: Iterable[Span]) -> frozenset[str]:
    """The secrets at some places, without what stands around them."""
    texts = {document.slice(span).strip("\"' ") for span in spans if span.path in document.texts}
    return frozenset(
        secret for text in texts for secret in _forms(text) or (text,) if _SHORTEST <= len(secret) <= _LONGEST
    )


def _forms(text: str) -> list[str]:
    return [text[start:end] for start, end in secrets_in(text)]


def starred(item: Diagnostic, secrets: Collection[str]) -> Diagnostic:
    """The finding without secrets in its words; without its fix, if that would have to repeat one."""
    labels = tuple(replace(label, message=_starred(label.message, secrets)) for label in item.labels)
    fix = item.fix
    if fix and any(_starred(words, secrets) != words for words in (fix.title, *(edit.text for edit in fix.edits))):
        fix = None
    return replace(
        item,
        headline=_starred(item.headline, secrets),
        labels=labels,
        help=_starred(item.help, secrets),
        notes=tuple(_starred(note, secrets) for note in item.notes),
        fix=fix,
    )


def _starred(words: str, secrets: Collection[str]) -> str:
    for start, end in [*secrets_in(words)]:
        words = words[:start] + "*" * (end - start) + words[end:]
    for secret in secrets:
        shortest = min(_BEGINNING, len(secret))
        if secret[:shortest] in words:
            for length in range(len(secret), shortest - 1, -1):
                words = words.replace(secret[:length], "*" * length)
    return words
