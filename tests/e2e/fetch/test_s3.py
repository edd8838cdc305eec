"""Models are fetched from a real server that speaks S3, by the emitted program with what the compose file tells it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import pytest

from tests.e2e.fetch.conftest import Fetcher, Storage

pytestmark = pytest.mark.e2e

_MODEL = b"not really a model"
_DIGEST = hashlib.sha256(_MODEL).hexdigest()
_SECRET = {"STORE__AWS_ACCESS_KEY_ID": "id", "STORE__AWS_SECRET_ACCESS_KEY": "key"}
Make = Callable[..., Fetcher]


def _connections(storage: Storage, auth: str = "{ secret: store }") -> str:
    return f'[{{ name: s, type: s3, endpoint: "{storage.url}", region: eu-central-1, auth: {auth} }}]'


def _model(uri: str, **more: str) -> str:
    fields = "".join(f", {name}: {value}" for name, value in more.items())
    return f'{{ format: onnx, uri: "{uri}", credentials: {{ storage: s }}{fields} }}'


def test_a_file(fetcher: Make, storage: Storage) -> None:
    """It comes under its own name, and nothing else does."""
    storage.put("one/fraud.onnx", _MODEL)
    storage.put("one/other.onnx", b"other")
    made = fetcher(_model("s3://models/one/fraud.onnx"), _connections(storage), **_SECRET)
    assert "fetched: 1 file, 18 bytes" in made.run()
    assert made.files() == {"fraud.onnx": _MODEL}


def test_a_folder(fetcher: Make, storage: Storage) -> None:
    """All that is in it comes, with its own folders; a key that only begins alike does not."""
    for key in ("two/model.onnx", "two/data/weights.bin", "two-more/model.onnx"):
        storage.put(key, key.encode())
    storage.put("two/", b"")
    made = fetcher(_model("s3://models/two"), _connections(storage), **_SECRET)
    made.run()
    assert made.files() == {"model.onnx": b"two/model.onnx", "data/weights.bin": b"two/data/weights.bin"}


def test_what_was_meant(fetcher: Make, storage: Storage) -> None:
    """With its digest it is put in place, and then not fetched again: the storage may be away."""
    storage.put("three/fraud.onnx", _MODEL)
    model = _model("s3://models/three/fraud.onnx", digest=f"sha256:{_DIGEST}")
    made = fetcher(model, _connections(storage), **_SECRET)
    made.run()
    away = Fetcher(made.command, {**made.env, "AWS_ENDPOINT_URL_S3": "http://127.0.0.1:9"}, made.folder)
    assert "is there already" in away.run()


def test_other_bytes(fetcher: Make, storage: Storage) -> None:
    """Whatever came in the place of the model is refused, and what was there before stays."""
    storage.put("four/fraud.onnx", _MODEL)
    model = _model("s3://models/four/fraud.onnx", digest=f"sha256:{_DIGEST}")
    made = fetcher(model, _connections(storage), **_SECRET)
    (made.folder / "fraud.onnx").write_bytes(b"of yesterday")
    storage.put("four/fraud.onnx", b"not really a Model")
    said = made.run(code=4)
    assert _DIGEST in said
    assert made.files() == {"fraud.onnx": b"of yesterday"}
    storage.put("four/fraud.onnx", _MODEL)
    made.run()
    assert made.files() == {"fraud.onnx": _MODEL}


def test_a_file_more(fetcher: Make, storage: Storage) -> None:
    """Where all files are known, none may come besides; where one is, it has to be there."""
    storage.put("five/model.onnx", _MODEL)
    storage.put("five/model.py", b"import os")
    made = fetcher(_model("s3://models/five", digest=f"sha256:{_DIGEST}"), _connections(storage), **_SECRET)
    only = Fetcher((*made.command, "--nothing-else"), made.env, made.folder)
    assert "model.py is there, and has no digest" in only.run(code=4)
    made.run()
    assert made.files().keys() == {"model.onnx", "model.py"}
    more = Fetcher((*made.command, f"--sha256={_DIGEST}:weights.bin"), made.env, made.folder)
    assert "weights.bin is not there" in more.run(code=4)


def test_what_is_left_of_an_older_model(fetcher: Make, storage: Storage) -> None:
    """Files of an earlier fetch, and of one that was cut off, are gone."""
    storage.put("six/model.onnx", _MODEL)
    made = fetcher(_model("s3://models/six"), _connections(storage), **_SECRET)
    (made.folder / "old").mkdir()
    (made.folder / "old" / "weights.bin").write_bytes(b"old")
    (made.folder / ".incoming").mkdir()
    (made.folder / ".incoming" / "half").write_bytes(b"half")
    made.run()
    assert made.files() == {"model.onnx": _MODEL}


@pytest.mark.parametrize(
    ("uri", "code", "words"),
    [
        ("s3://models/nowhere/model.onnx", 3, "nothing is there"),
        ("s3://nowhere/model.onnx", 3, "NoSuchBucket"),
        ("s3://models/seven", 5, "can't be the path of a file"),
    ],
)
def test_what_is_not_to_be_had(fetcher: Make, storage: Storage, uri: str, code: int, words: str) -> None:
    """The reason is one line, and the exit code tells what kind of reason it is. No key leads out of the folder."""
    storage.put("seven/%2e%2e/%2e%2e/model.onnx", _MODEL)
    made = fetcher(_model(uri), _connections(storage), **_SECRET)
    said = made.run(code=code)
    assert words in said
    assert said.count("\n") == 1
    assert made.files() == {}


def test_nobody_is_there(fetcher: Make, storage: Storage) -> None:
    """A storage that is away is told apart from a model that is."""
    made = fetcher(_model("s3://models/one/fraud.onnx"), _connections(storage), **_SECRET)
    away = Fetcher(made.command, {**made.env, "AWS_ENDPOINT_URL_S3": "http://127.0.0.1:9"}, made.folder)
    said = away.run(code=5)
    assert "Could not connect" in said
    assert "key" not in said.replace("model.onnx", "")


def test_anonymous(fetcher: Make, storage: Storage) -> None:
    """Without `auth` nothing is looked for that could be shown, and nothing is shown."""
    storage.put("eight/fraud.onnx", _MODEL, **{"x-amz-acl": "public-read"})
    made = fetcher(_model("s3://models/eight/fraud.onnx"), _connections(storage, "none"))
    assert not any("SECRET" in name for name in made.env)
    made.run()
    assert made.files() == {"fraud.onnx": _MODEL}


def test_every_client_is_there(fetcher: Make, storage: Storage, fetch_python: Any) -> None:
    """The pinned clients of Google and Azure have what the program takes of them: a storage that is not there is said
    to be away, with their own words."""
    for uri, connection, shell in (
        ("gs://models/m.onnx", '{ name: s, type: gs, endpoint: "http://127.0.0.1:9" }', {}),
        (
            "az://models/m.onnx",
            '{ name: s, type: azure, account: risk, endpoint: "http://127.0.0.1:9", auth: { secret: az } }',
            {"AZ__AZURE_STORAGE_ACCESS_KEY": "a2V5"},
        ),
    ):
        made = fetcher(_model(uri), f"[{connection}]", **shell)
        assert "refused" in made.run(code=5)
