"""Models are fetched from real servers that speak as S3, Google's and Azure's storage do, by the emitted program with what
the compose file tells it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from tests.e2e.fetch import clouds
from tests.e2e.fetch.conftest import Fetcher
from tests.e2e.fetch.storages import Storage

pytestmark = pytest.mark.e2e

_MODEL = b"not really a model"
_DIGEST = hashlib.sha256(_MODEL).hexdigest()
_NOWHERE = "http://127.0.0.1:9"
Make = Callable[..., Fetcher]


def _made(fetcher: Make, storage: Storage, path: str, auth: str = "{ secret: store }", **more: str) -> Fetcher:
    return fetcher(storage.model(path, **more), storage.connection(auth), **storage.shell(storage.secret))


def test_a_file(fetcher: Make, storage: Storage) -> None:
    """It comes under its own name, and nothing else does."""
    storage.put("models/one/fraud.onnx", _MODEL)
    storage.put("models/one/other.onnx", b"other")
    made = _made(fetcher, storage, "models/one/fraud.onnx")
    assert "fetched: 1 file, 18 bytes" in made.run()
    assert made.files() == {"fraud.onnx": _MODEL}


def test_a_folder(fetcher: Make, storage: Storage) -> None:
    """All that is in it comes, with its own folders; a key that only begins alike does not."""
    for key in ("two/model.onnx", "two/data/weights.bin", "two-more/model.onnx"):
        storage.put(f"models/{key}", key.encode())
    storage.put("models/two/", b"")
    made = _made(fetcher, storage, "models/two")
    made.run()
    assert made.files() == {"model.onnx": b"two/model.onnx", "data/weights.bin": b"two/data/weights.bin"}


def test_other_bytes(fetcher: Make, storage: Storage) -> None:
    """Whatever came in the place of the model is refused, and what was there before stays. What was meant is put in
    place, and then not fetched again: the storage may be away."""
    made = _made(fetcher, storage, "models/four/fraud.onnx", digest=f"sha256:{_DIGEST}")
    (made.folder / "fraud.onnx").write_bytes(b"of yesterday")
    for other in (b"not really a Model", _MODEL[:-1]):
        storage.put("models/four/fraud.onnx", other)
        assert _DIGEST in made.run(code=4)
        assert made.files() == {"fraud.onnx": b"of yesterday"}
    storage.put("models/four/fraud.onnx", _MODEL)
    made.run()
    assert made.files() == {"fraud.onnx": _MODEL}
    assert "is there already" in made.told(**{storage.variable: _NOWHERE}).run()


def test_a_file_more(fetcher: Make, storage: Storage) -> None:
    """Where all files are known, none may come besides; where one is, it has to be there."""
    storage.put("models/five/model.onnx", _MODEL)
    storage.put("models/five/model.py", b"import os")
    made = _made(fetcher, storage, "models/five", digest=f"sha256:{_DIGEST}")
    assert "model.py is there, and has no digest" in made.told("--nothing-else").run(code=4)
    made.run()
    assert made.files().keys() == {"model.onnx", "model.py"}
    assert "weights.bin is not there" in made.told(f"--sha256={_DIGEST}:weights.bin").run(code=4)


@pytest.mark.parametrize("storage", ["s3"], indirect=True)
def test_what_is_left_of_an_older_model(fetcher: Make, storage: Storage) -> None:
    """Files of an earlier fetch, and of one that was cut off, are gone."""
    storage.put("models/six/model.onnx", _MODEL)
    made = _made(fetcher, storage, "models/six")
    (made.folder / "old").mkdir()
    (made.folder / "old" / "weights.bin").write_bytes(b"old")
    (made.folder / ".incoming").mkdir()
    (made.folder / ".incoming" / "half").write_bytes(b"half")
    made.run()
    assert made.files() == {"model.onnx": _MODEL}


@pytest.mark.parametrize(
    ("path", "code", "words"),
    [
        ("models/nowhere/model.onnx", 3, "nothing is there"),
        ("nowhere/model.onnx", 3, ""),
        ("models/seven", 5, "can't be the path of a file"),
    ],
)
def test_what_is_not_to_be_had(fetcher: Make, storage: Storage, path: str, code: int, words: str) -> None:
    """The reason is one line, and the exit code tells what kind of reason it is. No key leads out of the folder."""
    storage.put(f"models/seven/{'%2e%2e/%2e%2e' if storage.kind == 's3' else '../..'}/model.onnx", _MODEL)
    made = _made(fetcher, storage, path)
    said = made.run(code=code)
    assert words in said
    assert said.count("\n") == 1
    assert made.files() == {}


def test_nobody_is_there(fetcher: Make, storage: Storage) -> None:
    """A storage that is away is told apart from a model that is."""
    made = _made(fetcher, storage, "models/one/fraud.onnx")
    said = made.told(**{storage.variable: _NOWHERE}).run(code=5)
    assert "connect" in said.lower()
    assert not any(secret in said for secret in storage.secret.values())


def test_anonymous(fetcher: Make, storage: Storage) -> None:
    """Without `auth` nothing is looked for that could be shown, and nothing is shown."""
    storage.put("open/eight/fraud.onnx", _MODEL)
    made = _made(fetcher, storage, "open/eight/fraud.onnx", "none")
    assert not set(storage.secret.values()) & set(made.env.values())
    made.run()
    assert made.files() == {"fraud.onnx": _MODEL}


@pytest.mark.parametrize("storage", ["gs", "azure"], indirect=True)
def test_another_key(fetcher: Make, storage: Storage) -> None:
    """Who shows a key that is not the right one gets nothing."""
    storage.put("models/nine/fraud.onnx", _MODEL)
    made = fetcher(storage.model("models/nine/fraud.onnx"), storage.connection(), **storage.shell(storage.wrong))
    made.run(code=5)
    assert made.files() == {}


@pytest.mark.parametrize("storage", ["azure"], indirect=True)
def test_a_principal(fetcher: Make, storage: Storage, fetch_python: Path, certificate: Path, tmp_path: Path) -> None:
    """Azure takes a tenant's client too, whose token comes from Microsoft: here from a stand-in, by Microsoft's own name."""
    storage.put("models/ten/fraud.onnx", _MODEL)
    names = ", ".join(f"{name}: {name}" for name in clouds.PRINCIPAL)
    connection = storage.connection(f"{{ secret: store, keys: {{ {names} }} }}")
    made = fetcher(storage.model("models/ten/fraud.onnx"), connection, **storage.shell(clouds.PRINCIPAL))
    with (
        clouds.tokens(fetch_python, tmp_path, certificate) as given,
        clouds.leading(dict.fromkeys(clouds.LOGINS, given.port)) as proxy,
    ):
        known = made.told(HTTPS_PROXY=proxy)
        said = known.told(AZURE_CLIENT_SECRET="guessed").run(code=5)
        assert said == "az://models/ten/fraud.onnx: Authentication failed: who is that\n"
        known.run()
    assert made.files() == {"fraud.onnx": _MODEL}


class _Corrupt(BaseHTTPRequestHandler):
    """Says of an object that it has another checksum than it has."""

    def do_GET(self) -> None:
        media = "alt=media" in self.path
        data = _MODEL if media else b'{"kind": "storage#object", "name": "m.onnx", "bucket": "models"}'
        self.send_response(200)
        self.send_header("Content-Type", "application/octet-stream" if media else "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.send_header("X-Goog-Hash", "crc32c=AAAAAA==,md5=AAAAAAAAAAAAAAAAAAAAAA==")
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing is told."""


def test_what_google_says_of_it(fetcher: Make) -> None:
    """Bytes that have not the checksum which the storage tells are refused in one line, without a digest too."""
    with HTTPServer(("127.0.0.1", 0), _Corrupt) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        endpoint = f"http://127.0.0.1:{server.server_port}"
        model = '{ format: onnx, uri: "gs://models/m.onnx", credentials: { storage: s } }'
        made = fetcher(model, f'[{{ name: s, type: gs, endpoint: "{endpoint}" }}]')
        said = made.run(code=5)
        server.shutdown()
    assert "checksum" in said.lower()
    assert made.files() == {}
