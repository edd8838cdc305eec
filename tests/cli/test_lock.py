"""The lock on the command line: what it holds, what rests on it, and that nothing of it can be changed unnoticed."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.answering_registry import Answering, Said, answering
from tests.projects import FILES, HEAD, picture, servespec, write

_BASE = "python:3.11-slim-bookworm"
_SUPPRESSED = "suppress: [{rule: runtime-end-of-life, reason: known}]\n"
_SPEC = HEAD + "model: {format: pytorch, uri: ./model}\nimage: {requirements: requirements.txt}\n" + _SUPPRESSED


def _digest(data: bytes) -> str:
    return f"sha256:{sha256(data).hexdigest()}"


_FIRST, _SECOND = _digest(b"first"), _digest(b"second")
_REQUIREMENTS = str(FILES["requirements.txt"]).encode()


@pytest.fixture
def images(tmp_path: Path) -> Path:
    """A map from the one base image to a digest."""
    path = tmp_path / "images.yaml"
    path.write_text(f'"{_BASE}": "{_FIRST}"\n')
    return path


@pytest.fixture
def locked(tmp_path: Path, images: Path) -> Path:
    """A project with a lock of all that it names."""
    project = write(tmp_path / "project", _SPEC)
    done = servespec(project, "lock", f"--images={images}")
    assert (done.exit, done.err) == (0, "wrote serving.lock\n")
    return project


def _lock(project: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((project / "serving.lock").read_text())
    return found


def test_what_it_holds(locked: Path) -> None:
    """The base image, the requirements and the weights by their digests, and which facts were known; no time, no host,
    and none of the code, which is read at each build."""
    found = _lock(locked)
    assert re.fullmatch("[0-9a-f]{12}", found["facts"].pop("torchserve"))
    assert found == {
        "version": 1,
        "facts": {},
        "images": {_BASE: _FIRST},
        "requirements": {"requirements.txt": _digest((locked / "requirements.txt").read_bytes())},
        "models": {"model": {"files": {"weights.pt": {"digest": _digest(b"weights"), "size": 7}}}},
    }


def test_the_same_again(locked: Path, images: Path) -> None:
    """The same answers make the same bytes, and `--check` says so."""
    before = (locked / "serving.lock").read_bytes()
    assert servespec(locked, "lock", f"--images={images}").err == "serving.lock is up to date\n"
    assert servespec(locked, "lock", "--check", f"--images={images}").exit == 0
    assert (locked / "serving.lock").read_bytes() == before


def test_what_is_not_used_any_more(locked: Path) -> None:
    """An image that is only in the lock is told at its line there."""
    lock = locked / "serving.lock"
    lock.write_text(lock.read_text().replace("images:\n", f'images:\n  "debian:12": "{_SECOND}"\n'))
    done = servespec(locked, "build", "--locked")
    assert done.exit == 1
    assert "error[stale-lock]: nothing uses `debian:12` any more\n --> serving.lock:6:3" in done.err


def test_what_has_moved(locked: Path, images: Path) -> None:
    """`--check` shows what a tag means now, changes nothing, and exits with 3."""
    before = picture(locked)
    images.write_text(f'"{_BASE}": "{_SECOND}"\n')
    done = servespec(locked, "lock", "--check", f"--images={images}")
    assert done.exit == 3
    assert f'-  "{_BASE}": "{_FIRST}"\n+  "{_BASE}": "{_SECOND}"\n' in done.out
    assert picture(locked) == before


def test_a_build_rests_on_it(locked: Path) -> None:
    """Every image that others made is named by its digest, and the weights' digest is compared where they are packed."""
    assert servespec(locked, "build", "--locked", "--strict").exit == 0
    docker = (locked / "deploy/fraud-detector/docker/Dockerfile").read_text()
    bases = re.findall("^FROM (\\S+)", docker, re.MULTILINE)
    assert set(bases) == {f"{_BASE}@{_FIRST}"}
    assert _digest(b"weights").removeprefix("sha256:") in docker
    assert "does not follow the weights" not in servespec(locked, "build", "--summary", "--force").out


def test_the_tag_follows(locked: Path, images: Path) -> None:
    """Another base image or other weights make another image, under another name."""
    tags = [_tag(locked)]
    images.write_text(f'"{_BASE}": "{_SECOND}"\n')
    tags.append(_tag(locked, images))
    (locked / "model" / "weights.pt").write_bytes(b"other weights")
    tags.append(_tag(locked, images))
    assert len(set(tags)) == 3


def _tag(project: Path, images: Path | None = None) -> str:
    if images is not None:
        assert servespec(project, "lock", f"--images={images}").exit == 0
    assert servespec(project, "build", "--locked").exit == 0
    compose = yaml.safe_load((project / "deploy/fraud-detector/compose/compose.yaml").read_text())
    return str(compose["services"]["fraud-detector"]["image"])


def test_rolling_back_is_reverting_the_lock(locked: Path, images: Path) -> None:
    """With the lock as it was, and the weights that it names, every file is what it was."""
    assert servespec(locked, "build", "--locked").exit == 0
    before = picture(locked)
    (locked / "model" / "weights.pt").write_bytes(b"worse weights")
    images.write_text(f'"{_BASE}": "{_SECOND}"\n')
    assert servespec(locked, "lock", f"--images={images}").exit == 0
    assert servespec(locked, "build", "--locked").exit == 0
    assert picture(locked / "deploy") != {name: data for name, data in before.items() if name.startswith("deploy")}
    (locked / "serving.lock").write_bytes(before["serving.lock"])
    done = servespec(locked, "build", "--locked")
    assert done.exit == 1
    assert "error[changed-model]: `model/weights.pt` is not the file that was locked" in done.err
    (locked / "model" / "weights.pt").write_bytes(before["model/weights.pt"])
    assert servespec(locked, "build", "--locked").exit == 0
    assert picture(locked) == before


def _edit(path: str, old: str, new: str) -> Callable[[Path], object]:
    def change(project: Path) -> None:
        text = (project / path).read_text()
        assert old in text
        (project / path).write_text(text.replace(old, new))

    return change


_TAMPERED: dict[str, tuple[Callable[[Path], object], str]] = {
    "a byte of the model": (lambda p: (p / "model/weights.pt").write_bytes(b"weightz"), "changed-model"),
    "its digest": (_edit("serving.lock", _digest(b"weights"), _SECOND), "changed-model"),
    "its name": (_edit("serving.lock", "weights.pt:", "other.pt:"), "changed-model"),
    "no model": (_edit("serving.lock", "  model:\n", "  another:\n"), "not-locked"),
    "no file": (lambda p: (p / "model/weights.pt").unlink(), "missing-weights"),
    "a pointer": (
        lambda p: (p / "model/weights.pt").write_text(
            f"version https://git-lfs.github.com/spec/v1\noid {_digest(b'weights')}\nsize 7\n"
        ),
        "lfs-pointer",
    ),
    "requirements": (lambda p: (p / "requirements.txt").write_text("torch==2.13.0\nnumpy==2.2.1\n"), "stale-lock"),
    "their digest": (_edit("serving.lock", _digest(_REQUIREMENTS), _SECOND), "stale-lock"),
    "their name": (_edit("serving.lock", "requirements.txt:", "others.txt:"), "not-locked"),
    "facts": (_edit("serving.lock", "torchserve: ", "torchserve: x"), "stale-lock"),
    "another base": (_edit("serving.yaml", "image: {", 'image: {base: "python:3.11-slim", '), "not-locked"),
    "no image": (_edit("serving.lock", f'"{_BASE}"', '"python:3.12-slim"'), "not-locked"),
    "half a digest": (_edit("serving.lock", _FIRST, _FIRST[:-1]), "wrong-type"),
    "a tag for a digest": (_edit("serving.lock", _FIRST, "latest"), "wrong-type"),
    "a conflict": (_edit("serving.lock", "images:\n", "<<<<<<< mine\nimages:\n"), "merge-conflict"),
    "no lock": (lambda p: (p / "serving.lock").unlink(), "missing-lock"),
}


@pytest.mark.parametrize("link", _TAMPERED)
def test_tampering(locked: Path, link: str) -> None:
    """With `--locked` a change of any link is an error with a code, and nothing is written."""
    tamper, code = _TAMPERED[link]
    tamper(locked)
    before = picture(locked)
    done = servespec(locked, "build", "--locked")
    assert done.exit == 1
    assert f"error[{code}]" in done.err
    assert servespec(locked, "validate", "--locked").exit == 1
    assert picture(locked) == before


@pytest.mark.parametrize("link", ["requirements", "facts", "no image", "another base", "no model", "no lock"])
def test_without_asking_for_it(locked: Path, link: str) -> None:
    """Without `--locked` what is only out of date is a warning that says what to run, and the build goes on."""
    tamper, code = _TAMPERED[link]
    tamper(locked)
    done = servespec(locked, "build")
    assert done.exit == 0
    assert "error" not in done.err
    assert (f"warning[{code}]" in done.err and "servespec lock" in done.err) or link == "no lock"


@pytest.mark.parametrize(("old", "new"), [(_FIRST, _SECOND), ("size: 7", "size: 8")], ids=["base", "size"])
def test_what_only_a_look_tells(locked: Path, images: Path, old: str, new: str) -> None:
    """The digest of an image is whatever the lock has, and of a file its digest decides, not its size: a build goes by
    what is written there, and `--check` shows both, that and what it is now."""
    _edit("serving.lock", old, new)(locked)
    before = picture(locked)
    done = servespec(locked, "lock", "--check", f"--images={images}")
    assert done.exit == 3
    assert re.search(f"^-.*{new}.*\n\\+.*{old}", done.out, re.MULTILINE)
    assert picture(locked) == before
    assert servespec(locked, "build", "--locked").exit == 0
    docker = (locked / "deploy/fraud-detector/docker/Dockerfile").read_text()
    assert f"FROM {_BASE}@{_SECOND if new == _SECOND else _FIRST}" in docker


def test_a_pointer_tells_its_digest(locked: Path) -> None:
    """Of a Git LFS pointer it is known which file it stands for: another one than was locked is an error at once."""
    for data, exit_ in ((b"weights", 0), (b"others", 1)):
        pointer = f"version https://git-lfs.github.com/spec/v1\noid {_digest(data)}\nsize 7\n"
        (locked / "model" / "weights.pt").write_text(pointer)
        assert servespec(locked, "validate").exit == exit_


def test_all_that_is_missing_at_once(tmp_path: Path, images: Path) -> None:
    """Every question without an answer is told in one run, nothing is written, and the code is that of the world."""
    project = write(tmp_path / "project", _SPEC.replace("./model}", "./model, digest: " + _SECOND + "}"))
    images.write_text("{}\n")
    done = servespec(project, "lock", f"--images={images}")
    assert done.exit == 5
    assert f"{images} has no digest of {_BASE}" in done.err
    assert "no file of model has the `model.digest` of the spec" in done.err
    assert not (project / "serving.lock").exists()


@pytest.mark.parametrize("text", ["[]", "python: latest", "python: 3", "a: b: c"])
def test_no_map(locked: Path, images: Path, text: str) -> None:
    """What is no map of images to digests is refused before anything is asked."""
    images.write_text(text)
    done = servespec(locked, "lock", f"--images={images}")
    assert done.exit == 2
    assert str(images) in done.err


def test_weights_are_asked_for(tmp_path: Path, images: Path) -> None:
    """Without the weights there is nothing to lock: that is an error at its line, where `validate` only warns."""
    project = write(tmp_path / "project", _SPEC)
    (project / "model" / "weights.pt").unlink()
    assert servespec(project, "validate").exit == 0
    done = servespec(project, "lock", f"--images={images}")
    assert done.exit == 1
    assert "error[missing-weights]" in done.err
    assert not (project / "serving.lock").exists()


def test_an_environment_alone(tmp_path: Path, images: Path) -> None:
    """With `-e` the others stay as they were locked; a lock of them that can't be read is not thrown away."""
    project = write(tmp_path / "project", _SPEC + "environments: {staging: {}, production: {}}\n")
    assert servespec(project, "lock", f"--images={images}").exit == 0
    images.write_text(f'"{_BASE}": "{_SECOND}"\n')
    assert servespec(project, "lock", "-e", "staging", f"--images={images}").exit == 0
    parts = _lock(project)["environments"]
    assert {name: part["images"][_BASE] for name, part in parts.items()} == {"production": _FIRST, "staging": _SECOND}
    assert servespec(project, "build", "--locked").exit == 0
    bases = [(project / f"deploy/fraud-detector/{name}/docker/Dockerfile").read_text() for name in sorted(parts)]
    assert [_FIRST in bases[0], _SECOND in bases[1]] == [True, True]
    (project / "serving.lock").write_text("version: two\n")
    done = servespec(project, "lock", "-e", "staging", f"--images={images}")
    assert done.exit == 2
    assert "without -e it is made anew" in done.err


@pytest.mark.parametrize("more", ["", "environments: {staging: {}}\n"])
def test_an_environment_of_others_alone(tmp_path: Path, images: Path, more: str) -> None:
    """With `-e` the lock of a spec that has no such environment stays as it is, and is up to date; none is begun."""
    write(tmp_path / "other", _SPEC + "environments: {production: {}}\n")
    write(tmp_path / "one", _SPEC + more)
    assert servespec(tmp_path, "lock", "one", f"--images={images}").exit == 0
    before = picture(tmp_path / "one")
    write(tmp_path / "new", _SPEC + more)
    specs = ("one", "other", "new")
    done = servespec(tmp_path, "lock", "-e", "production", f"--images={images}", *specs)
    assert (done.exit, done.err) == (0, "wrote other/serving.lock\n")
    assert picture(tmp_path / "one") == before
    assert not (tmp_path / "new" / "serving.lock").exists()
    assert servespec(tmp_path, "lock", "--check", "-e", "production", f"--images={images}", *specs).exit == 0


def test_a_lock_that_can_not_be_written(tmp_path: Path, images: Path) -> None:
    """It is told, and the others are locked all the same."""
    for name in ("a", "b"):
        write(tmp_path / name, _SPEC)
    (tmp_path / "a" / "serving.lock").mkdir()
    done = servespec(tmp_path, "lock", "a", "b", f"--images={images}")
    assert done.exit == 5
    assert "servespec: Is a directory: " in done.err
    assert done.err.endswith("wrote b/serving.lock\n")


def test_an_environment_that_nobody_has(locked: Path, images: Path) -> None:
    """It is told before anything is written."""
    before = picture(locked)
    done = servespec(locked, "lock", "-e", "production", f"--images={images}")
    assert done.exit == 2
    assert "there is no environment `production`" in done.err
    assert picture(locked) == before


@pytest.mark.parametrize("left", ["environments: {staging: {}}\n", ""])
def test_an_environment_that_is_gone(tmp_path: Path, images: Path, left: str) -> None:
    """What the lock says of it is told at its line, as `lock --check` says that another lock would be written."""
    project = write(tmp_path / "project", _SPEC + "environments: {staging: {}, production: {}}\n")
    assert servespec(project, "lock", f"--images={images}").exit == 0
    write(project, _SPEC + left, files={})
    assert servespec(project, "lock", "--check", f"--images={images}").exit == 3
    done = servespec(project, "validate", "--locked")
    assert done.exit == 1
    assert "error[stale-lock]: there is no environment `production` any more\n" in done.out
    assert servespec(project, "lock", f"--images={images}").exit == 0
    assert servespec(project, "validate", "--locked").exit == 0


def test_an_environment_s_part_alone(tmp_path: Path, images: Path) -> None:
    """What was changed in the part of one environment is told at its line there, and the others are built."""
    project = write(tmp_path / "project", _SPEC + "environments: {staging: {}, production: {}}\n")
    assert servespec(project, "lock", f"--images={images}").exit == 0
    lock = project / "serving.lock"
    whole, staging = lock.read_text(), lock.read_text().index("  staging:\n")
    assert whole[:staging].count(_digest(_REQUIREMENTS)) == 1
    lock.write_text(whole[:staging] + whole[staging:].replace(_digest(_REQUIREMENTS), _SECOND))
    number = lock.read_text()[: lock.read_text().index(_SECOND)].count("\n") + 1
    done = servespec(project, "validate", "--locked")
    assert done.exit == 1
    assert done.out.count("error[stale-lock]") == 1
    assert f"serving.lock:{number}:" in done.out
    assert servespec(project, "build", "--locked", "-e", "staging").exit == 1
    assert servespec(project, "build", "--locked", "-e", "production").exit == 0


@pytest.fixture
def tracking() -> Iterator[Answering]:
    """A tracking server whose registry has two versions of a model, the first one by an alias."""
    with answering() as server:
        for version, data in (("3", b"three"), ("4", b"four")):
            folder = f"1/models/m-{version}/artifacts"
            asked = f"/api/2.0/mlflow/model-versions/get-download-uri?name=fraud&version={version}"
            server.says[asked] = Said.json({"artifact_uri": f"mlflow-artifacts:/{folder}"})
            listing = "/api/2.0/mlflow-artifacts/artifacts"
            files = [{"path": "MLmodel", "is_dir": False}, {"path": "data", "is_dir": True}]
            server.says[f"{listing}?path={folder.replace('/', '%2F')}".replace("%2F", "/")] = Said.json(
                {"files": files}
            )
            server.says[f"{listing}?path={folder}/data"] = Said.json(
                {"files": [{"path": "model.pkl", "is_dir": False}]}
            )
            server.says[f"{listing}/{folder}/MLmodel"] = Said(body=_MLMODEL)
            server.says[f"{listing}/{folder}/data/model.pkl"] = Said(body=data)
        _move(server, "3")
        yield server


_SIGNATURE = json.dumps([{"name": "amount", "type": "double"}])
_MLMODEL = (
    f"flavors: {{python_function: {{loader_module: mlflow.sklearn}}}}\nsignature: {{inputs: '{_SIGNATURE}'}}\n".encode()
)
_ALIAS = "/api/2.0/mlflow/registered-models/alias?name=fraud&alias=champion"


def _move(server: Answering, version: str) -> None:
    server.says[_ALIAS] = Said.json({"model_version": {"name": "fraud", "version": version}})


def _registered(folder: Path, server: Answering) -> Path:
    spec = (
        f"{HEAD}model: {{format: mlflow, uri: 'models:/fraud@champion'}}\n"
        f"runtime: {{env: {{MLFLOW_TRACKING_URI: 'http://{server.host}'}}}}\n"
        "image: {requirements: requirements.txt}\n"
    )
    return write(folder, spec, {"requirements.txt": "scikit-learn==1.9.1\n"})


def test_an_alias(tmp_path: Path, images: Path, tracking: Answering) -> None:
    """An alias is what it stood for when it was locked, with the files of that version and what they say of themselves;
    moved, it changes nothing before it is locked again, and reverting the lock reverts what is served."""
    project = _registered(tmp_path / "project", tracking)
    assert "moving-model" in servespec(project, "validate").out
    assert servespec(project, "lock", f"--images={images}").exit == 0
    assert _lock(project)["models"]["models:/fraud@champion"] == {
        "version": "3",
        "files": {
            "MLmodel": {"digest": _digest(_MLMODEL), "size": len(_MLMODEL)},
            "data/model.pkl": {"digest": _digest(b"three"), "size": 5},
        },
        "signature": {"inputs": {"columns": {"amount": "FP64"}}},
    }
    assert servespec(project, "validate", "--locked").out == ""
    assert servespec(project, "build", "--locked").exit == 0
    served = project / "deploy/fraud-detector/mlflow/serve.py"
    before = picture(project)
    assert "models:/fraud/3" in served.read_text()
    _move(tracking, "4")
    assert servespec(project, "build", "--locked", "--check").exit == 0
    assert servespec(project, "lock", f"--images={images}").exit == 0
    assert servespec(project, "build", "--locked").exit == 0
    assert "models:/fraud/4" in served.read_text()
    (project / "serving.lock").write_bytes(before["serving.lock"])
    assert servespec(project, "build", "--locked").exit == 0
    assert picture(project) == before


@pytest.mark.parametrize(
    ("old", "new", "emitted"),
    [
        ('version: "3"', 'version: "9"', "models:/fraud/9"),
        ("amount: FP64", "amount: FP32", "models:/fraud/3"),
        (_digest(b"three"), _SECOND, _SECOND.removeprefix("sha256:")),
        ("data/model.pkl", "data/other.pkl", "data/other.pkl"),
    ],
    ids=["version", "signature", "digest", "name"],
)
def test_a_registered_model_is_what_the_lock_says(
    tmp_path: Path, images: Path, tracking: Answering, old: str, new: str, emitted: str
) -> None:
    """Nobody is asked by a build, so that it makes what the lock has, which whoever fetches the model compares; `--check`
    asks, and shows each difference."""
    project = _registered(tmp_path / "project", tracking)
    assert servespec(project, "lock", f"--images={images}").exit == 0
    _edit("serving.lock", old, new)(project)
    assert servespec(project, "build", "--locked").exit == 0
    assert emitted in "".join(data.decode() for data in picture(project / "deploy").values())
    done = servespec(project, "lock", "--check", f"--images={images}")
    assert done.exit == 3
    assert re.search(f"^-.*{new}.*\n\\+.*{old}", done.out, re.MULTILINE)


def test_the_ways_of_connections(tmp_path: Path, images: Path, tracking: Answering, monkeypatch: Any) -> None:
    """The registry and the storage are those that the spec's connections lead to, whatever this machine's are."""
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://127.0.0.1:1")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "somebody")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    where = Said.json({"artifact_uri": "s3://models/fraud"})
    tracking.says["/api/2.0/mlflow/model-versions/get-download-uri?name=fraud&version=3"] = where
    key = '<r xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Key>fraud/model.pkl</Key></r>'
    tracking.says["/models/?list-type=2&prefix=fraud"] = Said(body=key.encode())
    tracking.says["/models/fraud/model.pkl"] = Said(body=b"three")
    spec = (
        f"{HEAD}model:\n  {{format: mlflow, uri: 'models:/fraud@champion', credentials: {{registry: r, storage: s}}}}\n"
        "image: {requirements: requirements.txt}\n"
        f"connections:\n  - {{name: r, type: mlflow, endpoint: 'http://{tracking.host}', auth: none}}\n"
        f"  - {{name: s, type: s3, endpoint: 'http://{tracking.host}', auth: none}}\n"
    )
    project = write(tmp_path / "project", spec, {"requirements.txt": "scikit-learn==1.9.1\n"})
    assert servespec(project, "lock", f"--images={images}").err == "wrote serving.lock\n"
    (locked,) = _lock(project)["models"].values()
    assert locked == {"version": "3", "files": {"model.pkl": {"digest": _digest(b"three"), "size": 5}}}
    assert {allowed for _, path, allowed in tracking.asked if path.startswith("/models")} == {""}
    assert servespec(project, "build", "--locked").exit == 0
    emitted = "".join(data.decode() for name, data in picture(project / "deploy").items() if name.endswith(".yaml"))
    assert f"--sha256={_digest(b'three').removeprefix('sha256:')}:model.pkl" in emitted


@pytest.mark.parametrize(
    ("source", "asked", "kind"),
    [
        ("runs:/42/model", "runs/get?run_id=42", "run"),
        ("models:/m-42/model", "logged-models/m-42?", "model"),
    ],
)
def test_where_its_files_are(
    tmp_path: Path, images: Path, tracking: Answering, source: str, asked: str, kind: str
) -> None:
    """A version that is named by its run or its logged model is looked for where that keeps its files."""
    project = _registered(tmp_path / "project", tracking)
    _move(tracking, "5")
    where = Said.json({"artifact_uri": source})
    tracking.says["/api/2.0/mlflow/model-versions/get-download-uri?name=fraud&version=5"] = where
    folder = Said.json({kind: {"info": {"artifact_uri": "mlflow-artifacts:/9"}}})
    tracking.says[f"/api/2.0/mlflow/{asked}"] = folder
    listed = Said.json({"files": [{"path": "model.pkl", "is_dir": False}]})
    tracking.says["/api/2.0/mlflow-artifacts/artifacts?path=9/model"] = listed
    tracking.says["/api/2.0/mlflow-artifacts/artifacts/9/model/model.pkl"] = Said(body=b"five")
    assert servespec(project, "lock", f"--images={images}").exit == 0
    locked = _lock(project)["models"]["models:/fraud@champion"]
    assert locked == {"version": "5", "files": {"model.pkl": {"digest": _digest(b"five"), "size": 4}}}


def test_a_registry_that_has_no_such_alias(tmp_path: Path, images: Path, tracking: Answering) -> None:
    """What the registry says against it is what the user reads."""
    project = _registered(tmp_path / "project", tracking)
    tracking.says[_ALIAS] = Said.json({"message": "Registered model alias champion not found."}, 404)
    done = servespec(project, "lock", f"--images={images}")
    assert done.exit == 5
    assert f"http://{tracking.host} answers 404: Registered model alias champion not found." in done.err


def test_a_file_from_elsewhere(tmp_path: Path, images: Path, tracking: Answering) -> None:
    """The digest of a file behind an address is that of the bytes that come."""
    from servespec.edge.storage import files_at

    tracking.says["/models/fraud.onnx"] = Said(body=b"onnx")
    found = files_at(f"http://{tracking.host}/models/fraud.onnx")
    assert {path: (item.digest, item.size) for path, item in found.items()} == {"fraud.onnx": (_digest(b"onnx"), 4)}


def test_what_a_platform_fetches(tmp_path: Path, images: Path) -> None:
    """A file that can't be read here is locked by the digest that the spec has for it. That nobody compares what a
    platform fetches with that is a loss that is told, and an error with `--strict`."""
    model = "model: {format: xgboost, uri: 'gs://models/model.json', framework: {name: xgboost, version: '2.1.2'}}\n"
    project = write(tmp_path / "project", f"{HEAD}{model}targets: {{kserve: }}\n", {})
    images.write_text(f'"docker.io/seldonio/mlserver:1.7.1-xgboost": "{_FIRST}"\n')
    done = servespec(project, "lock", f"--images={images}")
    assert done.exit == 5
    assert "gs:// can't be read here; a single file is locked by its `model.digest`" in done.err
    assert "nothing compares" not in servespec(project, "build", "--summary").out
    model = model.replace("framework", f"digest: '{_SECOND}', framework")
    write(project, f"{HEAD}{model}targets: {{kserve: }}\n", {})
    assert servespec(project, "lock", f"--images={images}").exit == 0
    (locked,) = _lock(project)["models"].values()
    assert locked == {"files": {"model.json": {"digest": _SECOND}}}
    done = servespec(project, "build", "--locked", "--summary")
    assert done.exit == 0, done.err
    assert "model.uri  in kserve  approximated: the platform fetches it" in done.out
    assert servespec(project, "build", "--strict").exit == 1


def test_a_signature_of_the_lock(tmp_path: Path, images: Path, tracking: Answering) -> None:
    """What a registered model said of itself when it was locked is held against the spec's signature."""
    project = _registered(tmp_path / "project", tracking)
    assert servespec(project, "lock", f"--images={images}").exit == 0
    with (project / "serving.yaml").open("a") as spec:
        spec.write("signature: {inputs: {columns: {amount: FP32}}}\n")
    done = servespec(project, "validate")
    assert done.exit == 1
    assert "error[signature-mismatch]" in done.out
    assert "the lock has all that the model says" in done.out


def test_columns_that_may_be_left_out(tmp_path: Path, images: Path, tracking: Answering) -> None:
    """They are not locked as ones that must come: what the file itself would let pass, the lock does too."""
    optional = json.dumps([{"name": "amount", "type": "double"}, {"name": "hour", "type": "double", "required": False}])
    project = _registered(tmp_path / "project", tracking)
    (at,) = (path for path in tracking.says if path.endswith("m-3/artifacts/MLmodel"))
    tracking.says[at] = Said(body=_MLMODEL.replace(_SIGNATURE.encode(), optional.encode()))
    assert servespec(project, "lock", f"--images={images}").exit == 0
    with (project / "serving.yaml").open("a") as spec:
        spec.write("signature: {inputs: {columns: {amount: FP64}}}\n")
    assert servespec(project, "validate").exit == 0


def test_a_line_of_the_lock_is_explained(tmp_path: Path, images: Path) -> None:
    """A line that compares files with the lock says that it does."""
    mlmodel = "flavors: {python_function: {loader_module: mlflow.sklearn}}\n"
    files = {"model/MLmodel": mlmodel, "model/data.bin": b"data", "requirements.txt": "scikit-learn==1.9.1\n"}
    spec = f"{HEAD}model: {{format: mlflow, uri: ./model}}\nimage: {{requirements: requirements.txt}}\n"
    project = write(tmp_path / "project", spec, files)
    assert servespec(project, "lock", f"--images={images}").exit == 0
    assert servespec(project, "build", "--locked").exit == 0
    path = "deploy/fraud-detector/docker/Dockerfile"
    lines = (project / path).read_text().splitlines()
    (number,) = [number for number, line in enumerate(lines, 1) if "is not the file that was locked" in line]
    assert _digest(b"data").removeprefix("sha256:") in lines[number - 1]
    assert "`servespec lock` wrote it down" in servespec(project, "explain", f"{path}:{number}").out
    (project / "model" / "new.bin").write_bytes(b"new")
    done = servespec(project, "validate")
    assert done.exit == 1
    assert "`model/new.bin` is not among what was locked" in done.out


def test_a_lock_that_git_ignores(locked: Path, images: Path) -> None:
    """A lock that can't be committed locks nobody else's build: that is told when it is written."""
    (locked / ".git").mkdir()
    (locked / ".gitignore").write_text("*.lock\n")
    images.write_text(f'"{_BASE}": "{_SECOND}"\n')
    assert "warning: git ignores serving.lock, by .gitignore:1" in servespec(locked, "lock", f"--images={images}").err


def test_a_mirror_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the root file has a mirror of a registry, that alone is asked, and the image is named as it is there."""
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    project = write(tmp_path / "project", _SPEC)
    with answering() as mirror:
        (project / "servespec.yaml").write_text(
            f"mirrors: {{images: {{docker.io: '{mirror.host}/hub'}}, apt: {{ftp.debian.org: 'https://a.example'}}}}\n"
        )
        path = "/v2/hub/library/python/manifests/3.11-slim-bookworm"
        mirror.says[path] = Said(headers={"Docker-Content-Digest": _FIRST})
        assert servespec(project, "lock").exit == 0
        assert [asked for _, asked, _ in mirror.asked] == [path]
        name = f"{mirror.host}/hub/library/python:3.11-slim-bookworm"
    assert _lock(project)["images"] == {name: _FIRST}
    assert servespec(project, "build", "--locked").exit == 0
    assert f"FROM {name}@{_FIRST}" in (project / "deploy/fraud-detector/docker/Dockerfile").read_text()


def test_a_tag_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An image that its registry does not have can't be locked, and is told by its name."""
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    with answering() as registry:
        base = f"{registry.host}/python:3.11"
        project = write(tmp_path / "project", _SPEC.replace("image: {", f"image: {{base: '{base}', "))
        done = servespec(project, "lock")
    assert (done.exit, done.err) == (5, f"servespec: there is no image {base} in its registry\n")


def test_who_says_so(locked: Path) -> None:
    """What comes from the lock is told as that: by `show`, and by `explain` of the lines that it decides."""
    assert servespec(locked, "build", "--locked").exit == 0
    shown = servespec(locked, "show").out.splitlines()
    for beginning in (f"digests.{_BASE}: ", "model.locked.files.weights.pt: "):
        (line,) = [line for line in shown if line.startswith(beginning)]
        assert line.endswith("  lock")
    path = "deploy/fraud-detector/docker/Dockerfile"
    for number, line in enumerate((locked / path).read_text().splitlines(), 1):
        if _FIRST in line and line.startswith("FROM"):
            assert "from `images` of the lock" in servespec(locked, "explain", f"{path}:{number}").out
        if _digest(b"weights").removeprefix("sha256:") in line:
            assert "from `models` of the lock" in servespec(locked, "explain", f"{path}:{number}").out
