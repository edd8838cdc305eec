"""Every example, locked: nothing that it is compiled to names an image of others by its tag alone."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from servespec.cli.find import find
from servespec.cli.work import analyse
from servespec.edge import storage
from servespec.edge.web import Stored
from servespec.pipeline.images import images_of
from tests.projects import picture, servespec

_EXAMPLES = Path(__file__).parents[2] / "examples"
_NAMES = sorted(path.parent.name for path in _EXAMPLES.glob("*/serving.yaml"))
_DIGEST = "sha256:" + "5" * 64
_FROM = re.compile(r"^FROM (\S+)", re.MULTILINE)


@pytest.fixture
def example(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of an example, locked with a made-up digest for every image that it asks for; what lies in a storage
    is made up too."""
    digest = re.search(r"sha256:[0-9a-f]{64}", (_EXAMPLES / request.param / "serving.yaml").read_text())
    stored = {"model": Stored(digest[0] if digest else _DIGEST, 1)}
    monkeypatch.setattr(storage, "files_at", lambda address, way: stored)
    folder = tmp_path / "example"
    shutil.copytree(_EXAMPLES / request.param, folder, ignore=shutil.ignore_patterns("deploy"))
    analyses = analyse(find([str(folder / "serving.yaml")])[0]).analyses
    names = {name for analysis in analyses.sound for name in images_of(analysis)}
    (tmp_path / "images.yaml").write_text("".join(f'"{name}": "{_DIGEST}"\n' for name in sorted(names)) or "{}\n")
    done = servespec(folder, "lock", f"--images={tmp_path / 'images.yaml'}")
    assert done.exit == 0, done.err
    return folder


def _images(value: Any) -> Iterator[str]:
    """The images that an emitted document names, wherever that is."""
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _images(item)
    if isinstance(value, dict):
        named = (text for key, text in value.items() if key == "image" or key.endswith("Image"))
        yield from (text for text in named if isinstance(text, str))


def _named(folder: Path) -> Iterator[str]:
    for path in folder.rglob("*"):
        if path.name.endswith("Dockerfile"):
            yield from _FROM.findall(path.read_text())
        elif path.suffix == ".yaml":
            for document in yaml.safe_load_all(path.read_text()):
                yield from _images(document)


@pytest.mark.parametrize("example", _NAMES, indirect=True)
def test_every_image_is_pinned(example: Path) -> None:
    """Each image in each Dockerfile and manifest is one of the spec's own, or named by the digest of the lock."""
    done = servespec(example, "build", "--locked")
    assert done.exit == 0, done.err
    deployments = [analysis.deployment for analysis in analyse(find([str(example / "serving.yaml")])[0]).analyses.each]
    own = {deployment.image.repository for deployment in deployments if deployment}
    others = {name for name in _named(example / "deploy") if name.partition(":")[0] not in own}
    assert others or not list(example.glob("deploy/*/docker"))
    assert {name for name in others if not name.endswith(f"@{_DIGEST}")} == set()


def test_the_example_of_a_lock(tmp_path: Path) -> None:
    """The commands of its README find the committed lock and output as they are; when only the facts about a server have
    changed, the first of them writes it anew (`SERVESPEC_UPDATE_GOLDENS=1` does, too)."""
    source = _EXAMPLES / "22-locked-onnx"
    folder = tmp_path / "example"
    shutil.copytree(source, folder)
    commands = re.findall(r"^servespec (.*?) *(?:#.*)?$", (source / "README.md").read_text(), re.MULTILINE)
    assert len(commands) == 3
    for command in commands:
        done = servespec(folder, *command.split())
        assert done.exit == 0, done.err
    if os.environ.get("SERVESPEC_UPDATE_GOLDENS") == "1":
        shutil.copyfile(folder / "serving.lock", source / "serving.lock")
    assert picture(folder) == picture(source), "SERVESPEC_UPDATE_GOLDENS=1 writes the lock of the example anew"
