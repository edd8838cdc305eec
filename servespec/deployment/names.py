"""Names, as the places that they go to allow them."""

from __future__ import annotations

import re

# https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set (read 2026-11)
_WORD = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?", re.ASCII)
# RFC 1123 label, as Kubernetes, Compose projects and DNS take it.
_LABEL = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?", re.ASCII)
# A port behind a name, from 1 to 65535.
PORT = r":(?:[1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])"


def is_label(name: str) -> bool:
    """Whether `name` is an RFC 1123 label: at most 63 of `a-z`, `0-9` and inner `-`."""
    return _LABEL.fullmatch(name) is not None


def is_subdomain(name: str) -> bool:
    """Whether `name` is an RFC 1123 subdomain: labels with dots between them, at most 253 characters."""
    return len(name) <= 253 and all(map(is_label, name.split(".")))


def is_label_key(key: str) -> bool:
    """Whether `key` can be that of a label or an annotation."""
    domain, slash, word = key.rpartition("/")
    return _WORD.fullmatch(word) is not None and (not slash or is_subdomain(domain))


def is_label_value(value: str) -> bool:
    """Whether `value` can be that of a label."""
    return not value or _WORD.fullmatch(value) is not None


def as_label(name: str) -> str | None:
    """The label closest to `name`, to suggest it; None when nothing is left of it."""
    if not name.isascii():
        import unicodedata  # start-up: hardly a name needs it

        apart = unicodedata.normalize("NFKD", name)  # a letter, and its accents after it
        name = "".join(character for character in apart if not unicodedata.combining(character))
    folded = re.sub(r"[^a-z0-9]+", "-", name.strip().lower())[:63].strip("-")
    return folded or None


def in_environment(name: str, environment: str | None) -> str:
    """What tells a service's environments apart where several of them may be, as on one machine."""
    return f"{name}-{environment}" if environment else name


def as_identifier(name: str) -> str:
    """`name` as an upper-case environment variable's name."""
    folded = re.sub(r"[^A-Z0-9]+", "_", name.upper())
    return f"_{folded}" if folded[:1].isdigit() else folded


def secret_variable(*names: str) -> str:
    """The environment variable that hands a secret over: of a build secret, or of a secret and its key."""
    # One `_` would make `a-b` with `c` and `a` with `b-c` the same.
    return "__".join(as_identifier(name) for name in names)
