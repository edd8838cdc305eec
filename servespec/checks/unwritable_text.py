"""Text holds a character that the files it goes into can't carry.

A Dockerfile's label, a variable of the image and a path are one line: `\\n` in quotes would end it. The folder of
wheels is mounted, by a path without blanks and quotes. TorchServe replaces `$$NAME$$` in its configuration with a
variable of the environment, and does not start when there is none.

Bad:
```yaml
description: "Scores payments.\\nFast."
```
Good:
```yaml
description: "Scores payments. Fast."
```
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from servespec.checks.project_paths import archived_paths, below, local_paths
from servespec.checks.wording import shown
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Part, Severity, error
from servespec.facts import Facts
from servespec.spans import Route, dotted

if TYPE_CHECKING:  # start-up: most specs have none
    from servespec.deployment.batch import Append, Batch
    from servespec.deployment.streaming import Streaming

CODE = "unwritable-text"
SEVERITY = Severity.ERROR

_LINE = r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]"
_ANY = r"[\x00\ud800-\udfff]"
_PATH = rf"{_LINE}|\\|^\s|\s$|^$"
_MOUNTED = r"[^A-Za-z0-9._+@/-]"


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """Each text that can't be written where it goes, pointing at the first character of that kind."""
    for route, text, refused in _texts(deployment):
        if match := re.search(refused, text):
            yield _unwritable(route, match[0])
    for route, path in _found(deployment, facts):
        yield _unwritable_name(route, path)
    for key, value in deployment.runtime.config.items():
        if not key:
            yield _nameless(("runtime", "config", key))
        if isinstance(value, str) and "$$" in value:
            yield _expanded(("runtime", "config", key))


def _texts(deployment: Deployment) -> Iterator[tuple[Route, str, str]]:
    yield ("description",), deployment.description or "", _LINE
    yield ("owner",), deployment.owner or "", _LINE
    for name, text in deployment.image.env.items():
        yield ("image", "env", name), text, _LINE
    for name, value in deployment.runtime.env.items():
        if isinstance(value, str):
            yield ("runtime", "env", name), value, _ANY
    for key, setting in deployment.runtime.config.items():
        if isinstance(setting, str):
            yield ("runtime", "config", key), setting, _ANY
    if deployment.batch:
        yield from _of_batch(deployment.batch)
    if deployment.streaming:
        yield from _of_streaming(deployment.streaming)
    for route, path in local_paths(deployment):
        yield route, path, _MOUNTED if route == ("image", "wheels") else _PATH


def _of_batch(batch: Batch) -> Iterator[tuple[Route, str, str]]:
    yield ("batch", "input", "uri"), str(batch.input.uri), _PATH
    yield ("batch", "output", "uri"), str(batch.output.uri), _PATH
    yield ("batch", "gates", "badRows", "output"), str(batch.gates.bad_rows.output or "-"), _PATH
    yield ("batch", "dag", "owner"), batch.dag.owner or "", _LINE
    for name, value in batch.env.items():
        if isinstance(value, str):
            yield ("batch", "env", name), value, _ANY
    for route, names in ((("input", "columns"), batch.input.columns), (("keep",), batch.keep or ())):
        yield from ((("batch", *route, index), name, _ANY) for index, name in enumerate(names))
    yield from _added("batch", batch.append)


def _of_streaming(streaming: Streaming) -> Iterator[tuple[Route, str, str]]:
    for name, value in streaming.env.items():
        if isinstance(value, str):
            yield ("streaming", "env", name), value, _ANY
    for field, names in (("features", streaming.features), ("keep", streaming.keep or ())):
        yield from ((("streaming", field, index), name, _ANY) for index, name in enumerate(names))
    yield ("streaming", "sink", "key"), streaming.sink.key or "", _ANY
    for index, name in enumerate(streaming.sink.headers or ()):
        yield ("streaming", "sink", "headers", index), name, _ANY
    yield from _added("streaming", streaming.append)


def _added(block: str, append: Append) -> Iterator[tuple[Route, str, str]]:
    named = zip(("prediction", "probability", "scoredAt", "modelVersion"), _all_of(append), strict=True)
    yield from (((block, "append", key), added or "", _ANY) for key, added in named)


def _all_of(append: Append) -> tuple[str | None, ...]:
    return append.prediction, append.probability, append.scored_at, append.model_version


def _found(deployment: Deployment, facts: Facts) -> Iterator[tuple[Route, str]]:
    """Paths in named folders that can't be written, one for each folder."""
    found: dict[Route, str] = {}
    for route, path in archived_paths(deployment, facts):
        if re.search(_PATH, path):
            found.setdefault(route, path)
    for index, file in enumerate(deployment.image.files):
        # A build sends names to its engine as UTF-8; what else is in them does no harm there.
        for path in below(file.source, facts):
            if re.search(_ANY, path):
                found.setdefault(("image", "files", index, "source"), path)
    yield from found.items()


def _unwritable_name(route: Route, path: str) -> Diagnostic:
    return error(
        CODE,
        f"a file in `{_field(route)}` has a name that can't be written",
        Label(route, f"{shown(path)} is not plain text"),
        help="rename it: no line breaks and backslashes, and in UTF-8",
    )


def _unwritable(route: Route, character: str) -> Diagnostic:
    named = {"\n": "a line break", "\\": "a backslash", " ": "a blank", "": "nothing"}.get(character)
    visible = f"`{character}`" if character.isprintable() else "a control character"
    return error(
        CODE,
        f"`{_field(route)}` holds {named or visible}",
        Label(route, "the files it goes into can't contain it"),
        help="write `/` between folders" if character == "\\" else "write it without" if character else "write a path",
    )


def _nameless(route: Route) -> Diagnostic:
    return error(
        CODE,
        "a setting of `config` has no name",
        Label(route, "nothing can be set by this", Part.KEY),
        help="write the setting's name, or take the line out",
    )


def _expanded(route: Route) -> Diagnostic:
    return error(
        CODE,
        f"`{_field(route)}` holds `$$`",
        Label(route, "the server replaces `$$NAME$$`, or does not start"),
        help="take the dollar signs out",
    )


def _field(route: Route) -> str:
    return dotted(route[-2:] if isinstance(route[-1], int) else route[-1:])
