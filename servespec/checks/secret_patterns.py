"""What a secret looks like: by the name of what holds it, by its own form, or by its lack of any."""

from __future__ import annotations

import math
import re
from collections import Counter
from itertools import pairwise

_WORDS = frozenset(
    {"password", "passwd", "passphrase", "pwd", "secret", "token", "apikey", "credential", "credentials"}
)
_PAIRS = frozenset({"api key", "access key", "private key", "secret key", "account key", "signing key", "auth key"})
# The last word says that it is about a secret, and not one: PASSWORD_FILE, TOKEN_EXPIRATION_MIN.
_ABOUT = frozenset(
    {"file", "path", "dir", "folder", "name", "url", "uri", "id", "type", "min", "max", "ttl", "expiration", "timeout",
     "length", "size", "count", "enabled", "header", "regex", "pattern", "limit", "budget", "authorization"}
)  # fmt: skip
_HARMLESS = r"(?i:|[-+]?[0-9.]+|true|false|yes|no|on|off|none|null|auto|default|\.{0,2}/.*|[a-z0-9+.-]+://[^@\s]*)"

# Forms that their issuers document, so that scanners can find them. Repetitions have an end: a text may be long.
_FORMS = re.compile(
    r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"  # AWS
    r"|\bgh[pousr]_[A-Za-z0-9]{30,}|\bgithub_pat_[A-Za-z0-9_]{30,}"
    r"|\bglpat-[A-Za-z0-9_-]{20,}"
    r"|\bxox[abeprs]-[A-Za-z0-9-]{10,}"  # Slack
    r"|\bsk-[A-Za-z0-9_-]{20,}"
    r"|\bsk_live_[A-Za-z0-9]{16,}"  # Stripe
    r"|\bhf_[A-Za-z0-9]{30,}"  # Hugging Face
    r"|\bAIza[0-9A-Za-z_-]{35}"  # Google
    r"|\bpypi-[A-Za-z0-9_-]{40,}"
    r"|\beyJ[A-Za-z0-9_-]{8,500}\.eyJ[A-Za-z0-9_-]{8,500}"  # JSON Web Token
    r"|-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----"
    r"|[a-z]:/{1,2}[^/\s:@]{0,200}:[^/\s@]{1,500}@"  # user:password in an address
)
_RUN = re.compile(r"[A-Za-z0-9+/]{24,}={0,2}")
_BITS = 4.0  # hexadecimal digits have four at most: digests and identifiers stay below


def looks_secret(name: str, value: str) -> bool:
    """Whether `value`, held by something called `name`, is most likely a secret."""
    return (_is_called_secret(name) and not re.fullmatch(_HARMLESS, value)) or has_secret(value)


def has_secret(value: str) -> bool:
    """Whether the text holds a secret, whatever it is called."""
    return _FORMS.search(value) is not None or any(_is_random(run[0]) for run in _RUN.finditer(value))


def _is_called_secret(name: str) -> bool:
    words = [word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[0-9]+", name)]
    if not words or words[-1] in _ABOUT:
        return False
    pairs = {f"{first} {second}" for first, second in pairwise(words)}
    return words[-1] == "pass" or not _WORDS.isdisjoint(words) or not _PAIRS.isdisjoint(pairs)


def _is_random(run: str) -> bool:
    """Whether a run of characters has three of each kind and too many different ones to be words."""
    kinds = (str.isupper, str.islower, str.isdigit)
    if "/" in run[:1] or any(sum(map(kind, run)) < 3 for kind in kinds):
        return False
    shares = (count / len(run) for count in Counter(run).values())
    return -sum(share * math.log2(share) for share in shares) >= _BITS
