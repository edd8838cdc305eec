"""Readers of whole files: pip, of requirements; zipfile, by which TorchServe reads an archive; both YAMLs, of a job.

Some of what `emit/` writes has none here. Ignore files and flags of a Dockerfile are read as they should be by an
engine alone, in `tests/e2e`; an expression of GitHub by GitHub; and Markdown by no library that is installed: there a
text is a span of code, or refused.
"""

from __future__ import annotations

import io
import json
import sys
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

import yaml as pyyaml
from ruamel.yaml import YAML

from servespec.emit import jobs, requirements, zip
from servespec.emit.quoted import Unwritable
from servespec.emit.shape import encodable
from trust.readers.reading import Reader, said

# pip is a program and no library, so that it gets a process of its own.
_PIP = """
import json, sys
from pip._internal.network.session import PipSession
from pip._internal.req import parse_requirements
found = parse_requirements(sys.argv[1], session=PipSession())
print(json.dumps([item.requirement if not (item.is_editable or item.options) else None for item in found]))
"""


def _requirement(text: str) -> str:
    """A line; blanks around it would be lost on the way."""
    if text != text.strip():
        raise Unwritable(f"{text!r} comes back without its blanks")
    return requirements.dump([requirements.parse(text)]).text


def _pip(written: Sequence[str]) -> Sequence[object]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "requirements.txt")
        path.write_text("".join(written))
        found: list[object] = json.loads(said(sys.executable, "-c", _PIP, path))
        return found


def _archive(text: str) -> str:
    """An archive of a file with that name and content, a character for each byte."""
    if "\0" in text:
        raise Unwritable("no file has such a name")
    data = encodable(text).encode()
    return b"".join(zip.stored([zip.Entry(text, lambda: iter([data]))])).decode("latin-1")


def _zipfile(written: Sequence[str]) -> Sequence[object]:
    archives = (zipfile.ZipFile(io.BytesIO(text.encode("latin-1"))) for text in written)
    found = [(name, archive.read(name).decode()) for archive in archives for name in archive.namelist()]
    return [name if name == content else (name, content) for name, content in found]


def _job(text: str) -> str:
    return f"a: {jobs.scalar(text).text}\n"


READERS = (
    Reader("pip", _requirement, _pip),
    Reader("zipfile", _archive, _zipfile),
    Reader(
        "ruamel.yaml, of a job", _job, lambda written: [YAML(typ="safe", pure=True).load(text)["a"] for text in written]
    ),
    Reader("PyYAML, of a job", _job, lambda written: [pyyaml.safe_load(text)["a"] for text in written]),
)
