"""`servespec targets`: the whole table, and the part of it that a spec is about."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from servespec.targets.registry import TARGETS
from tests.projects import HEAD, SPEC, servespec, write


def test_all_targets(tmp_path: Path) -> None:
    """Every target has a column, every field a row, and every reason is told."""
    done = servespec(tmp_path, "targets")
    assert (done.exit, done.err) == (0, "")
    assert all(f"{name}\n" in done.out for name in TARGETS)
    (row,) = [line for line in done.out.splitlines() if line.startswith("model.uri ")]
    assert len(row.split()) == len(TARGETS) + 1
    assert "resources.requests.cpu  in compose  approximated: Compose reserves CPUs in a swarm only" in done.out
    assert "identity.serviceAccount and 2 more  in compose  dropped: a machine has no service accounts" in done.out


def test_of_a_spec(tmp_path: Path) -> None:
    """Only what is written, and only the targets that are built; keys of maps and items of lists are their field's."""
    blocks = (
        SPEC + "runtime: { env: { A: b } }\nscaling: { replicas: 2 }\nnetwork: { callers: [{ namespace: shop }] }\n"
    )
    project = write(tmp_path, blocks + "targets: { docker: , kubernetes: }\n")
    done = servespec(project, "targets", "--format=json", "serving.yaml")
    shown = json.loads(done.out)
    assert shown["targets"] == ["torchserve", "docker", "kubernetes"]
    assert shown["fields"]["scaling.replicas"]["kubernetes"] == {"degree": "kept"}
    assert shown["fields"]["scaling.replicas"]["docker"]["degree"] == "dropped"
    assert {"runtime.env", "network.callers.namespace"} <= set(shown["fields"])
    assert "model.digest" not in shown["fields"]


@pytest.mark.parametrize(("mode", "degree"), [("Standard", "kept"), ("Knative", "dropped")])
def test_of_a_spec_with_its_options(tmp_path: Path, mode: str, degree: str) -> None:
    """What a target makes of a field in the form that its options ask for."""
    blocks = "image: { repository: registry.example.com/fraud }\nplacement: { nodeSelector: { disk: ssd } }\n"
    spec = f"{HEAD}model: {{ format: onnx, uri: ./m.onnx }}\n{blocks}targets: {{ kserve: {{ mode: {mode} }} }}\n"
    project = write(tmp_path, spec, {"m.onnx": b"x"})
    shown = json.loads(servespec(project, "targets", "--format=json", "serving.yaml").out)
    assert shown["fields"]["placement.nodeSelector"]["kserve"]["degree"] == degree


def test_what_a_spec_gives_up_is_no_loss(tmp_path: Path) -> None:
    """The table says what `build --strict` says: who asks for no token loses none."""
    blocks = (
        "image: { repository: registry.example.com/fraud }\nsecurity: { authorization: none, reason: the mesh asks }\n"
    )
    spec = f"{HEAD}model: {{ format: onnx, uri: ./m.onnx }}\n{blocks}targets: {{ kubernetes: }}\n"
    done = servespec(write(tmp_path, spec, {"m.onnx": b"x"}), "targets", "serving.yaml")
    assert "security.authorization" in done.out
    assert "a token" not in done.out


def test_markdown(tmp_path: Path) -> None:
    """The table is that of the reference page."""
    page = (Path(__file__).parents[2] / "schema" / "targets.md").read_text()
    assert servespec(tmp_path, "targets", "--format=markdown").out in page


def test_a_spec_with_errors(tmp_path: Path) -> None:
    """Of what can't be built nothing is shown but what is wrong."""
    done = servespec(write(tmp_path, HEAD + "model: { format: pytorch }\n"), "targets", "serving.yaml")
    assert done.exit == 1
    assert done.out == ""
    assert "missing-field" in done.err
