"""The program that fetches, run as in its container, with a storage that is not ours beside the others."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from servespec.emit import template

# Puts what STORED says into the folder, and what certificates it was given beside it.
_SOURCE = """\
import json, os, pathlib


def download(address, folder):
    for path, text in json.loads(os.environ["STORED"]).items():
        place = pathlib.Path(folder, path)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    if "CA_CERTIFICATES" in os.environ:
        pathlib.Path(folder, "certificates").write_bytes(pathlib.Path(os.environ["SSL_CERT_FILE"]).read_bytes())
"""

Fetch = Callable[..., str]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The volume, which lasts from one fetch to the next."""
    found = tmp_path / "volume"
    found.mkdir()
    return found


@pytest.fixture
def fetch(tmp_path: Path, folder: Path) -> Fetch:
    """Runs the program when the storage has these files; what it says."""
    program = tmp_path / "program"
    (program / "sources").mkdir(parents=True)
    for path in ("fetch.py", "sources/__init__.py", "sources/failure.py"):
        (program / path).write_text(template.render(f"fetch/{path}", {}).text)
    (program / "sources" / "stored.py").write_text(_SOURCE)

    def run(stored: dict[str, str], *words: str, **environment: str) -> str:
        command = [sys.executable, str(program / "fetch.py"), "stored://model", str(folder), *words]
        given = {**os.environ, "STORED": json.dumps(stored), "TMPDIR": str(tmp_path), **environment}
        done = subprocess.run(command, env=given, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


def _tree(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def test_a_version_that_was_taken_away(fetch: Fetch, folder: Path) -> None:
    """Not even its folder stays: TF Serving would serve the highest number, and find nothing in it."""
    fetch({"3/saved_model.pb": "old", "3/variables/data": "old"})
    assert "fetched: 1 file," in fetch({"2/saved_model.pb": "new"})
    assert _tree(folder) == ["2", "2/saved_model.pb"]


def test_an_empty_folder_beside_what_is_there_already(fetch: Fetch, folder: Path) -> None:
    """One that an earlier version of this program left goes too, though nothing has to be fetched."""
    stored = {"2/saved_model.pb": "new"}
    digest = f"--sha256={hashlib.sha256(b'new').hexdigest()}:2/saved_model.pb"
    fetch(stored, digest)
    (folder / "3" / "variables").mkdir(parents=True)
    assert "is there already" in fetch(stored, digest)
    assert _tree(folder) == ["2", "2/saved_model.pb"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"a": "1", "model": "old"}, {"a": "2", "model/b": "new"}),
        ({"a": "1", "model/b": "old", "model/c/d": "old"}, {"a": "2", "model": "new"}),
    ],
)
def test_a_file_where_a_folder_was(fetch: Fetch, folder: Path, before: dict[str, str], after: dict[str, str]) -> None:
    """Or the reverse: the one makes room for the other."""
    fetch(before)
    fetch(after)
    there = {path: (folder / path).read_text() for path in _tree(folder) if (folder / path).is_file()}
    assert there == after


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_certificates_with_a_comment(fetch: Fetch, folder: Path, encoding: str) -> None:
    """Whatever language the comments of a certificate file are in."""
    words = "# Tan\u00fas\u00edtv\u00e1ny\n-----BEGIN CERTIFICATE-----".encode(encoding)
    fetch({"m.onnx": "x"}, CA_CERTIFICATES=os.fsdecode(words))
    assert (folder / "certificates").read_bytes() == words
