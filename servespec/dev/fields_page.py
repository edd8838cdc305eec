"""The page of all fields: type, default, description, example."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from servespec.dev.schema import schema
from servespec.reference.fields import Field, fields
from servespec.reference.markdown import code, derived, table

_HEAD = ("field", "type", "default", "description", "example")


def text() -> str:
    """The page: a table of the top, then one for each block at the top."""
    known = fields(schema())
    return "\n".join([derived("the schema, which is derived from the models"), *_sections(known)])


def _sections(known: Mapping[str, Field]) -> Iterator[str]:
    yield "# The fields of serving.yaml\n"
    yield (
        "Paths are dotted; items of a list have no step of their own, and `*` stands for a name of your choice.\n"
        "`servespec explain FIELD` says the same, and what each target does with the field.\n"
    )
    tops = [field for path, field in known.items() if "." not in path]
    yield table(_HEAD, map(_row, tops))
    for top in tops:
        below = [field for path, field in known.items() if path.startswith(f"{top.path}.")]
        if below:
            yield f"## {top.path}\n\n{top.description}\n"
            yield table(_HEAD, map(_row, below))


def _row(field: Field) -> tuple[str, ...]:
    default = "required" if field.required else code(field.default)
    return code(field.path), field.type, default, field.description, ", ".join(map(code, field.examples))
