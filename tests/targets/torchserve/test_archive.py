"""The archive that `servespec build` writes by itself: what is in it, and that it is always the same."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

from servespec.artifacts import Bundle, Recipe

_ARCHIVE = "model-store/fraud-detector-1.0.mar"
_ON = "targets: { torchserve: { archive: true } }\n"


@pytest.fixture
def recipe(bundles: Callable[..., dict[str, Bundle]]) -> Callable[..., Recipe]:
    """The archive of a spec, still to be written."""

    def make(text: str = "", **more: Any) -> Recipe:
        content = bundles(text + _ON, **more)["torchserve"].find(_ARCHIVE).content
        assert isinstance(content, Recipe)
        return content

    return make


def _bytes(recipe: Recipe) -> bytes:
    return b"".join(recipe.chunks())


def _opened(recipe: Recipe) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(_bytes(recipe)))


def test_twice_the_same_bytes(recipe: Callable[..., Recipe]) -> None:
    """Two archives of one spec are byte for byte the same, and so is what tells them apart from others."""
    one, two = recipe(), recipe()
    assert _bytes(one) == _bytes(one) == _bytes(two)
    assert one.fingerprint == two.fingerprint


@pytest.mark.parametrize(
    ("text", "files"),
    [
        ("", {"model/model.pt": b"other weights"}),
        ("", {"model/model.py": "class Model:\n    x = 1\n"}),
        ("runtime: { microBatch: { size: 2 } }\n", {}),
        ("signature: { inputs: { columns: { a: FP32 } } }\n", {}),
    ],
)
def test_another_content_has_another_fingerprint(
    recipe: Callable[..., Recipe], text: str, files: dict[str, str | bytes]
) -> None:
    """Weights, code, settings and the emitted handler each change it."""
    before = recipe()
    content = _bytes(before)
    after = recipe(text, files=files)
    assert _bytes(after) != content
    assert after.fingerprint != before.fingerprint


def test_a_reader_finds_every_file(recipe: Callable[..., Recipe]) -> None:
    """Python's zip reader finds the files with sound checksums, stored, without a time, readable by all."""
    archive = _opened(recipe("", files={"model/model.pt": bytes(range(256)) * 9000}))
    assert archive.testzip() is None
    names = ["MAR-INF/MANIFEST.json", "handler.py", "model-config.yaml", "model.pt", "model.py"]
    assert archive.namelist() == names
    assert archive.read("model.pt") == bytes(range(256)) * 9000
    for item in archive.infolist():
        assert (item.compress_type, item.date_time) == (zipfile.ZIP_STORED, (1980, 1, 1, 0, 0, 0))
        assert item.external_attr >> 16 == 0o100644


def test_the_manifest_names_what_is_there(recipe: Callable[..., Recipe]) -> None:
    """Each file that the manifest names is in the archive."""
    archive = _opened(recipe())
    model = json.loads(archive.read("MAR-INF/MANIFEST.json"))["model"]
    assert (model["modelName"], model["modelVersion"]) == ("fraud-detector", "1.0")
    assert {model[name] for name in ("serializedFile", "modelFile", "handler", "configFile")} < set(archive.namelist())


def test_extra_files_lie_as_the_archiver_puts_them(recipe: Callable[..., Recipe]) -> None:
    """A file by its name, and what is below a folder by its path in it."""
    spec = "model: { format: pytorch, uri: ./model, extraFiles: [data/labels.json, lookup] }\n"
    files = {"data/labels.json": "{}", "lookup/a.txt": "a", "lookup/deep/b.txt": "b"}
    names = set(_opened(recipe(spec, files=files)).namelist())
    assert {"labels.json", "a.txt", "deep/b.txt"} <= names


def test_torchscript_has_no_code(recipe: Callable[..., Recipe]) -> None:
    """A TorchScript model travels without a model file, in the archive and in its manifest."""
    archive = _opened(recipe("model: { format: torchscript, uri: ./scripted.pt }\n", files={"scripted.pt": b"script"}))
    assert archive.namelist() == ["MAR-INF/MANIFEST.json", "handler.py", "model-config.yaml", "scripted.pt"]
    assert "modelFile" not in json.loads(archive.read("MAR-INF/MANIFEST.json"))["model"]


def test_only_where_it_is_asked_for(bundles: Callable[..., dict[str, Bundle]]) -> None:
    """Without the option no archive is written."""
    assert not [item.path for item in bundles()["torchserve"].artifacts if item.path.endswith(".mar")]
