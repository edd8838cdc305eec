"""Files of a storage, as far as no signature is checked; `tests/e2e/test_lock_storage.py` has a server that does."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256

import pytest

from servespec.edge.storage import files_at
from servespec.edge.web import Unanswered
from tests.answering_registry import Answering, Said, answering

_PAGE = '<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">{keys}{more}</ListBucketResult>'


@pytest.fixture
def storage(monkeypatch: pytest.MonkeyPatch) -> Iterator[Answering]:
    """A storage that anybody may read."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_ENDPOINT_URL_S3"):
        monkeypatch.delenv(name, raising=False)
    with answering() as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://{server.host}")
        yield server


def _page(*keys: str, more: str = "") -> Said:
    listed = "".join(f"<Contents><Key>{key}</Key></Contents>" for key in keys)
    token = f"<NextContinuationToken>{more}</NextContinuationToken>" if more else ""
    return Said(body=_PAGE.format(keys=listed, more=token).encode())


def test_a_folder_in_pages(storage: Answering) -> None:
    """All pages of a listing are read; what is listed and is not in the folder, or is no file, is left out."""
    storage.says["/models/?list-type=2&prefix=fraud"] = _page("fraud/", "fraud/a.bin", "fraud-two/a.bin", more="n+1")
    storage.says["/models/?continuation-token=n+1&list-type=2&prefix=fraud"] = _page("fraud/b/c.bin")
    storage.says["/models/fraud/a.bin"], storage.says["/models/fraud/b/c.bin"] = Said(body=b"a"), Said(body=b"bc")
    found = files_at("s3://models/fraud/")
    assert {path: (item.digest, item.size) for path, item in found.items()} == {
        "a.bin": (f"sha256:{sha256(b'a').hexdigest()}", 1),
        "b/c.bin": (f"sha256:{sha256(b'bc').hexdigest()}", 2),
    }


def test_a_lone_file(storage: Answering) -> None:
    """An object that the address itself is has its own name."""
    storage.says["/models/?list-type=2&prefix=fraud/model.onnx"] = _page("fraud/model.onnx")
    storage.says["/models/fraud/model.onnx"] = Said(body=b"onnx")
    assert list(files_at("s3://models/fraud/model.onnx")) == ["model.onnx"]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (_page(), "s3://models/fraud holds nothing"),
        (Said(403), "answers 403"),
        (Said(body=b"<html>"), "does not speak as S3 does"),
    ],
)
def test_no_answer(storage: Answering, said: Said, words: str) -> None:
    """A folder without objects, a refusal, and what is no listing are sentences."""
    storage.says["/models/?list-type=2&prefix=fraud"] = said
    with pytest.raises(Unanswered, match=words):
        files_at("s3://models/fraud")


def test_cut_off(storage: Answering) -> None:
    """A download that ends too early has no digest."""
    storage.says["/models/fraud.onnx"] = Said(body=b"half", headers={"Content-Length": "8"})
    with pytest.raises(Unanswered, match="stopped in the middle"):
        files_at(f"http://{storage.host}/models/fraud.onnx")


def test_another_scheme() -> None:
    """What can't be read here says how it is locked all the same."""
    with pytest.raises(Unanswered, match=r"gs:// can't be read here; .* `model.digest`"):
        files_at("gs://models/fraud")
