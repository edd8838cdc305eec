"""What `torch.save` and `torch.jit.save` write: a zip archive with a pickle in it, or several pickles in a row."""

from __future__ import annotations

import re
from collections.abc import Iterator

from servespec.inspection.blob import Blob, Cursor
from servespec.inspection.faces import sizes, weights
from servespec.inspection.machine import Trace
from servespec.inspection.pickled import dangers, imports, trace_of
from servespec.inspection.symbols import PERSISTENT, Made, Name, class_of, pairs
from servespec.inspection.types import Malformed
from servespec.inspection.zipped import Archive
from servespec.models import Hazard, Inspection, Tensor
from servespec.records import replace

_DATA = "/data.pkl"
_STORAGES = {
    "FloatStorage": "FP32", "DoubleStorage": "FP64", "HalfStorage": "FP16", "BFloat16Storage": "BF16",
    "LongStorage": "INT64", "IntStorage": "INT32", "ShortStorage": "INT16", "CharStorage": "INT8",
    "ByteStorage": "UINT8", "BoolStorage": "BOOL",
}  # fmt: skip
_FORWARD = re.compile(r"def forward\(self: [^,)]*,?\s*([^)]*)\) -> ([^\n]*):\n")
_SHOWN_KEYS = 20


def is_torch(archive: Archive) -> bool:
    """Whether an archive has the layout of torch."""
    return any(name.endswith(_DATA) and name.count("/") == 1 for name in archive.names)


def read_zip(archive: Archive) -> Inspection:
    """What the archive of `torch.save` or `torch.jit.save` says."""
    first, *others = _pickles(archive)
    blob, root = archive.member(first), first.removesuffix(_DATA)
    value, trace, damage = trace_of(Cursor(blob))
    more = tuple(item for name in others for item in _dangers(archive.member(name)))
    script = any(name.startswith(f"{root}/code/__torch__") for name in archive.names)
    if not script:
        found = _inspection(blob, value, trace, damage)
        return replace(found, hazards=(*found.hazards, *more))
    made_by = class_of(value)
    code = f"{root}/code/{made_by.module.replace('.', '/')}.py" if made_by else ""
    text = archive.member(code).whole().decode("utf-8", "replace") if code in archive.names else ""
    return Inspection(
        "TorchScript",
        "torchscript",
        details=(
            *((("class", str(made_by).removeprefix("__torch__.")),) if made_by else ()),
            *(("forward", f"{' '.join(given.split())} -> {back}") for given, back in _forward(text, made_by)),
        ),
        hazards=(*dangers(blob, trace, damage), *more),
    )


def _pickles(archive: Archive) -> list[str]:
    """Those that torch may load, first the one that it takes: beside the first file. Which one that is, is for the
    archive's maker to say, so none is passed over."""
    found = [name for name in archive.names if name.endswith(_DATA) and name.count("/") == 1]
    root = archive.names[0].partition("/")[0]
    return sorted(found, key=lambda name: name != root + _DATA)


def _dangers(blob: Blob) -> tuple[Hazard, ...]:
    try:
        _, trace, damage = trace_of(Cursor(blob))
    except Malformed:
        return ()  # it breaks off before it asks for anything
    return dangers(blob, trace, damage)


def read_legacy(blob: Blob) -> Inspection:
    """What a file of `torch.save` before 1.6 says: the fourth of its pickles, after magic, version and machine."""
    stream = Cursor(blob)
    for _ in range(3):
        trace_of(stream)
    return _inspection(blob, *trace_of(stream))


def _inspection(blob: Blob, value: object, trace: Trace, damage: Malformed | None) -> Inspection:
    tensors = tuple(_tensors(value))
    made_by = class_of(value)
    plain = made_by is not None and (made_by.module in ("collections", "builtins", "__builtin__"))
    kind = "PyTorch state dict" if tensors else "PyTorch checkpoint" if plain else "PyTorch object"
    keys = [key for key, _ in pairs(value) if isinstance(key, str)] if plain and not tensors else []
    rows = (
        *((("made by", str(made_by)),) if made_by and not plain else ()),
        *((("keys", ", ".join(keys[:_SHOWN_KEYS])),) if keys else ()),
        *((("imports", ", ".join(imported)),) if (imported := imports(trace.names)) else ()),
        *(weights(tensors) if tensors else ()),
    )
    return Inspection(kind, "pytorch", details=rows, hazards=dangers(blob, trace, damage))


def _tensors(value: object) -> Iterator[Tensor]:
    """The tensors of a state dict; nothing when it is something else."""
    for key, item in pairs(value):
        by = item.by if isinstance(item, Made) else None
        if isinstance(item, Made) and by == Name("torch._utils", "_rebuild_parameter"):
            item = item.arguments[0] if isinstance(item.arguments, tuple) and item.arguments else None
        if isinstance(key, str) and isinstance(item, Made) and item.by == Name("torch._utils", "_rebuild_tensor_v2"):
            yield _tensor(key, item.arguments)


def _tensor(name: str, arguments: object) -> Tensor:
    """A tensor by what it is rebuilt from: its storage, its offset there, and its shape."""
    storage, shape = (arguments[0], arguments[2]) if isinstance(arguments, tuple) and len(arguments) > 2 else ((), ())
    kept = storage.arguments if isinstance(storage, Made) and storage.by == PERSISTENT else ()
    kind = kept[1] if isinstance(kept, tuple) and len(kept) > 1 else None
    datatype = _STORAGES.get(kind.name, "") if isinstance(kind, Name) else ""
    return Tensor(name, datatype, sizes(shape))


def _forward(text: str, made_by: Name | None) -> Iterator[tuple[str, str]]:
    """The arguments and the result of the method that serves, as TorchScript declares them."""
    start = text.find(f"class {made_by.name}(") if made_by else -1
    if start >= 0 and (found := _FORWARD.search(text, start)):
        yield found[1], found[2]
