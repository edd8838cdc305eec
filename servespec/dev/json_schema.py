"""A model and those within it as JSON Schema: each of them is a definition of its own."""

from __future__ import annotations

from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core.core_schema import PlainValidatorFunctionSchema

from servespec.node import Node
from servespec.spec.later import Later

_BLOCK = "x-block"


def json_schema(model: type[Node]) -> dict[str, Any]:
    """The schema of a model, with the models within it in `$defs`, as pydantic would give it if it held theirs."""
    blocks: dict[str, type[Node]] = {}
    root = _own(model, blocks)
    definitions: dict[str, Any] = root.pop("$defs", {})
    while missing := blocks.keys() - definitions.keys():
        for name in missing:
            definitions[name] = _own(blocks[name], blocks)
            definitions |= definitions[name].pop("$defs", {})
    return {**root, "$defs": definitions}


def _own(model: type[Node], blocks: dict[str, type[Node]]) -> dict[str, Any]:
    """The schema of a model alone; the models that it refers to are added to `blocks`."""

    class Generator(GenerateJsonSchema):
        """Knows what a block is, where its schema only says that it validates itself."""

        def function_plain_schema(self, schema: PlainValidatorFunctionSchema) -> JsonSchemaValue:
            owner = schema["function"]["function"].__self__  # type: ignore[union-attr]
            block = owner.model if isinstance(owner, Later) else owner
            blocks[block.__name__] = block
            return {_BLOCK: block.__name__}

    found: dict[str, Any] = _referring(model.model_json_schema(schema_generator=Generator))
    return found


def _referring(node: Any) -> Any:
    """A schema whose blocks are references: pydantic knows of no definitions but its own while it makes one."""
    if isinstance(node, list):
        return [_referring(item) for item in node]
    if not isinstance(node, dict):
        return node
    given = {key: _referring(value) for key, value in node.items() if key != _BLOCK}
    return {"$ref": f"#/$defs/{node[_BLOCK]}", **given} if _BLOCK in node else given
