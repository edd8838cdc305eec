"""A file is not an Avro schema of events.

It is JSON, and describes a record: a map with `type: record`, a name and fields.

Bad:
```yaml
pattern: streaming
connections: [{name: events, type: kafka, brokers: ["kafka:9092"]}]
streaming:
  source: {connection: events, topic: payments, format: avro, schemaFile: ./requirements.txt}
  sink: {topic: scores}
  features: [amount]
```
Good:
```yaml
pattern: streaming
connections: [{name: events, type: kafka, brokers: ["kafka:9092"]}]
streaming:
  source: {connection: events, topic: payments, format: avro, schemaFile: ./payment.avsc}
  sink: {topic: scores}
  features: [amount]
```
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from servespec.checks.wording import shown
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Severity, error
from servespec.facts import Facts
from servespec.spans import Value

CODE = "invalid-avro-schema"
SEVERITY = Severity.ERROR


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """Each file that a worker could not read as a schema."""
    if deployment.streaming is None:
        return
    sides = (("source", deployment.streaming.source.encoding), ("sink", deployment.streaming.sink.encoding))
    for side, encoding in sides:
        text = facts.file(encoding.schema_file).text if encoding.schema_file else None
        if text is not None and (wrong := _wrong(text)):
            yield _invalid(side, str(encoding.schema_file), wrong)


def _wrong(text: str) -> str | None:
    """What a text lacks of a schema of records."""
    try:
        value: Value = json.loads(text)
    except (ValueError, RecursionError):
        return "not JSON"
    if not isinstance(value, dict) or value.get("type") != "record":
        return "JSON, but no map with `type: record`"
    whole = isinstance(value.get("name"), str) and isinstance(value.get("fields"), list)
    return None if whole else "a record without a name or without fields"


def _invalid(side: str, path: str, wrong: str) -> Diagnostic:
    return error(
        CODE,
        f"{shown(path)} is not an Avro schema of events",
        Label(("streaming", side, "schemaFile"), wrong),
        help="name an `.avsc` file, whose outermost type is a record",
    )
