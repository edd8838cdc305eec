"""skops: the schema of its archive, by https://skops.readthedocs.io/en/stable/persistence.html."""

from __future__ import annotations

from collections.abc import Iterator

from servespec.inspection.faces import rows_of
from servespec.inspection.hazards import hazards
from servespec.inspection.jsontext import at, listed, mapping, parsed, text
from servespec.inspection.pickled import FORMATS, PICKER, imports
from servespec.inspection.symbols import Name
from servespec.inspection.zipped import MAX_MEMBER, Archive
from servespec.models import Face, Framework, Inspection, Signature

SCHEMA = "schema.json"
_MAX_PIPELINES = 10


def read(archive: Archive) -> Inspection:
    """What a skops file says."""
    schema = mapping(parsed(archive.member(SCHEMA).whole(MAX_MEMBER)))
    nodes = [*_nodes(schema)]
    names = sorted({name for node in nodes if (name := _class(node))}, key=str)
    made_by = _class(schema)
    versions = sorted({version for node in nodes if (version := _text(at(node, "_sklearn_version")))})
    face = rows_of(_number(at(_first(schema), "content", "content", "n_features_in_")), ())
    format_ = FORMATS.get(made_by.module.partition(".")[0]) if made_by else None
    sklearn = Framework("scikit-learn", versions[-1]) if versions else None
    return Inspection(
        "skops",
        format_,
        sklearn if format_ == "sklearn" else None,
        packages=(sklearn,) if sklearn and format_ != "sklearn" else (),
        signature=Signature(face, None) if face != Face((), ()) else None,
        details=(
            *((("made by", str(made_by)),) if made_by else ()),
            ("skops version", text(schema.get("_skops_version"))),
            ("imports", ", ".join(imports(names))),
        ),
        hazards=tuple(hazards(names)),
        picks=any(_class(node) == PICKER and at(node, "content", "content", "feature_names_in_") for node in nodes),
    )


def _nodes(schema: object) -> Iterator[dict[str, object]]:
    """Every mapping, in the order of the text."""
    left = [schema]
    while left:
        value = left.pop()
        if isinstance(value, dict):
            yield value
            left.extend(reversed(value.values()))
        elif isinstance(value, list):
            left.extend(reversed(value))


def _first(schema: dict[str, object]) -> object:
    """The estimator that takes the rows: of a pipeline the first step."""
    node: object = schema
    for _ in range(_MAX_PIPELINES):
        steps = listed(at(node, "content", "content", "steps", "content"))
        if at(node, "__class__") != "Pipeline" or not steps:
            break
        node = next(iter(listed(at(steps[0], "content"))[1:]), None)
    return node


def _class(node: dict[str, object]) -> Name | None:
    module, name = node.get("__module__"), node.get("__class__")
    return Name(module, name) if isinstance(module, str) and isinstance(name, str) else None


def _json(node: object) -> object:
    """The value of a node that holds plain JSON."""
    content = at(node, "content")
    return parsed(content) if isinstance(content, str) and at(node, "is_json") is True else None


def _text(node: object) -> str:
    value = _json(node)
    return value if isinstance(value, str) else ""


def _number(node: object) -> int:
    value = _json(node)
    return value if isinstance(value, int) else 0
