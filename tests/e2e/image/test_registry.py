"""A lock and images against a real registry on loopback, with a real engine: digests pinned, built, pushed, found."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from servespec.edge.engine import Engine
from tests.e2e.image.registries import Registry

pytestmark = pytest.mark.e2e

_EXAMPLE = Path(__file__).parents[3] / "examples" / "05-tf-serving-fraud-detector"
_ORIGINAL = "python:3.11-slim-bookworm"
_BRIDGE = "servespec-e2e"


@dataclass(frozen=True)
class Project:
    """A project whose base image and whose own are in the registry."""

    folder: Path
    registry: Registry

    def servespec(self, *words: str) -> subprocess.CompletedProcess[str]:
        """One call of the command line."""
        command = [sys.executable, "-m", "servespec", *words]
        return subprocess.run(command, cwd=self.folder, capture_output=True, text=True, timeout=600)

    def done(self, *words: str) -> str:
        """What a call that succeeds prints."""
        done = self.servespec(*words)
        assert done.returncode == 0, f"{words}\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}"
        return done.stdout

    def states(self, *words: str) -> list[str]:
        """What became of each image, by the JSON of a command."""
        return [item["state"] for item in json.loads(self.done("image", *words, "--format=json"))["images"]]

    @property
    def image(self) -> str:
        """The name of its image."""
        compose = yaml.safe_load((self.folder / "deploy/fraud-detector/compose/compose.yaml").read_text())
        return str(compose["services"]["fraud-detector"]["image"])


def test_for_which_platform_an_image_is_here(tmp_path: Path) -> None:
    """One of another platform under the same name is none: nobody who takes it by that name could run it."""
    (tmp_path / "Dockerfile").write_text("FROM scratch\nLABEL servespec=e2e\n")
    engine = Engine()
    assert engine.build(["--platform=linux/arm64", "--tag=servespec-e2e-platform:1"], project=tmp_path)
    found = {name: engine.has("servespec-e2e-platform:1", name) for name in ("", "linux/arm64", "linux/amd64")}
    assert found == {"": True, "linux/arm64": True, "linux/amd64": False}


@pytest.fixture
def project(registry: Registry, tmp_path: Path) -> Iterator[Project]:
    """The example of a SavedModel, which is copied into an image and needs no package: its build takes seconds."""
    folder = tmp_path / "project"
    shutil.copytree(_EXAMPLE, folder, ignore=shutil.ignore_patterns("deploy"))
    names = f"image: {{base: '{registry.host}/python:3.11', repository: '{registry.host}/ml/fraud'}}\n"
    spec = folder / "serving.yaml"
    spec.write_text(spec.read_text() + names)
    registry.put("python:3.11", _ORIGINAL)
    made = Project(folder, registry)
    yield made
    if found := registry.docker("images", "--quiet", f"{registry.host}/ml/fraud"):
        registry.docker("image", "rm", "--force", *dict.fromkeys(found.split()))


def test_a_lock_pins_what_is_built(project: Project) -> None:
    """The digest of the lock is the registry's own; the image is built from it, also when the tag has moved on since,
    which only `lock --check` tells."""
    first = project.registry.put("python:3.11", _ORIGINAL)
    project.done("lock")
    locked: Any = yaml.safe_load((project.folder / "serving.lock").read_text())
    assert locked["images"] == {f"{project.registry.host}/python:3.11": first}
    project.done("build", "--locked")
    assert project.servespec("lock", "--check").returncode == 0
    second = project.registry.put("python:3.11", _another(project.registry))
    assert second != first
    assert project.states("build") == ["built"]
    old, new, made = map(project.registry.layers, (_ORIGINAL, _another(project.registry), project.image))
    assert made[: len(old)] == old
    assert made[len(old)] != new[len(old)]
    moved = project.servespec("lock", "--check")
    assert moved.returncode == 3
    assert f'+  "{project.registry.host}/python:3.11": "{second}"' in moved.stdout


@pytest.fixture
def mirrored_engine(registry: Registry) -> Iterator[str]:
    """The address of an engine of its own, without an image, whose mirror of Docker Hub is the registry:
    https://docs.docker.com/docker-hub/image-library/mirror/ (read 2026-11)."""
    with tempfile.TemporaryDirectory(prefix="servespec-", ignore_cleanup_errors=True) as folder:
        address = f"unix://{folder}/docker.sock"
        places = (f"--data-root={folder}/data", f"--exec-root={folder}/run", f"--pidfile={folder}/pid")
        # Of its own too: an engine that starts makes the bridge anew that others by default have.
        subprocess.run(["ip", "link", "add", _BRIDGE, "type", "bridge"], check=True)
        apart = (f"--bridge={_BRIDGE}", "--iptables=false")
        command = ["dockerd", f"--host={address}", f"--registry-mirror=http://{registry.host}", *places, *apart]
        with Path(folder, "log").open("wb") as log:
            process = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            for _ in range(300):
                if subprocess.run(["/usr/bin/docker", "--host", address, "info"], capture_output=True).returncode == 0:
                    break
                assert process.poll() is None, Path(folder, "log").read_text()[-2000:]
                time.sleep(0.1)
            yield address
        finally:
            process.terminate()
            process.wait(30)
            subprocess.run(["ip", "link", "delete", _BRIDGE], check=True)


def test_by_the_engines_own_mirror(
    registry: Registry, mirrored_engine: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is emitted runs unaltered where the engine has a mirror: the digest of the lock comes from there, and one that
    nobody has stops the build."""
    new = registry.layers(_another(registry))
    digest = registry.put(f"library/{_ORIGINAL}", _another(registry))
    monkeypatch.setenv("DOCKER_HOST", mirrored_engine)
    project = Project(tmp_path / "project", registry)
    shutil.copytree(_EXAMPLE, project.folder, ignore=shutil.ignore_patterns("deploy"))
    spec, given = project.folder / "serving.yaml", tmp_path / "digests.yaml"
    spec.write_text(spec.read_text() + f"image: {{base: {_ORIGINAL}, repository: '{registry.host}/ml/mirrored'}}\n")
    for known, code in ((f"sha256:{'0' * 64}", 5), (digest, 0)):
        given.write_text(f"{_ORIGINAL}: {known}\n")
        project.done("lock", "--images", str(given))
        project.done("build", "--locked")
        dockerfile = (project.folder / "deploy/fraud-detector/docker/Dockerfile").read_text()
        assert f"FROM {_ORIGINAL}@{known}" in dockerfile
        built = project.servespec("image", "build")
        assert built.returncode == code, built.stderr[-4000:]
    assert registry.layers(project.image)[: len(new)] == new
    assert f"/v2/library/python/manifests/{digest}" in registry.log.read_text()


def _another(registry: Registry) -> str:
    """An image with one more layer."""
    name = f"{registry.host}/another"
    made = subprocess.run(
        ["/usr/bin/docker", "build", "--quiet", "--tag", name, "-"],
        input=f"FROM {_ORIGINAL}\nRUN touch /another\n", env={"DOCKER_BUILDKIT": "1", "PATH": "/usr/bin:/bin"},
        capture_output=True, text=True,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    return name


def test_only_what_is_absent(project: Project) -> None:
    """An image is absent, then built, then here; pushed, then present, and not even looked for in the engine."""
    project.done("lock")
    project.done("build")
    missing = project.servespec("image", "push", "--if-absent")
    assert missing.returncode == 5
    assert "is not in the engine" in missing.stderr
    assert project.states("build", "--if-absent") == ["built"]
    assert project.states("build", "--if-absent") == ["here"]
    assert project.states("push", "--if-absent") == ["pushed"]
    assert project.states("push", "--if-absent") == ["present"]
    project.registry.docker("image", "rm", project.image)
    assert project.states("build", "--if-absent") == ["present"]
    assert project.states("push", "--if-absent") == ["present"]
    project.registry.docker("pull", "--quiet", project.image)


def test_a_byte_is_found_where_the_image_is_built(project: Project) -> None:
    """Changed behind servespec's back, the model stops the build of the image, which names the file."""
    project.done("lock")
    project.done("build")
    path = project.folder / "model" / "1" / "variables" / "variables.index"
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    refused = project.servespec("image", "build")
    assert refused.returncode == 1
    assert "error[changed-model]: `model/1/variables/variables.index`"[:40] in refused.stderr
    built = subprocess.run(
        ["/usr/bin/docker", "build", "--file=deploy/fraud-detector/docker/Dockerfile", "."],
        cwd=project.folder, env={"DOCKER_BUILDKIT": "1", "PATH": "/usr/bin:/bin"}, capture_output=True, text=True,
    )  # fmt: skip
    assert built.returncode != 0
    assert "variables/variables.index is not the file that was locked" in built.stderr


def test_nothing_stale_is_built(project: Project) -> None:
    """An image is built from what was reviewed: when that is not what the spec says today, nothing is done."""
    project.done("lock")
    assert project.servespec("image", "build").returncode == 3
    project.done("build")
    with (project.folder / "serving.yaml").open("a") as spec:
        spec.write("security: {runAsUser: 20001}\n")
    done = project.servespec("image", "build")
    assert done.returncode == 3
    assert "run `servespec build`" in done.stderr
