"""What a container says of its paths, said for this machine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from servespec.deployment.images import ImageReference
from servespec.deployment.types import Deployment
from servespec.running.compiled import Compiled
from servespec.running.folder import RunFolder
from servespec.running.place import Missing, Place, environment
from servespec.targets.container import BuiltImage, Container
from tests.projects import SPEC, analyse, write

_PLACE = Place({"/srv/model": "/home/me/root/srv/model", "/srv/model/cache": "/tmp/0", "/opt/venv": "/envs/x"})


@pytest.mark.parametrize(
    ("there", "here"),
    [
        ("/srv/model", "/home/me/root/srv/model"),
        ("/srv/model/a.bin", "/home/me/root/srv/model/a.bin"),
        ("/srv/model/cache/b", "/tmp/0/b"),
        ("/srv/model/cached", "/home/me/root/srv/model/cached"),
        ("/srv/models", "/srv/models"),
        ("/srv/model-2", "/srv/model-2"),
        ("/data/srv/model", "/data/srv/model"),
        ("--config=/srv/model/c,/opt/venv/d", "--config=/home/me/root/srv/model/c,/envs/x/d"),
        ("file:///srv/model/.*", "file:///home/me/root/srv/model/.*"),
        ("/opt/venv/bin:/usr/bin", "/envs/x/bin:/usr/bin"),
        ("http://0.0.0.0:8080", "http://127.0.0.1:8080"),
        ("plain", "plain"),
    ],
)
def test_paths(there: str, here: str) -> None:
    """A whole path that was moved is found wherever it stands, the longest first; one that only looks alike stays."""
    assert _PLACE.text(there) == here


def _environment(tmp_path: Path, *, spec: str = "", user: dict[str, str], **more: Any) -> dict[str, str]:
    deployment = analyse(write(tmp_path, SPEC + spec)).deployment
    assert isinstance(deployment, Deployment)
    given = {
        "env": {"PATH": ("/opt/venv/bin:/usr/local/bin", "x"), "HOME": ("/srv/model/cache", "x"), "A": ("image", "x")},
        "host_env": {"STORE": "{home}/store"},
    }
    container = Container(
        "s", (), "/srv/model", (), entrypoint=(), health=(), ports=(), stop_seconds=1, why="x", **given
    )  # type: ignore[arg-type]
    image = BuiltImage(container, ImageReference("s", "1"))
    compiled = Compiled(deployment, {"realtime": image}, Path("/p"), RunFolder(Path("/p/run")))
    return environment(compiled, _PLACE, user=user)


def test_variables(tmp_path: Path) -> None:
    """The image's with its paths as they are here; of the user's only what programs need to start; the spec's own last."""
    spec = "runtime: {env: {A: spec, P: /srv/model}}\n"
    user = {
        "PATH": "/usr/bin",
        "HOME": "/home/me",
        "JAVA_HOME": "/java",
        "AWS_SECRET_ACCESS_KEY": "x",
        "PYTHONPATH": "y",
    }
    assert _environment(tmp_path, spec=spec, user=user) == {
        "PATH": "/envs/x/bin:/usr/bin",
        "HOME": "/tmp/0",
        "JAVA_HOME": "/java",
        "STORE": "/p/run/emitted/s/store",
        "A": "spec",
        "P": "/srv/model",
    }


def test_a_secret_that_is_not_set(tmp_path: Path) -> None:
    """The variable is named, and who reads it; what is in it is never part of a message."""
    spec = "secrets: [{name: s, keys: [k]}]\nruntime: {env: {A: {secret: s, key: k}}}\n"
    with pytest.raises(Missing, match="S__K is not set: A is the key k of the secret s"):
        _environment(tmp_path, spec=spec, user={"PATH": ""})
    assert _environment(tmp_path, spec=spec, user={"PATH": "", "S__K": "v"})["A"] == "v"
