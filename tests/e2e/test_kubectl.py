"""Every manifest that is committed, read by the real kubectl, which knows the kinds of Kubernetes as Go has them: no
cluster is needed for that.

It knows no custom resource, so that of these the pods are lifted out. What it reads it writes again in its own words: a
field that it does not know is gone then, and a quantity is in its shortest form.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.kube.compiled import LOCAL, STORED, VARIANTS, files
from tests.kube.objects import started

pytestmark = pytest.mark.e2e

_ROOT = Path(__file__).parents[2]
_KUBECTL = Path(__file__).parent / "engine" / "kubectl.sh"
_FOLDERS = sorted(
    {
        path.parent
        for pattern in ("examples/*/deploy/**/*.yaml", "tests/golden/everything/tree/*/*.yaml")
        for path in _ROOT.glob(pattern)
        if path.parent.name in ("kubernetes", "seldon", "kserve")
    }
)
_OF_OTHERS = ("seldon.io", "kserve.io", "keda.sh", "gateway.networking.k8s.io", "monitoring.coreos.com")
_WITH_PODS = ("Deployment", "Pod", "Job", "CronJob")
_NO_PODS = re.compile(r"error: \S+\s+the object is not a pod or does not have a pod template: \*v[0-9]\.(\w+)\n")
"""What it says of an object that it could read, and that has nothing to add a variable to."""


def _kubectl(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([_KUBECTL, *arguments], capture_output=True, text=True)


def _objects(folder: Path) -> list[Any]:
    """Those of Kubernetes' own kinds in a folder, and each pod that the others would start."""
    texts = (path.read_text() for path in sorted(folder.glob("*.yaml")))
    documents = [item for text in texts for item in yaml.safe_load_all(text) if "metadata" in item]
    built_in = [item for item in documents if not any(group in item["apiVersion"] for group in _OF_OTHERS)]
    return [*built_in, *started([item for item in documents if item not in built_in])]


_READABLE = [folder for folder in _FOLDERS if _objects(folder)]
"""All but those of Seldon Core 2 alone, which starts all pods itself."""


def _read(objects: Sequence[Any], scratch: Path) -> subprocess.CompletedProcess[str]:
    """What kubectl makes of objects that it is to give one more variable."""
    for number, item in enumerate(objects):
        (scratch / f"{number:03}.json").write_text(json.dumps(item))
    return _kubectl("set", "env", "--local", f"--filename={scratch}", "ADDED=1", "--output=json")


def _documents(text: str) -> Iterator[Any]:
    """JSON documents, one after the other."""
    decoder, position = json.JSONDecoder(), 0
    while (rest := text[position:]).strip():
        start = position + len(rest) - len(rest.lstrip())
        document, position = decoder.raw_decode(text, start)
        yield document


def _unchanged(read: Any) -> Any:
    """What was read, without what was added."""
    document = deepcopy(read)
    document.pop("status", None)
    _forget(document)
    return document


def _forget(value: Any) -> None:
    """Takes the added variable and the empty fields that Go writes out of a document."""
    if isinstance(value, list):
        for item in value:
            _forget(item)
    elif isinstance(value, dict):
        value.pop("creationTimestamp", None)
        if isinstance(value.get("env"), list):
            value["env"] = [item for item in value["env"] if item != {"name": "ADDED", "value": "1"}]
            if not value["env"]:
                del value["env"]
        for item in value.values():
            _forget(item)


def _counted(value: Any) -> Any:
    """A document as Go writes it: the number of devices as text, like every quantity, and no empty list."""
    if isinstance(value, list):
        return [_counted(item) for item in value]
    if not isinstance(value, dict):
        return value
    made = {key: _counted(item) for key, item in value.items() if item != []}
    if isinstance(made.get("limits"), dict):
        made["limits"] = {key: str(item) for key, item in made["limits"].items()}
    return made


def test_there_are_manifests() -> None:
    """The folders are found: a wrong path here would make every other test pass."""
    assert len(_READABLE) >= 10


@pytest.mark.parametrize("folder", _READABLE, ids=lambda path: f"{path.relative_to(_ROOT)}")
def test_it_reads_what_we_wrote(folder: Path, tmp_path: Path) -> None:
    """Every object is one; each with pods says to it what it says to us, to the last quantity."""
    objects = _objects(folder)
    done = _read(objects, tmp_path)
    assert _NO_PODS.sub("", done.stderr).strip() == ""
    with_pods = [_counted(item) for item in objects if item["kind"] in _WITH_PODS]
    assert list(map(_unchanged, _documents(done.stdout))) == with_pods
    others = [item["kind"] for item in objects if item["kind"] not in _WITH_PODS]
    assert sorted(_NO_PODS.findall(done.stderr)) == sorted(others)


_POD: Any = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": {"name": "a"},
    "spec": {"containers": [{"name": "server", "image": "a:1", "resources": {"limits": {"memory": "1Gi"}}}]},
}


def _twin(**container: Any) -> Any:
    twin = deepcopy(_POD)
    twin["spec"]["containers"][0].update(container)
    return twin


@pytest.mark.parametrize(
    "twin",
    [
        _twin(resources={"limits": {"memory": "1Gib"}}),
        _twin(ports=[{"containerPort": "http"}]),
        {**_POD, "kind": "Pods"},
        {**_POD, "apiVersion": "v2"},
        {"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "spec": {"maxUnavailable": True}},
    ],
    ids=["quantity", "port", "kind", "version", "budget"],
)
def test_a_twin_is_not_read(twin: Any, tmp_path: Path) -> None:
    """A quantity that is none, a wrong type and an unknown kind are seen."""
    assert _NO_PODS.sub("", _read([twin], tmp_path).stderr).strip() != ""


@pytest.mark.parametrize(
    "twin", [_twin(imag="a:1"), _twin(resources={"limits": {"memory": "1024Mi"}})], ids=["field", "longer"]
)
def test_a_twin_is_read_otherwise(twin: Any, tmp_path: Path) -> None:
    """So are a field that is not known, and a quantity that has a shorter form."""
    (read,) = _documents(_read([twin], tmp_path).stdout)
    assert _unchanged(read) != twin


_SPECS = {
    **{f"kubernetes {name}": (blocks, "kubernetes") for name, blocks in LOCAL.items()},
    **{f"seldon {name}": (blocks, "seldon") for name, blocks in STORED.items()},
    "kserve variants": ("platform: newest\n" + VARIANTS["in images"], "kserve"),
}


@pytest.mark.parametrize("name", _SPECS)
def test_it_builds_a_kustomization(name: str, tmp_path: Path) -> None:
    """`kubectl kustomize` gives all objects of the folder, each as it is in its file."""
    blocks, target = _SPECS[name]
    for path, text in files(f"{blocks}targets: {{{target}: {{kustomize: true}}}}\n", target).items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
    done = _kubectl("kustomize", tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    written = [yaml.safe_load(path.read_text()) for path in sorted(tmp_path.glob("*.yaml"))]
    objects = [item for item in written if item["kind"] != "Kustomization"]
    assert len(objects) >= 1
    assert _by_name(yaml.safe_load_all(done.stdout)) == _by_name(objects)


def _by_name(objects: Any) -> dict[tuple[str, str], Any]:
    return {(item["kind"], item["metadata"]["name"]): item for item in objects}
