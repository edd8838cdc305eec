"""The address of a package index is not one that pip would read.

pip wants `https://` and a host. Over plain `http://` anyone on the way could send other packages, so pip refuses it.

Bad:
```yaml
image: {requirements: requirements.txt, indexes: [{url: "pypi.example.com/simple"}]}
```
Good:
```yaml
image: {requirements: requirements.txt, indexes: [{url: "https://pypi.example.com/simple"}]}
```
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from servespec.deployment.names import PORT
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Severity, error
from servespec.facts import Facts

CODE = "invalid-index-url"
SEVERITY = Severity.ERROR

# RFC 3986 without a fragment, in printable ASCII; user and password are the business of `secret-literal`.
_URL = (
    rf"https?://(?:[^\s/?#@]+@)?(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])(?:{PORT})?"
    r"(?:[/?][A-Za-z0-9._~:/?@!$&'()*+,;=%-]*)?"
)
# Where pip takes plain HTTP too (SECURE_ORIGINS of its network session).
_LOOPBACK = r"http://(?:localhost|127\.[0-9.]+|\[::1\])(?:[:/]|$)"


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """Each index whose address is none, or not encrypted."""
    for index, item in enumerate(deployment.image.indexes):
        if not re.fullmatch(_URL, item.url):
            yield _no_url(index)
        elif is_plain(item.url):
            yield _plain(index)


def is_plain(url: str) -> bool:
    """Whether what comes from there could be changed on the way, so that pip reads nothing from it."""
    return url.startswith("http:") and not re.match(_LOOPBACK, url)


def _no_url(index: int) -> Diagnostic:
    return error(
        CODE,
        "this is not the address of a package index",
        Label(("image", "indexes", index, "url"), "not `https://` and a host"),
        help="write it as in `https://pypi.example.com/simple`",
    )


def _plain(index: int) -> Diagnostic:
    return error(
        CODE,
        "pip reads no index over plain HTTP",
        Label(("image", "indexes", index, "url"), "not encrypted"),
        help="write `https://`",
    )
