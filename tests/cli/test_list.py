"""`servespec list`: what there is in a repository, for people and for a CI job."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.projects import SPEC, servespec, write

_EXAMPLES = Path(__file__).parents[2] / "examples"
_ASKING = (
    "owner: risk-ml\nscaling: {replicas: 3}\nresources: {requests: {cpu: 500m, memory: 1Gi}}\n"
    "environments:\n  production: {scaling: {replicas: 4}}\n  staging: {owner: null}\n"
)
_VARIANTS = (
    "resources: {requests: {cpu: 500m, memory: 512Mi}}\nsecurity: {authorization: none, reason: a test}\n"
    "variants:\n- {name: old, weight: 90, replicas: 2}\n"
    "- {name: new, weight: 10, replicas: 1, resources: {requests: {memory: 1Gi}}, runtime: {workers: 2}}\n"
)


@pytest.fixture
def services(tmp_path: Path) -> Path:
    """A folder with two specs, of which one has two environments."""
    write(tmp_path / "services" / "fraud", SPEC + _ASKING)
    write(tmp_path / "services" / "other", SPEC.replace("fraud-detector", "other"))
    return tmp_path / "services"


def _items(folder: Path, *arguments: str) -> list[dict[str, Any]]:
    """The document, which is one line."""
    done = servespec(folder, "list", "--format", "json", *arguments)
    assert (done.exit, done.err, done.out.count("\n")) == (0, "", 1)
    items: list[dict[str, Any]] = json.loads(done.out)
    return items


def _running(folder: Path, *arguments: str) -> list[dict[str, Any]]:
    """What runs in each environment of each spec."""
    return [running for item in _items(folder, *arguments) for running in item["deployments"]]


def test_an_item_for_each(services: Path) -> None:
    """Specs come in the order of their paths, environments in that of their names."""
    fraud, other = _items(services, ".")
    assert [(item["name"], item["owner"], item["path"], item["environments"]) for item in (fraud, other)] == [
        ("fraud-detector", "risk-ml", "fraud/serving.yaml", ["production", "staging"]),
        ("other", None, "other/serving.yaml", []),
    ]
    assert [(each["environment"], each["owner"]) for each in fraud["deployments"]] == [
        ("production", "risk-ml"),
        ("staging", None),
    ]
    (only,) = _items(services, ".", "-e", "staging")
    assert only["environments"] == ["staging"]


def test_what_all_copies_ask_for(services: Path) -> None:
    """What one copy asks for times the copies, in the units in which it was asked for."""
    production, staging, other = _running(services, ".")
    assert production["loads"] == [
        {"workload": "realtime", "replicas": 4, "requests": {"cpu": "500m", "memory": "1Gi"}}
    ]
    assert production["requests"] == {"cpu": "2", "memory": "4Gi"}
    assert staging["requests"] == {"cpu": "1500m", "memory": "3Gi"}
    assert other["requests"] == {}


def test_variants_add_up(project: Path) -> None:
    """Each variant is a load of its own with an image of its own."""
    write(project, SPEC + _VARIANTS, files={})
    (running,) = _running(project)
    assert [(load["workload"], load["replicas"]) for load in running["loads"]] == [("old", 2), ("new", 1)]
    assert running["requests"] == {"cpu": "1500m", "memory": "2Gi"}
    assert [image["workload"] for image in running["images"]] == ["old", "new"]


def test_images_are_those_that_are_built(services: Path) -> None:
    """The reference, the Dockerfile and the context are what the build's own files and summary say."""
    said = servespec(services, "build", ".", "--summary").out
    for item in _items(services, "."):
        images = [image for running in item["deployments"] for image in running["images"]]
        assert item["images"] == list(dict.fromkeys(image["reference"] for image in images))
        for image in images:
            assert f"--tag={image['reference']} ." in said
            assert image["context"] == item["path"].partition("/")[0]
            compose = (services / image["dockerfile"]).parents[1] / "compose" / "compose.yaml"
            assert (services / image["dockerfile"]).is_file()
            assert image["reference"] in compose.read_text()


def test_a_builder_finds_them() -> None:
    """Of all examples with a compose file each image of what goes on running stands there with its name and with what it
    is built of, as builders such as `docker buildx bake` read it. A job is none of a compose file."""
    seen = set()
    for running in _running(_EXAMPLES, "."):
        images = [image for image in running["images"] if image["workload"] != "batch"]
        if "compose" not in running["targets"]:
            continue
        file = (_EXAMPLES / images[0]["dockerfile"]).parents[1] / "compose" / "compose.yaml"
        services = [each for each in yaml.safe_load(file.read_text())["services"].values() if "build" in each]
        folders = [(file.parent / each["build"]["context"]).resolve() for each in services]
        assert {
            (image["reference"], _EXAMPLES / image["context"], _EXAMPLES / image["dockerfile"]) for image in images
        } <= {
            (each["image"], folder, folder / each["build"]["dockerfile"])
            for each, folder in zip(services, folders, strict=True)
        }
        seen |= {image["workload"] for image in images}
    assert {"realtime", "streaming"} < seen  # and variants


def test_who_looks_after_the_server(services: Path) -> None:
    """The server's version, and since when nobody looks after it any more."""
    (running,) = _running(services, "other")
    assert running["runtimes"] == [
        {"server": "torchserve", "version": "0.12.0", "maintained": False, "since": "2025-03-17"}
    ]
    assert running["targets"] == ["torchserve", "docker", "compose", "client"]


def test_a_table(services: Path) -> None:
    """For people there are columns, with what is not said as a dash."""
    out = servespec(services, "list", ".").out.splitlines()
    assert out[0].split() == ["name", "environment", "owner", "replicas", "requests", "runs", "on", "spec", "images"]
    assert out[1].startswith("fraud-detector  production   risk-ml  4         cpu 2, memory 4Gi")
    assert "torchserve 0.12.0 (unmaintained since 2025-03-17)  other/serving.yaml" in out[3]
    assert out[3].split()[1:5] == ["-", "-", "1", "-"]


def test_a_spec_with_errors(services: Path) -> None:
    """It is left out, its mistakes are told apart from the document, and the exit code says so."""
    write(services / "other", SPEC + "runtime: {workers: two}\n")
    done = servespec(services, "list", ".", "--format", "json")
    assert done.exit == 1
    assert [item["name"] for item in json.loads(done.out)] == ["fraud-detector"]
    assert "error[wrong-type]" in done.err


def test_nothing_there(tmp_path: Path) -> None:
    """Folders without a spec make an empty matrix; a path that does not exist is wrong usage."""
    (tmp_path / "services").mkdir()
    assert servespec(tmp_path, "list", "services", "--format", "json").out == "[]\n"
    assert servespec(tmp_path, "list", "servces").exit == 2


def test_a_pattern(services: Path) -> None:
    """A pattern that no shell has spread out means what fits it."""
    assert [item["name"] for item in _items(services, "*/serving.yaml")] == ["fraud-detector", "other"]
    assert [item["name"] for item in _items(services, "o*")] == ["other"]
    done = servespec(services, "list", "x*")
    assert (done.exit, "nothing fits x*" in done.err) == (2, True)
