"""Data is somewhere that a scorer can't read or write.

It knows paths, and object storage by `s3://`, `gs://` and `az://` addresses. How storage is reached (its region, its
endpoint, its credentials) is said by a connection, or comes from the machine; it never stands in an address.

Bad:
```yaml
pattern: [realtime, batch]
batch:
  schedule: {cron: "@daily"}
  input: {uri: "https://data.example.com/{interval.start:%Y-%m-%d}", columns: [amount]}
  output: {uri: "out/{interval.start:%Y-%m-%d}"}
```
Good:
```yaml
pattern: [realtime, batch]
batch:
  schedule: {cron: "@daily"}
  input: {uri: "s3://payments/{interval.start:%Y-%m-%d}", columns: [amount]}
  output: {uri: "out/{interval.start:%Y-%m-%d}"}
```
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from servespec.checks.wording import shown
from servespec.deployment.addresses import called_here, scheme
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Severity, error
from servespec.facts import Facts
from servespec.spans import Route

CODE = "unfit-data-uri"
SEVERITY = Severity.ERROR

_SCHEMES = ("s3", "gs", "az")
_ADDRESS = re.compile(r"[a-z0-9]+://[A-Za-z0-9._-]+/[^?#]*[^/?#][^?#]*")
_PATTERN = re.compile(r"[*?\[]")


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """Each place that can't be used."""
    batch = deployment.batch
    if batch is None:
        return
    yield from _place(("batch", "input", "uri"), str(batch.input.uri), pattern=True)
    yield from _place(("batch", "output", "uri"), str(batch.output.uri), pattern=False)
    if batch.gates.bad_rows.output:
        yield from _place(("batch", "gates", "badRows", "output"), str(batch.gates.bad_rows.output), pattern=False)


def _place(route: Route, text: str, *, pattern: bool) -> Iterator[Diagnostic]:
    name = scheme(text)
    if name is not None and name not in _SCHEMES:
        yield _unknown(route, name)
    elif name is not None and not _ADDRESS.fullmatch(text):
        yield _address(route, name)
    folder = text.rstrip("/").rpartition("/")[0] if pattern else text
    if match := _PATTERN.search(folder):
        yield _star(route, match[0], pattern=pattern)


def _unknown(route: Route, name: str) -> Diagnostic:
    meant = called_here(name)
    return error(
        CODE,
        f"data can't be at `{name[:20]}:` addresses",
        Label(route, "a path, or an `s3://`, `gs://` or `az://` address is expected"),
        help=f"did you mean `{meant}://`?"
        if meant in _SCHEMES
        else "copy it to object storage, or mount it, and write the path",
    )


def _address(route: Route, name: str) -> Diagnostic:
    return error(
        CODE,
        f"{shown(str(route[-1]))} names nothing in a bucket",
        Label(route, "not `bucket/path`, without `?`, `#` and credentials"),
        help=f"write `{name}://BUCKET/FOLDER`; region and endpoint are of a connection",
    )


def _star(route: Route, character: str, *, pattern: bool) -> Diagnostic:
    return error(
        CODE,
        f"`{character}` can't be there",
        Label(route, "only the last part of an input is a pattern" if pattern else "an output is a folder"),
        help="write `*.parquet` last: a folder is read with all below it" if pattern else "write the folder's name",
    )
