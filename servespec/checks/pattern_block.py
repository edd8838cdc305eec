"""A pattern has no block that says what it does, or a block has no pattern.

What a batch or a stream reads and writes can't be guessed; and a block that nobody asked for would do nothing, in
silence.

Bad:
```yaml
pattern: [realtime, batch]
```
Good:
```yaml
pattern: [realtime, batch]
batch:
  schedule: {cron: "@daily"}
  input: {uri: "data/{interval.start:%Y-%m-%d}/", columns: [amount, hour]}
  output: {uri: "scores/{interval.start:%Y-%m-%d}/"}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.deployment.types import Deployment
from servespec.deployment.workloads import BATCH, REALTIME, STREAMING
from servespec.diagnostics.types import Diagnostic, Label, Part, Severity, error
from servespec.facts import Facts
from servespec.spans import Route

CODE = "pattern-block"
SEVERITY = Severity.ERROR


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """Each pattern without its block, and each block without its pattern."""
    chosen = deployment.patterns
    for pattern, block in ((BATCH, deployment.batch), (STREAMING, deployment.streaming)):
        if pattern in chosen and block is None:
            yield _no_block(pattern)
        if pattern not in chosen and block is not None:
            yield _no_pattern((pattern,), pattern, chosen=chosen)
    if REALTIME not in chosen and deployment.variants:
        yield _no_pattern(("variants",), REALTIME, chosen=chosen)
    if chosen == (BATCH,) and deployment.scaling.autoscaling:
        yield _no_pattern(("scaling", "autoscaling"), REALTIME, chosen=chosen)


def _no_block(pattern: str) -> Diagnostic:
    return error(
        CODE,
        f"the pattern `{pattern}` has no block",
        Label(("pattern",), f"needs `{pattern}:`"),
        help=f"add `{pattern}:`; `servespec explain {pattern}` says what is in it",
    )


def _no_pattern(block: Route, pattern: str, *, chosen: tuple[str, ...]) -> Diagnostic:
    return error(
        CODE,
        f"`{block[-1]}` is for the pattern `{pattern}`",
        Label(block, "has no effect without that pattern", Part.KEY),
        Label(("pattern",), "chosen here"),
        help=f"write `pattern: [{', '.join((*chosen, pattern))}]`, or take the block out",
    )
