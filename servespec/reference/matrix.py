"""Which field reaches which target: the whole table, or the part of it that a spec is about."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from servespec.records import dataclass
from servespec.reference.fields import Answer, answers, fields, find
from servespec.reference.schema import Schema
from servespec.spans import Document, dotted


@dataclass(frozen=True)
class Row:
    """A field, and what each target does with it, in the order of the targets."""

    field: str
    answers: tuple[Answer, ...]


def matrix(
    schema: Schema, *, targets: Collection[str] | None = None, written: Collection[str] | None = None
) -> tuple[Row, ...]:
    """The rows of all fields that hold a value, or of the `written` ones; for all targets, or for those named."""
    return tuple(
        Row(path, tuple(answer for answer in answers(schema, path) if targets is None or answer.target in targets))
        for path, field in fields(schema).items()
        if not field.children and (written is None or path in written)
    )


def written_fields(schema: Schema, document: Document) -> frozenset[str]:
    """The fields that a text says something of, each by its path in the table."""
    return frozenset(field for route in document.where if (field := _field(schema, route)) is not None)


def _field(schema: Schema, route: tuple[str | int, ...]) -> str | None:
    """The field of a route: a key that the writer chose belongs to the field that holds it."""
    found = (find(schema, dotted(route[:end])) for end in range(len(route), 0, -1))
    nearest = next((field for field in found if field is not None), None)
    return nearest.path if nearest else None


def degree_words(answer: Answer) -> str:
    """An answer in a cell: a dash where the field is none of the target's."""
    word = "–" if answer.degree == "unrelated" else answer.degree
    return f"{word}: {answer.reason}" if answer.reason else word


def losses(rows: Collection[Row]) -> Iterator[tuple[tuple[str, ...], Answer]]:
    """What does not wholly reach a target: each reason of a target, with the fields that it is about."""
    fields: dict[Answer, list[str]] = {}
    for row in rows:
        for answer in row.answers:
            if answer.reason:
                fields.setdefault(answer, []).append(row.field)
    for answer, names in fields.items():
        yield tuple(names), answer
