"""A name is not one that the broker takes.

Topics and groups of Kafka are letters, digits, `.`, `_` and `-`, at most 249 of them. In NATS the names of streams and
of consumers have no dots, blanks and wildcards; a subject is words with dots between, of which those that are read may
be `*`, or `>` at the end.

Bad:
```yaml
pattern: streaming
connections: [{name: events, type: kafka, brokers: ["kafka:9092"]}]
streaming: {source: {connection: events, topic: "card payments"}, sink: {topic: scores}, features: [amount]}
```
Good:
```yaml
pattern: streaming
connections: [{name: events, type: kafka, brokers: ["kafka:9092"]}]
streaming: {source: {connection: events, topic: card-payments}, sink: {topic: scores}, features: [amount]}
```
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from servespec.checks.wording import shown, typed
from servespec.deployment.streaming import KAFKA, NATS, Streaming
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Severity, error
from servespec.facts import Facts
from servespec.spans import Route

CODE = "invalid-topic"
SEVERITY = Severity.ERROR

# read: apache/kafka, org.apache.kafka.common.internals.Topic (2026-11): also what a group is best made of.
_TOPIC = re.compile(r"(?!\.{1,2}$)[A-Za-z0-9._-]{1,249}", re.ASCII)
# read: docs.nats.io, Subject-Based Messaging and Naming Streams, Consumers, and Accounts (2026-11)
_NAME = re.compile(r"[A-Za-z0-9_-]{1,255}", re.ASCII)
_WORDS = r"[A-Za-z0-9_/=$-]+(?:\.[A-Za-z0-9_/=$-]+)*"
_SUBJECT = re.compile(_WORDS, re.ASCII)
_FILTER = re.compile(r"(?:>|(?:\*|[A-Za-z0-9_/=$-]+)(?:\.(?:\*|[A-Za-z0-9_/=$-]+))*(?:\.>)?)", re.ASCII)
_FORMS = {
    _TOPIC: "letters, digits, `.`, `_` and `-`, at most 249",
    _NAME: "letters, digits, `_` and `-`",
    _SUBJECT: "words with dots between them",
    _FILTER: "words with dots between them, `*` for one, `>` for the rest",
}


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """Each name that its broker would refuse."""
    if deployment.streaming:
        for route, name, form in _names(deployment.streaming):
            if name is not None and not form.fullmatch(name):
                yield _invalid(route, name, form)


def _names(streaming: Streaming) -> Iterator[tuple[Route, str | None, re.Pattern[str]]]:
    source, sink, dead = streaming.source, streaming.sink, streaming.dead_letter
    at: Route = ("streaming", "source")
    if source.kind == KAFKA:
        yield (*at, "topic"), source.topic, _TOPIC
        yield (*at, "group"), source.group, _TOPIC
    elif source.kind == NATS:
        yield (*at, "stream"), source.stream, _NAME
        yield (*at, "subject"), source.subject, _FILTER
        yield (*at, "group"), source.group, _NAME
    for block, place in (("sink", sink), ("deadLetter", dead)):
        if sink.kind == KAFKA:
            yield ("streaming", block, "topic"), place.topic, _TOPIC
        elif sink.kind == NATS:
            yield ("streaming", block, "stream"), place.stream, _NAME
            yield ("streaming", block, "subject"), place.subject, _SUBJECT


def _invalid(route: Route, name: str, form: re.Pattern[str]) -> Diagnostic:
    near = typed(re.sub(r"[^A-Za-z0-9._-]+" if form is not _NAME else r"[^A-Za-z0-9_-]+", "-", name).strip(".-"))
    return error(
        CODE,
        f"{shown(name)} can't be the name of a {route[-1]}",
        Label(route, _FORMS[form], otherwise=Label(("name",), _FORMS[form]) if route[-1] == "group" else None),
        help=f"write `{near}`" if near else "write a name such as `card-payments`",
    )
