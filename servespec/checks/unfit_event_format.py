"""How events or predictions are written does not go with what is said of their schema.

JSON has no schema. Avro can't be read without the one by which it was written: from a file, or by the id in front of
each event from a registry. What is written as Avro needs a file, which a registry is told of.

Bad:
```yaml
pattern: streaming
connections: [{name: events, type: kafka, brokers: ["kafka:9092"]}]
streaming: {source: {connection: events, topic: payments, format: avro}, sink: {topic: scores}, features: [amount]}
```
Good:
```yaml
pattern: streaming
connections: [{name: events, type: kafka, brokers: ["kafka:9092"]}]
streaming: {source: {connection: events, topic: payments, format: json}, sink: {topic: scores}, features: [amount]}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.deployment.streaming import Encoding
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Part, Severity, error
from servespec.facts import Facts

CODE = "unfit-event-format"
SEVERITY = Severity.ERROR


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """What is said of a schema that nothing has, and what is not said of one that is needed."""
    if deployment.streaming is None:
        return
    for side, encoding in (
        ("source", deployment.streaming.source.encoding),
        ("sink", deployment.streaming.sink.encoding),
    ):
        yield from _of_side(side, encoding)


def _of_side(side: str, encoding: Encoding) -> Iterator[Diagnostic]:
    given = {"schemaFile": encoding.schema_file, "registry": encoding.registry}
    if encoding.format == "json":
        yield from (_no_schema(side, field) for field, value in given.items() if value is not None)
    elif encoding.schema_file is None and (side == "sink" or encoding.registry is None):
        yield _unsaid(side)


def _no_schema(side: str, field: str) -> Diagnostic:
    return error(
        CODE,
        f"JSON has no `{field}`",
        Label(("streaming", side, field), "has no effect with this format", Part.KEY),
        Label(("streaming", side, "format"), "here", otherwise=Label(("streaming", side), "JSON by default", Part.KEY)),
        help="write `format: avro`, or take it out",
    )


def _unsaid(side: str) -> Diagnostic:
    return error(
        CODE,
        f"nothing says by which schema the {side} is Avro",
        Label(("streaming", side, "format"), "needs a schema"),
        help="add `schemaFile: PATH`" if side == "sink" else "add `schemaFile: PATH`, or `registry: CONNECTION`",
    )
