"""Checkov on every pod that the examples' manifests would start, wherever its spec stands: a kind that Checkov does
not know would pass."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.kube.objects import started

pytestmark = pytest.mark.e2e

_EXAMPLES = Path(__file__).parents[2] / "examples"
_WAIVED = {
    "CKV2_K8S_6": "a pod alone has no network policy; that of its file's neighbours is another test's",
    "CKV_K8S_11": "a limit of CPU throttles a service that answers people",
    "CKV_K8S_15": "an image's tag is made of what is in it: the one that is there is the right one",
    "CKV_K8S_43": "an image has a digest only once it is built",
}
_SHIPPED = {"CKV_K8S_40": "an image that others ship has files of its own user, and that is no high number"}
_ENDS = {
    "CKV_K8S_8": "what ends by itself is not asked whether it lives",
    "CKV_K8S_9": "nobody asks a job, so it is never ready to be asked",
}
"""Of pods of a Job."""
_SECRETS = {"CKV_K8S_35": "what signs requests to a storage reads its keys from variables"}
_PASSED = 85
"""Checks that a pod passes. One that is no longer made must not look like one that passes."""


def _lifted() -> dict[str, Any]:
    """Each pod by the folder that it comes from."""
    found = {}
    for folder in sorted({path.parent for path in _EXAMPLES.glob("*/deploy/**/*.yaml")}):
        texts = (path.read_text() for path in sorted(folder.glob("*.yaml")))
        documents = [item for text in texts for item in yaml.safe_load_all(text) if isinstance(item, dict)]
        for number, pod in enumerate(started([item for item in documents if "kind" in item])):
            found[f"{folder.relative_to(_EXAMPLES)}#{number}"] = pod
    return found


def _twin(pod: Any) -> Any:
    """The pod with all that hardens it taken away."""
    spec = {key: value for key, value in pod["spec"].items() if key in ("containers", "volumes")}
    kept = ("name", "image", "ports", "volumeMounts")
    spec["containers"] = [{key: item[key] for key in kept if key in item} for item in spec["containers"]]
    return {**pod, "spec": spec}


def _checks(python: Path, folder: Path) -> dict[str, tuple[set[str], set[str]]]:
    """The checks that passed and that failed, by file."""
    command: list[str | Path] = [python.parent / "checkov", "--skip-download", "--framework=kubernetes", "--compact"]
    done = subprocess.run([*command, f"--directory={folder}", "--output=json"], capture_output=True, text=True)
    report = json.loads(done.stdout)
    assert report["summary"]["parsing_errors"] == report["summary"]["skipped"] == 0
    found: dict[str, tuple[set[str], set[str]]] = {}
    for index, kind in enumerate(("passed", "failed")):
        for item in report["results"][f"{kind}_checks"]:
            found.setdefault(Path(item["file_path"]).name, (set(), set()))[index].add(item["check_id"])
    return found


def test_pods(tmp_path: Path, environment: Callable[[str], Path]) -> None:
    """Every check passes but the waived ones; each pod's twin without hardening fails fifteen."""
    lifted = _lifted()
    assert len(lifted) >= 1
    for number, pod in enumerate(lifted.values()):
        (tmp_path / f"{number}-good.yaml").write_text(json.dumps(pod))
        (tmp_path / f"{number}-twin.yaml").write_text(json.dumps(_twin(pod)))
    found = _checks(environment("checkov"), tmp_path)
    for number, name in enumerate(lifted):
        passed, failed = found[f"{number}-good.yaml"]
        (container,) = lifted[name]["spec"]["containers"]
        shipped = {} if container["image"].startswith("registry.example.com/") else _SHIPPED
        ends = _ENDS if lifted[name]["spec"].get("restartPolicy") in ("Never", "OnFailure") else {}
        waived = {**shipped, **ends, **(_SECRETS if "secretKeyRef" in json.dumps(lifted[name]) else {})}
        assert failed <= _WAIVED.keys() | waived, name
        assert len(passed) >= _PASSED - len(waived), name
        assert len(found[f"{number}-twin.yaml"][1] - _WAIVED.keys()) >= 15, name
