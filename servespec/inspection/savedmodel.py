"""SavedModel: signatures and versions, by tensorflow/core/protobuf/{saved_model,meta_graph}.proto."""

from __future__ import annotations

from collections.abc import Iterator

from servespec.inspection.blob import Blob, Folder
from servespec.inspection.protobuf import Message, message
from servespec.inspection.types import Malformed
from servespec.models import Face, Framework, Hazard, Inspection, Signature, Tensor
from servespec.runtimes.tf_serving import DEFAULT_SIGNATURE

KIND = "SavedModel"
FILE = "saved_model.pb"
_INTERNAL = "__saved_model_"
_META_GRAPH = 2
_META_INFO, _GRAPH, _SIGNATURE = 1, 2, 5
_TAG, _VERSION = 4, 5
_DATATYPES = {
    1: "FP32", 2: "FP64", 3: "INT32", 4: "UINT8", 5: "INT16", 6: "INT8", 7: "BYTES", 9: "INT64", 10: "BOOL",
    14: "BF16", 17: "UINT16", 19: "FP16", 22: "UINT32", 23: "UINT64",
}  # fmt: skip
# https://github.com/tensorflow/tensorflow/blob/master/SECURITY.md: a model is a program.
_HAZARDS = {
    **dict.fromkeys(("WriteFile", "PrintV2", "SaveV2", "MergeV2Checkpoints", "Save"), "writes files when it runs"),
    **dict.fromkeys(("ReadFile", "MatchingFiles", "WholeFileReaderV2"), "reads files when it runs"),
    **dict.fromkeys(("PyFunc", "PyFuncStateless", "EagerPyFunc"), "runs Python that is not in the model"),
}
# Every SavedModel can save itself: these stand in each, in functions that serving never calls.
_USUAL = frozenset(("SaveV2", "MergeV2Checkpoints", "Save", "PrintV2"))


def read(blob: Blob) -> Inspection:
    """What a saved_model.pb says of itself."""
    graphs = [*message(blob).each(_META_GRAPH)]
    if not graphs:
        raise Malformed("has no graph")
    tagged = [(_tags(graph), graph) for graph in graphs]
    tags, graph = next((item for item in tagged if item[0] == ("serve",)), tagged[0])
    info = graph.one(_META_INFO)
    signatures = dict(sorted(_signatures(graph)))
    chosen = DEFAULT_SIGNATURE.value if DEFAULT_SIGNATURE.value in signatures else next(iter(signatures), None)
    version = info.text(_VERSION) if info else ""
    return Inspection(
        KIND,
        "tensorflow",
        Framework("tensorflow", version) if version else None,
        signature=signatures[chosen] if chosen else None,
        details=(
            ("tags", ", ".join(tags)),
            *(("signature", name) for name in sorted(signatures, key=lambda name: (name != chosen, name))),
        ),
        hazards=tuple(Hazard(op, _HAZARDS[op]) for op in sorted(_ops(graph) - _USUAL)),
    )


def read_versions(folder: Folder) -> Inspection:
    """What the newest version of a model says, in the layout that TensorFlow Serving takes."""
    holders = sorted(path.partition("/")[0] for path in folder.names if path.count("/") == 1 and path.endswith(FILE))
    versions = sorted((name for name in holders if is_version(name)), key=int)
    if not versions:
        raise Malformed(f"has models in {', '.join(holders)}, none of which is named by an integer")
    newest = read(folder.open(f"{versions[-1]}/{FILE}"))
    strange = (Hazard(name, "is not an integer: servers pass over it") for name in holders if not is_version(name))
    return Inspection(
        newest.kind,
        newest.format,
        newest.framework,
        signature=newest.signature,
        details=(("versions", ", ".join(versions)), *newest.details),
        hazards=(*newest.hazards, *strange),
    )


def is_version(name: str) -> bool:
    """Whether servers take a folder of that name for a version of a model: the digits of a 64-bit integer."""
    return name.isascii() and name.isdigit() and len(name) < 19


def _tags(graph: Message) -> tuple[str, ...]:
    info = graph.one(_META_INFO)
    return tuple(sorted(tag.as_text() for tag in info.each(_TAG))) if info else ()


def _signatures(graph: Message) -> Iterator[tuple[str, Signature]]:
    for entry in graph.each(_SIGNATURE):
        name, value = entry.text(1), entry.one(2)
        if value and not name.startswith(_INTERNAL):
            yield name, Signature(_face(value, 1), _face(value, 2))


def _face(signature: Message, side: int) -> Face:
    # A map has no order: by name, so that the same model is always told alike.
    entries = sorted(((entry.text(1), entry.one(2)) for entry in signature.each(side)), key=lambda entry: entry[0])
    return Face((), tuple(_tensor(name, info) for name, info in entries if info))


def _tensor(name: str, info: Message) -> Tensor:
    number, shape = info.number(2), info.one(3)
    sizes = (dim.number(1) for dim in shape.each(2)) if shape else ()
    return Tensor(name, _DATATYPES.get(number, f"TensorFlow type {number}"), tuple(max(size, -1) for size in sizes))


def _ops(graph: Message) -> frozenset[str]:
    """The operations of the graph and of its functions that are in the table of hazards."""
    body = graph.one(_GRAPH)
    if body is None:
        return frozenset()
    functions = (function for library in body.each(2) for function in library.each(1))
    nodes = (*body.each(1), *(node for function in functions for node in function.each(3)))
    return frozenset(op for node in nodes if (op := node.text(2)) in _HAZARDS)
