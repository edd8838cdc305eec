"""A run would write where it reads from, or two outputs to one place.

The output is a folder that each run replaces as a whole: what else lies in it is gone then, the input above all.

Bad:
```yaml
pattern: [realtime, batch]
batch:
  schedule: {cron: "@daily"}
  input: {uri: "data/{interval.start:%Y-%m-%d}/", columns: [amount]}
  output: {uri: "data/{interval.start:%Y-%m-%d}"}
```
Good:
```yaml
pattern: [realtime, batch]
batch:
  schedule: {cron: "@daily"}
  input: {uri: "data/{interval.start:%Y-%m-%d}/", columns: [amount]}
  output: {uri: "scores/{interval.start:%Y-%m-%d}"}
```
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import TYPE_CHECKING

from servespec.deployment.path_templates import PathTemplate
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Severity, error
from servespec.facts import Facts
from servespec.spans import Route

if TYPE_CHECKING:  # start-up: most specs have none
    from servespec.deployment.batch import Batch

CODE = "path-overlap"
SEVERITY = Severity.ERROR

_INPUT: Route = ("batch", "input", "uri")


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """Each output that is where the input is, or another output, or holds it."""
    if deployment.batch is None:
        return
    (output, place), *others = _outputs(deployment.batch)
    source = str(deployment.batch.input.uri)
    if _touch(place, source):
        yield _overlap(output, _INPUT, "the input is read from here")
    for route, other in others:
        if _touch(other, source):
            yield _overlap(route, _INPUT, "the input is read from here")
        elif _touch(other, place):
            yield _overlap(route, output, "the results go here")


def _outputs(batch: Batch) -> list[tuple[Route, str]]:
    bad = batch.gates.bad_rows.output
    named: list[tuple[Route, PathTemplate]] = [(("batch", "output", "uri"), batch.output.uri)]
    if bad is not None:
        named.append((("batch", "gates", "badRows", "output"), bad))
    return [(route, str(template)) for route, template in named]


def _touch(one: str, other: str) -> bool:
    """Whether a place is another, or one is below the other."""
    first, second = _normal(one), _normal(other)
    return first == second or first.startswith(f"{second}/") or second.startswith(f"{first}/")


def _normal(place: str) -> str:
    scheme, mark, path = place.rpartition("://")
    return f"{scheme}{mark}{posixpath.normpath(path)}"


def _overlap(route: Route, other: Route, words: str) -> Diagnostic:
    return error(
        CODE,
        f"`{route[-2]}.{route[-1]}` would replace what lies there",
        Label(route, "a folder that is replaced as a whole"),
        Label(other, words),
        help="write another folder, which holds nothing else",
    )
