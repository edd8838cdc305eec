"""Spoiled files: whatever the bytes, an answer comes, soon, and it is the same every time."""

from __future__ import annotations

import io
import time
import zipfile
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servespec.inspection.blob import Blob, from_bytes, from_mapping
from servespec.inspection.dispatch import inspect_blob, inspect_folder
from servespec.models import Inspection, Unknown

_MODELS = Path(__file__).parent / "models"
_FILES = {path: path.read_bytes() for path in sorted(_MODELS.rglob("*")) if path.is_file()}
_SECONDS = 5


@st.composite
def _spoiled(draw: st.DrawFn) -> tuple[str, bytes]:
    """A real file, with some pieces taken out, doubled, or written over."""
    path = draw(st.sampled_from([*_FILES]))
    data = _FILES[path]
    for _ in range(draw(st.integers(1, 4))):
        start, length = draw(st.integers(0, len(data))), draw(st.integers(0, 12))
        middle = draw(st.one_of(st.binary(max_size=12), st.just(data[start : start + length] * 2)))
        data = data[:start] + middle + data[start + length :]
    return path.name, data[: draw(st.integers(0, len(data)))] if draw(st.booleans()) else data


@given(_spoiled())
def test_a_spoiled_file(file: tuple[str, bytes]) -> None:
    """It is told what it is or why that can't be told; nothing is raised, and nothing takes long."""
    name, data = file
    started = time.process_time()
    found = inspect_blob(from_bytes(name, data))
    assert isinstance(found, Inspection | Unknown)
    assert time.process_time() - started < _SECONDS
    assert found == inspect_blob(from_bytes(name, data))
    folder = from_mapping("model", {name: data, "model.pkl": _FILES[_MODELS / "malicious.pkl"]})
    assert isinstance(inspect_folder(folder), Inspection | Unknown)


@given(
    st.binary(max_size=200), st.sampled_from(["m.onnx", "m.pkl", "m.ubj", "saved_model.pb", "config.pbtxt", "m.json"])
)
def test_any_bytes(data: bytes, name: str) -> None:
    """Bytes that never were a model are an answer too."""
    assert isinstance(inspect_blob(from_bytes(name, data)), Inspection | Unknown)


@pytest.mark.parametrize("path", [*_FILES], ids=lambda path: path.relative_to(_MODELS).as_posix())
def test_a_file_that_breaks_off(path: Path) -> None:
    """Every beginning of a file is answered, as it stands there after a broken download."""
    data = _FILES[path]
    for end in range(0, len(data), max(1, len(data) // 200)):
        assert isinstance(inspect_blob(from_bytes(path.name, data[:end])), Inspection | Unknown)


def _bomb(compression: int) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as archive:
        archive.writestr("weights/data.pkl", b"\x80\x04" + bytes(1 << 27))
    return stream.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("m.joblib", zlib.compress(b"\x80\x04B\xff\xff\xff\x7f" + bytes(1 << 28)), "unpacks to more than 256 MiB"),
        ("m.pt", _bomb(zipfile.ZIP_DEFLATED), "holds weights/data.pkl of more than 64 MiB"),
        ("m.pt", _bomb(zipfile.ZIP_LZMA), "holds weights/data.pkl in a compression that model archives do not use"),
        ("m.json", b"[" * 1_000_000, "is damaged, or no JSON"),
        ("m.ubj", b"{L" + bytes(7) + b"\x01a" + b"[" * 100, "is nested too deep"),
        ("m.ubj", b"{L" + bytes(7) + b"\x01a[$Z#L\x7f" + bytes(7), "has more than 3000000 values"),
        ("config.pbtxt", b"a {" * 1000, "is nested too deep"),
        ("config.pbtxt", b"a: 1 " * 100_000, "is longer than any configuration"),
    ],
    ids=["zlib", "deflate", "lzma", "json", "ubj deep", "ubj many", "pbtxt deep", "pbtxt many"],
)
def test_a_bomb(name: str, data: bytes, reason: str) -> None:
    """A small file that stands for an endless one is left before it costs much."""
    started = time.process_time()
    assert inspect_blob(from_bytes(name, data)) == Unknown(reason)
    assert time.process_time() - started < _SECONDS


def test_weights_are_passed_over() -> None:
    """Of an ONNX file with a terabyte of weights, only what is around them is read."""
    weights = 1 << 40
    name = b"\x12\x03net"
    length = _varint(weights)
    tensor = b"\x4a" + length  # raw_data of a TensorProto
    initializer = b"\x2a" + _varint(len(tensor) + weights) + tensor
    before = b"\x08\x08\x42\x02\x10\x11\x3a" + _varint(len(name) + len(initializer) + weights) + name + initializer
    read: list[int] = []

    def piece(start: int, size: int) -> bytes:
        read.append(size)
        return before[start : start + size].ljust(min(size, max(0, len(before) + weights - start)), b"\0")

    found = inspect_blob(Blob("model.onnx", len(before) + weights, piece))
    assert isinstance(found, Inspection)
    assert found.detail("opset ai.onnx") == 17
    assert sum(read) < 1 << 20


def _varint(value: int) -> bytes:
    low = value & 127
    return bytes([low]) if value < 128 else bytes([low | 128]) + _varint(value >> 7)
