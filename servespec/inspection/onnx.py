"""ONNX: inputs, outputs, opsets and IR version, by https://github.com/onnx/onnx/blob/main/onnx/onnx.proto."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from servespec.inspection.blob import Blob
from servespec.inspection.protobuf import Message, message
from servespec.inspection.types import Malformed
from servespec.models import Face, Hazard, Inspection, Signature, Tensor

KIND = "ONNX"
_IR, _PRODUCER, _PRODUCER_VERSION, _GRAPH, _OPSET = 1, 2, 3, 7, 8
_NODE, _INITIALIZER, _INPUT, _OUTPUT = 1, 5, 11, 12
_ATTRIBUTE = 5
_TENSOR_NAME, _TENSOR_EXTERNAL = 8, 13
_ATTRIBUTE_TENSORS, _ATTRIBUTE_GRAPHS = (5, 10), (6, 11)
_MAX_DEPTH = 20
_DATATYPES = {
    1: "FP32", 2: "UINT8", 3: "INT8", 4: "UINT16", 5: "INT16", 6: "INT32", 7: "INT64", 8: "BYTES", 9: "BOOL",
    10: "FP16", 11: "FP64", 12: "UINT32", 13: "UINT64", 16: "BF16",
}  # fmt: skip
_OTHER_TYPES = {4: "a sequence", 5: "a map", 7: "an opaque value", 8: "a sparse tensor", 9: "an optional value"}


@dataclass
class _Graph:
    """What is collected in one walk over a graph."""

    inputs: list[Message] = field(default_factory=list)
    outputs: list[Message] = field(default_factory=list)
    initializers: set[str] = field(default_factory=set)
    external: set[str] = field(default_factory=set)


def read(blob: Blob) -> Inspection:
    """What an ONNX file says of itself."""
    model = message(blob)
    body, opsets, ir = model.one(_GRAPH), dict(_opsets(model)), model.number(_IR)
    if body is None or not opsets or ir < 1:
        raise Malformed("has no graph or no opset")
    graph = _Graph()
    _walk(body, graph, depth=0)
    inputs = [item for item in graph.inputs if item.text(1) not in graph.initializers]
    external = tuple(sorted(graph.external))
    producer = f"{model.text(_PRODUCER)} {model.text(_PRODUCER_VERSION)}".strip()
    return Inspection(
        KIND,
        "onnx",
        signature=Signature(_face(inputs), _face(graph.outputs)),
        details=(
            ("IR version", ir),
            *((f"opset {domain}", version) for domain, version in sorted(opsets.items())),
            *((("producer", producer),) if producer else ()),
            *_dynamic("input", inputs),
            *_dynamic("output", graph.outputs),
            *(("external data", path) for path in external),
        ),
        hazards=tuple(Hazard(path, "lies outside of the model's folder") for path in external if _leaves(path)),
    )


def _opsets(model: Message) -> Iterator[tuple[str, int]]:
    for item in model.each(_OPSET):
        yield item.text(1) or "ai.onnx", item.number(2)


def _walk(graph: Message, found: _Graph, *, depth: int) -> None:
    if depth > _MAX_DEPTH:
        raise Malformed(f"has graphs nested deeper than {_MAX_DEPTH}")
    for number, value in graph.fields():
        if not isinstance(value, Message):
            continue
        if number == _NODE:
            for attribute in value.each(_ATTRIBUTE):
                _attribute(attribute, found, depth=depth)
        elif number == _INITIALIZER:
            name = _tensor(value, found)
            if depth == 0:
                found.initializers.add(name)
        elif number in (_INPUT, _OUTPUT) and depth == 0:
            (found.inputs if number == _INPUT else found.outputs).append(value)


def _attribute(attribute: Message, found: _Graph, *, depth: int) -> None:
    for number, value in attribute.fields():
        if number in _ATTRIBUTE_TENSORS and isinstance(value, Message):
            _tensor(value, found)
        elif number in _ATTRIBUTE_GRAPHS and isinstance(value, Message):
            _walk(value, found, depth=depth + 1)


def _tensor(tensor: Message, found: _Graph) -> str:
    """The name of a tensor; the file that holds its values is noted."""
    name = ""
    for number, value in tensor.fields():
        if number == _TENSOR_NAME and isinstance(value, Message):
            name = value.as_text()
        elif number == _TENSOR_EXTERNAL and isinstance(value, Message) and value.text(1) == "location":
            found.external.add(value.text(2))
    return name


def _leaves(path: str) -> bool:
    parts = path.replace("\\", "/").split("/")
    return not parts[0] or ".." in parts or ":" in parts[0]


def _face(values: list[Message]) -> Face:
    tensors = (_declared(value) for value in values)
    return Face((), tuple(tensor for tensor in tensors if tensor))


def _declared(value: Message) -> Tensor | None:
    """An input or output; none when it is no tensor."""
    kind = value.one(2)
    tensor = kind.one(1) if kind else None
    if tensor is None:
        return None
    shape = tensor.one(2)
    sizes = (dim.number(1) if not dim.text(2) else -1 for dim in shape.each(1)) if shape else ()
    return Tensor(value.text(1), _datatype(tensor.number(1)), tuple(size if size > 0 else -1 for size in sizes))


def _datatype(number: int) -> str:
    return _DATATYPES.get(number, f"ONNX type {number}")


def _dynamic(side: str, values: list[Message]) -> Iterator[tuple[str, str]]:
    """Names of dimensions without a size, and what is not a tensor."""
    for value in values:
        kind = value.one(2)
        tensor = kind.one(1) if kind else None
        if tensor is None:
            number = next((at for at, _ in kind.fields()), 0) if kind else 0
            yield f"{side} {value.text(1)}", f"{_OTHER_TYPES.get(number, 'something')}, not a tensor"
        elif shape := tensor.one(2):
            names = [name for dim in shape.each(1) if (name := dim.text(2))]
            if names:
                yield f"dynamic in {value.text(1)}", ", ".join(names)
