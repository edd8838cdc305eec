"""What a secret looks like: by the name of what holds it, by its own form, or by its lack of any."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

_WORDS = frozenset(
    {"password", "passwd", "passphrase", "pwd", "secret", "token", "apikey", "credential", "credentials"}
)
_PAIRS = frozenset({"api key", "access key", "private key", "secret key", "account key", "signing key", "auth key"})
_PARTS = re.compile("pass|pwd|secret|token|key|credential", re.IGNORECASE)  # one of them is in each of these
# The last word says that it is about a secret, and not one: PASSWORD_FILE, TOKEN_EXPIRATION_MIN.
_ABOUT = frozenset(
    {"file", "path", "dir", "folder", "name", "url", "uri", "id", "type", "min", "max", "ttl", "expiration", "timeout",
     "length", "size", "count", "enabled", "header", "regex", "pattern", "limit", "budget", "authorization"}
)  # fmt: skip
_FIELD = re.compile(r"(?P<whose>[A-Za-z]{0,60}?)(?:Secret|(?<=[a-z])Ref|(?:[pP]assword|[tT]oken)Key)")
"""Names of fields that take the name of a Secret or of a key in it, as Kubernetes and its charts have them."""
_PLACE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?")
_HOLDERS = frozenset({"client", "app", "consumer", "shared", "session", "signing", "webhook", "jwt", "oauth"})
"""What has a secret of its own, so that the field is for that one and not for a name."""
_HARMLESS = r"(?i:|[-+]?[0-9.]+|true|false|yes|no|on|off|none|null|auto|default|\.{0,2}/.*|[a-z0-9+.-]+://[^@\s]*)"

# Forms that their issuers document, so that scanners can find them, each after a word that all texts of the form hold:
# mostly none is there, and no pattern need be tried. Repetitions have an end: a text may be long.
_FORMS = (
    ("AKIA", r"\bAKIA[0-9A-Z]{16}\b"),  # AWS
    ("ASIA", r"\bASIA[0-9A-Z]{16}\b"),
    ("gh", r"\bgh[pousr]_[A-Za-z0-9]{30,255}"),
    ("github_pat_", r"\bgithub_pat_[A-Za-z0-9_]{30,255}"),
    ("gl", r"\bgl(?:pat|dt|rt|cbt|ptt|ft|imt|agent|soat)-[A-Za-z0-9_-]{20,255}"),  # GitLab
    ("gl", r"\bgl(?:sa|c)_[A-Za-z0-9+/=_]{32,255}"),  # Grafana
    ("xox", r"\bxox[abeprs]-[A-Za-z0-9-]{10,255}"),  # Slack
    ("xapp-", r"\bxapp-[0-9]-[A-Za-z0-9-]{20,255}"),
    ("hooks.slack.com", r"\bhooks\.slack\.com/services/[A-Za-z0-9/]{20,255}"),
    ("sk-", r"\bsk-[A-Za-z0-9_-]{20,255}"),
    ("k_live_", r"\b[rs]k_live_[A-Za-z0-9]{16,255}"),  # Stripe
    ("hf_", r"\bhf_[A-Za-z0-9]{30,255}"),  # Hugging Face
    ("AIza", r"\bAIza[0-9A-Za-z_-]{35}"),  # Google
    ("pypi-", r"\bpypi-[A-Za-z0-9_-]{40,255}"),
    ("npm_", r"\bnpm_[A-Za-z0-9]{36}"),
    ("dckr_pat_", r"\bdckr_pat_[A-Za-z0-9_-]{20,255}"),
    ("dapi", r"\bdapi[0-9a-f]{32}\b"),  # Databricks
    ("hv", r"\bhv[sbr]\.[A-Za-z0-9_-]{20,255}"),  # Vault
    ("_v1_", r"\bdo[opr]_v1_[0-9a-f]{64}"),  # DigitalOcean
    ("SG.", r"\bSG\.[A-Za-z0-9_-]{16,64}\.[A-Za-z0-9_-]{16,64}"),  # SendGrid
    ("Q~", r"\b[A-Za-z0-9_~.]{3}[0-9]Q~[A-Za-z0-9_~.-]{31,34}"),  # Entra ID
    ("AccountKey=", r"\bAccountKey=[A-Za-z0-9+/]{40,255}={0,2}"),  # Azure
    ("AGE-SECRET-KEY-", r"\bAGE-SECRET-KEY-1[0-9A-Z]{58}"),
    ("eyJ", r"\beyJ[A-Za-z0-9_-]{8,500}\.eyJ[A-Za-z0-9_-]{8,500}(?:\.[A-Za-z0-9_-]{1,500})?"),  # JSON Web Token
    ("earer ", r"\b[Bb]earer [A-Za-z0-9._~+/-]{20,500}={0,2}"),  # Authorization
    ("asic ", r"\b[Bb]asic [A-Za-z0-9+/]{16,500}={0,2}"),
    ("sig=", r"[?&]sig=[A-Za-z0-9%+/=]{20,500}"),  # signed addresses
    ("-Signature=", r"[?&]X-(?:Amz|Goog)-Signature=[A-Za-z0-9%+/=]{20,500}"),
    ("assword=", r"[?&;][pP]assword=[A-Za-z0-9%._~+/=!-]{6,500}"),  # what a driver or a server takes in an address
    ("oken=", r"[?&](?:access_|auth_|private_|api_)?token=[A-Za-z0-9%._~+/=-]{12,500}"),
    ("PRIVATE KEY-----", r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----"),
    ("@", r"[a-z]:/{1,2}[^/\s:@]{0,200}:[^/\s@]{1,500}@"),  # user:password in an address
)
# With the name of a digest before it, as browsers and package managers write one, it is no secret.
_RUN = re.compile(r"(?P<digest>\bsha(?:256|384|512)-)?[A-Za-z0-9+/]{24,}={0,2}")
_SHORTEST = 8  # of a form: `a://b:c@`; most texts of a spec are shorter
_LOOKED_AT = 100_000  # characters of a text: a longer one is a picture, or made to keep us busy
_ENOUGH = 1_000  # characters of a run tell what it is
_BITS = 4.0  # hexadecimal digits have four at most: digests and identifiers stay below
_PART = 20  # a run with more slashes than one in so many characters is a path
_ASSIGNED = re.compile(
    r"(?P<name>[A-Za-z_][A-Za-z0-9_.-]{0,100})[\"']?[ ]*[:=][ ]*(?:[&!][^\s,\[\]{}]{0,100}[ ]+){0,2}"
    r"(?P<value>\"[^\"]{1,500}\"|'[^']{1,500}'|[^\s\"'{}\[\],#&*!|>][^,}]{0,500})"
)


def looks_secret(name: str, value: str) -> bool:
    """Whether `value`, held by something called `name`, is most likely a secret."""
    return (_is_called_secret(name) and not re.fullmatch(_HARMLESS, value)) or has_secret(value)


def names_secret(name: str, value: str) -> bool:
    """Whether a field of that name most likely says where a secret is, as `existingSecret` and `passwordKey` do."""
    field = _FIELD.fullmatch(name)
    return field is not None and field["whose"].lower() not in _HOLDERS and bool(_PLACE.fullmatch(value))


def has_secret(value: str) -> bool:
    """Whether the text holds a secret, whatever it is called."""
    return any(True for _ in secrets_in(value))


def has_known_form(value: str) -> bool:
    """Whether the text holds a secret of a form that its issuer documents."""
    return any(True for _ in _known_in(value))


def secrets_in(text: str) -> Iterator[tuple[int, int]]:
    """Where secrets stand in a text, whatever they are called: characters `[start, end)`."""
    if len(text) < _SHORTEST:
        return
    yield from _known_in(text)
    yield from (
        run.span() for run in _RUN.finditer(text, 0, _LOOKED_AT) if not run["digest"] and _is_random(run[0][:_ENOUGH])
    )


def _known_in(text: str) -> Iterator[tuple[int, int]]:
    begin = text[:_LOOKED_AT]
    for word, form in _FORMS:
        if word in begin:
            yield from (match.span() for match in re.finditer(form, begin))


def called_secrets_in(text: str) -> Iterator[tuple[int, int]]:
    """Where a line that is no YAML seems to give something a value that is secret by its name."""
    at = 0
    while match := _ASSIGNED.search(text, at):
        # `secret: NAME` is a reference, as a rule.
        is_secret = match["name"] != "secret" and looks_secret(match["name"], match["value"].strip("\"' "))
        at = match.end() if is_secret else match.start("value")
        if is_secret:
            yield match.span("value")


def _is_called_secret(name: str) -> bool:
    if not _PARTS.search(name):
        return False
    words = [word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[0-9]+", name)]
    if not words or words[-1] in _ABOUT:
        return False
    pairs = {f"{first} {second}" for first, second in pairwise(words)}
    return words[-1] == "pass" or not _WORDS.isdisjoint(words) or not _PAIRS.isdisjoint(pairs)


def _is_random(run: str) -> bool:
    """Whether a run of characters has three of each kind and too many different ones to be words, or a path."""
    kinds = (str.isupper, str.islower, str.isdigit)
    is_path = "/" in run[:1] or run.count("/") > len(run) // _PART
    if is_path or any(sum(map(kind, run)) < 3 for kind in kinds):
        return False
    shares = (count / len(run) for count in Counter(run).values())
    return -sum(share * math.log2(share) for share in shares) >= _BITS
