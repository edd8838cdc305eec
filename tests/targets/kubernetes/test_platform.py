"""What is compiled for a cluster that the root file describes is what that one takes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
from ruamel.yaml import YAML

from servespec.artifacts import Content
from servespec.deployment.platform import number
from servespec.edge.gather import gather
from servespec.pipeline import File, Texts, World, analyse
from servespec.pipeline.making import make
from servespec.targets.contract import Output

_SPEC = """\
apiVersion: servespec/v1
name: fraud-detector
pattern: realtime
platform: production
model: { format: onnx, uri: ./m.onnx }
image: { repository: registry.example.com/fraud }
scaling: { replicas: 3 }
targets: { kubernetes: }
"""


@pytest.mark.parametrize("version", ["1.25", "1.27", "v1.30.4", "1.34", "1.37"])
def test_a_version(tmp_path: Path, version: str) -> None:
    """Every object is passed by the schemas of that version; what only newer ones know is used where it is known."""
    (tmp_path / "m.onnx").write_bytes(b"x")
    root = File("servespec.yaml", f'platforms: {{ production: {{ kubernetes: "{version}" }} }}\n'.encode())
    texts = Texts(File("serving.yaml", _SPEC.encode()), {}, root)
    analyses = analyse(texts, World(lambda wanted: gather(tmp_path, wanted), "2026-11-23"))
    assert analyses.ok
    (analysis,) = analyses.each
    made = make(analysis.sound, Output(str(tmp_path), str(tmp_path / "deploy"))).bundles
    (bundle,) = [item for item in made if item.target == "kubernetes"]
    objects: dict[str, Any] = {}
    for item in bundle.artifacts:
        assert isinstance(item.content, Content)
        objects[item.path] = YAML(typ="safe", pure=True).load(item.content.text)
        kubernetes_validate.validate(objects[item.path], version.removeprefix("v"), strict=True)
    (container,) = objects["deployment.yaml"]["spec"]["template"]["spec"]["containers"]
    stop = container["lifecycle"]["preStop"]
    assert ("sleep" in stop) == (number(version) >= (1, 30))
    assert ("exec" in stop) == (number(version) < (1, 30))
    budget = objects["poddisruptionbudget.yaml"]["spec"]
    assert ("unhealthyPodEvictionPolicy" in budget) == (number(version) >= (1, 27))


@pytest.mark.parametrize(
    ("text", "meant"), [("1.34", (1, 34)), ("v1.30.4-gke.1", (1, 30)), ("1", (0, 0)), ("latest", (0, 0)), ("", (0, 0))]
)
def test_numbers_of_a_version(text: str, meant: tuple[int, int]) -> None:
    """A cluster's own word for its version is understood, and nothing else is taken for one."""
    assert number(text) == meant
