"""Images on the command line, as far as no engine is needed; `tests/e2e/image/test_registry.py` has one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from servespec.cli.imaging import doing
from servespec.edge.engine import NoEngine
from tests.answering_registry import Answering, Said, answering
from tests.projects import SPEC, servespec, write


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Answering]:
    """A registry without any image, on a machine without any engine."""

    def engine() -> None:
        raise NoEngine("there is no docker on the PATH")

    monkeypatch.setattr(doing, "_engine", engine)
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    with answering() as server:
        yield server


_DIGEST = f"sha256:{hashlib.sha256(b'weights').hexdigest()}"


def _spec(registry: Answering, *, digest: str = "") -> str:
    """A spec of an image in the registry, with a digest of the weights or without."""
    told = f"uri: ./model, digest: '{digest}'" if digest else "uri: ./model"
    return SPEC.replace("image: {", f"image: {{repository: '{registry.host}/ml/fraud', ").replace("uri: ./model", told)


def _project(folder: Path, registry: Answering) -> Path:
    project = write(folder, _spec(registry, digest=_DIGEST))
    assert servespec(project, "build").exit == 0
    return project


def _image(project: Path) -> tuple[str, str]:
    compose = yaml.safe_load((project / "deploy/fraud-detector/compose/compose.yaml").read_text())
    name, _, tag = str(compose["services"]["fraud-detector"]["image"]).rpartition(":")
    return name, tag


def _present(registry: Answering, project: Path) -> tuple[str, str]:
    """The name and the tag of the project's image, which the registry has from now on."""
    name, tag = _image(project)
    registry.says[f"/v2/ml/fraud/manifests/{tag}"] = Said(headers={"Docker-Content-Digest": "sha256:" + "a" * 64})
    return name, tag


@pytest.mark.parametrize("command", ["build", "push"])
def test_what_is_present_needs_no_engine(tmp_path: Path, registry: Answering, command: str) -> None:
    """What the registry has under the name that follows from its content is neither built nor pushed."""
    project = _project(tmp_path / "project", registry)
    name, tag = _present(registry, project)
    done = servespec(project, "image", command, "--if-absent", "--format=json")
    assert done.exit == 0
    assert json.loads(done.out)["images"] == [
        {
            "reference": f"{name}:{tag}",
            "state": "present",
            "workload": "realtime",
            "environment": None,
            "spec": "serving.yaml",
        }
    ]
    assert servespec(project, "image", command, "--if-absent").out == f"present {name}:{tag}\n"


@pytest.mark.parametrize("command", ["build", "push"])
def test_a_name_that_tells_nothing_of_weights(tmp_path: Path, registry: Answering, command: str) -> None:
    """An image whose tag does not follow its weights is not taken for the one that has this name, there or not: what to
    do is told, and a lock is enough."""
    project = write(tmp_path / "project", _spec(registry))
    assert servespec(project, "build").exit == 0
    _present(registry, project)
    done = servespec(project, "image", command, "--if-absent")
    assert (done.exit, done.out) == (1, "")
    assert "its tag does not follow model/weights.pt: run `servespec lock`" in done.err
    images = tmp_path / "images.yaml"
    images.write_text(f'"python:3.11-slim-bookworm": "sha256:{"1" * 64}"\n')
    assert servespec(project, "lock", f"--images={images}").exit == 0
    assert servespec(project, "build").exit == 0
    _present(registry, project)
    done = servespec(project, "image", command, "--if-absent")
    assert (done.exit, done.out.partition(" ")[0]) == (0, "present"), done.err


@pytest.mark.parametrize("command", ["build", "push"])
def test_other_weights_than_the_spec_says(tmp_path: Path, registry: Answering, command: str) -> None:
    """A model that was trained anew under the old `model.digest` is told of, with its own; where the weights are not
    here at all, the digest is enough to know the image by."""
    project = _project(tmp_path / "project", registry)
    _present(registry, project)
    weights = project / "model" / "weights.pt"
    weights.write_bytes(b"trained anew")
    assert servespec(project, "build", "--check").exit == 0
    done = servespec(project, "image", command, "--if-absent")
    assert (done.exit, done.out) == (1, "")
    found = hashlib.sha256(b"trained anew").hexdigest()
    assert f"model/weights.pt is not the file that `model.digest` names: it is sha256:{found}\n" in done.err
    weights.write_text(f"version https://git-lfs.github.com/spec/v1\noid {_DIGEST}\nsize 7\n")
    assert servespec(project, "image", command, "--if-absent").out.startswith("present ")


def test_pointers_in_place_of_files(tmp_path: Path, registry: Answering) -> None:
    """No image is built with a pointer of Git LFS in place of a file whose image the name says it is; one that is there
    need not be built."""
    project = _project(tmp_path / "project", registry)
    weights = project / "model" / "weights.pt"
    weights.write_text(f"version https://git-lfs.github.com/spec/v1\noid {_DIGEST}\nsize 7\n")
    done = servespec(project, "image", "build")
    assert (done.exit, done.out) == (1, "")
    assert "would hold Git LFS pointers in place of model/weights.pt: run `git lfs pull`\n" in done.err
    _present(registry, project)
    assert servespec(project, "image", "build", "--if-absent").out.startswith("present ")


@pytest.mark.parametrize("command", ["build", "push"])
def test_what_is_absent_needs_one(tmp_path: Path, registry: Answering, command: str) -> None:
    """What the registry does not have is a matter of the engine; that there is none is told, with the world's code."""
    done = servespec(_project(tmp_path / "project", registry), "image", command, "--if-absent")
    assert (done.exit, done.out) == (5, "")
    assert done.err.endswith("servespec: there is no docker on the PATH\n")


def test_a_registry_in_trouble(tmp_path: Path, registry: Answering) -> None:
    """A registry that can't say whether it has the image is not taken for one that has not."""
    project = _project(tmp_path / "project", registry)
    registry.says[f"/v2/ml/fraud/manifests/{_image(project)[1]}"] = Said(503)
    done = servespec(project, "image", "build", "--if-absent")
    assert done.exit == 5
    assert f"{registry.host} answers 503" in done.err


def test_a_name_for_this_machine(tmp_path: Path, registry: Answering) -> None:
    """An image whose name tells no registry is not pushed to somebody else's."""
    project = write(tmp_path / "project")
    assert servespec(project, "build").exit == 0
    done = servespec(project, "image", "push")
    assert done.exit == 1
    assert "`image.repository` says where it is kept" in done.err


def test_what_was_not_built(tmp_path: Path, registry: Answering) -> None:
    """An image is made from what was written and reviewed: without that, or when it is stale, the code is 3."""
    project = write(tmp_path / "project")
    assert servespec(project, "image", "build").exit == 3
    assert servespec(project, "build").exit == 0
    with (project / "serving.yaml").open("a") as spec:
        spec.write("owner: risk-ml\n")
    done = servespec(project, "image", "build")
    assert done.exit == 3
    assert "run `servespec build`" in done.err


def test_a_spec_with_errors(tmp_path: Path, registry: Answering) -> None:
    """Its findings are shown, and the images of the other specs are still seen to."""
    write(tmp_path / "bad", f"{SPEC}runtime: {{workers: two}}\n")
    project = _project(tmp_path / "good", registry)
    _present(registry, project)
    done = servespec(tmp_path, "image", "build", "--if-absent", "bad", "good")
    assert done.exit == 1
    assert "wrong-type" in done.err
    assert done.out.startswith("present ")
