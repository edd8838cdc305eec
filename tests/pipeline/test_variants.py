"""Variants: each is what the spec says, but for what it says itself, through every stage."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from servespec.deployment.types import Deployment
from servespec.deployment.workloads import of_workload
from servespec.pipeline import Analysis, making
from servespec.spans import dotted
from servespec.targets.contract import Output
from tests.projects import HEAD, analyse, finding, found, made, write

_FILES = {"one.onnx": b"one", "two.onnx": b"two", "three.txt": b"three"}
_SPEC = (
    HEAD
    + """\
model: {format: onnx, uri: ./one.onnx, version: "1.0"}
runtime: {env: {A: a, B: b}}
image: {env: {C: c}}
variants:
  - {name: current, weight: 80}
  - name: next
    weight: 20
    model: {uri: ./two.onnx, version: "2.0"}
    runtime: {threads: 2, env: {A: null, B: x}}
  - name: other
    shadow: true
    model: {format: lightgbm, uri: ./three.txt}
"""
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Three models, of two servers."""
    return write(tmp_path, _SPEC, _FILES)


def _deployment(analysis: Analysis) -> Deployment:
    assert analysis.ok, [item.headline for item in analysis.report.diagnostics]
    assert analysis.deployment is not None
    return analysis.deployment


def test_a_variant_is_laid_over_the_spec(project: Path) -> None:
    """Maps merge by key, anything else replaces, `null` deletes; what follows from a value follows from the new one."""
    deployment = _deployment(analyse(project))
    current, following, other = (of_workload(deployment, name) for name in ("current", "next", "other"))
    assert current.model == deployment.model
    assert (following.model.uri, following.model.version, following.model.format) == ("two.onnx", "2.0", "onnx")
    assert (following.runtime.threads, following.runtime.env) == (2, {"B": "x"})
    assert (other.runtime.server, other.image.env) == ("mlserver", {"C": "c"})
    assert all(item.variants == () for item in (current, following, other))
    assert deployment.targets == ("onnxruntime", "mlserver", "docker", "compose", "client")
    assert other.targets == ("mlserver", "docker", "compose", "client")


def test_each_variant_has_its_own_files_and_image(project: Path) -> None:
    """A server is made for each variant in a folder of its own, and each image is made of the files of its variant."""
    analysis = analyse(project)
    files = made(analysis)
    versions = {
        folder: json.loads(files[f"{folder}/model-settings.json"])["versions"]
        for folder in ("onnxruntime/current", "onnxruntime/next", "mlserver/other")
    }
    assert versions == {"onnxruntime/current": ["1.0"], "onnxruntime/next": ["2.0"], "mlserver/other": ["1.0"]}
    for folder in versions:
        dockerfile = files[f"docker/{folder.partition('/')[2]}.Dockerfile"]
        assert f"deploy/fraud-detector/{folder}/model-settings.json" in dockerfile
    assert {path for path in files if path.startswith("onnxruntime/")} == {
        f"onnxruntime/{name}/{file}"
        for name in ("current", "next")
        for file in (
            "settings.json", "model-settings.json", "serve.py", "healthcheck.py", "requirements.txt", "onnx_runtime.py"
        )
    }  # fmt: skip


def test_each_image_has_its_own_name(project: Path) -> None:
    """A tag names the variant, and changes with what is in that variant's image only."""

    def tags(spec: str) -> dict[str, str]:
        analysis = analyse(project, spec)
        _deployment(analysis)
        images = making.make(analysis.sound, Output("/project", "/project/deploy/fraud-detector")).images
        return {name: str(image.reference) for name, image in images.items()}

    before, after = tags(_SPEC), tags(_SPEC.replace("threads: 2", "threads: 3"))
    assert before.keys() == {"current", "next", "other"}
    assert before["next"].startswith("fraud-detector:0.1.0-next-")
    assert {name for name in before if before[name] != after[name]} == {"next"}


def test_a_finding_is_told_where_the_variant_says_it(project: Path) -> None:
    """What is wrong with a variant's own value is told there, and what is wrong with the spec's own block once."""
    spec = _SPEC.replace("./two.onnx", "./no.txt").replace("{C: c}", "{C: c}, requirements: none.txt")
    assert found(analyse(project, spec)) == [(6, 36, "missing-file"), (11, 18, "missing-file")]


def test_what_is_missing_is_told_of_the_variant_that_needs_it(project: Path) -> None:
    """A variant that needs more than the spec says has the finding, at what makes it need that."""
    spec = _SPEC.replace("threads: 2", "server: triton")
    item = finding(analyse(project, spec), "signature-needed")
    assert item.labels[0].at == ("variants", 1, "runtime", "server")


def test_losses_are_those_of_the_variants(project: Path) -> None:
    """What only one variant loses is told where it is written; what all lose once."""
    spec = _SPEC.replace("A: a, B: b}", "A: a, B: b}, timeouts: {request: 10s}").replace(
        "uri: ./three.txt}", "uri: ./three.txt}\n    runtime: {graphLevel: basic}"
    )
    lost = [(item.target, dotted(item.route)) for item in analyse(project, spec).losses]
    assert lost == [
        ("onnxruntime", "runtime.timeouts.request"),
        ("mlserver", "variants[2].runtime.graphLevel"),
        ("mlserver", "runtime.timeouts.request"),
        ("compose", "variants[2].shadow"),
    ]


def test_what_the_model_of_the_spec_itself_loses_is_told_there(project: Path) -> None:
    """A batch scores with it, and it is what is converted: what is lost of it stands in the spec's own blocks."""
    handled = "{file: ./handler.py, className: Handler}"
    spec = f"""\
{HEAD}model: {{format: torchscript, uri: ./one.onnx, handler: {handled}}}
pattern: [realtime, batch]
image: {{requirements: requirements.txt}}
optimize: {{}}
batch: {{input: {{uri: in}}, output: {{uri: out}}}}
variants:
  - {{name: current, weight: 80}}
  - {{name: next, weight: 20, model: {{handler: {handled}}}}}
""".replace("pattern: realtime\n", "")
    lost = [(item.target, dotted(item.route)) for item in analyse(project, spec).losses]
    assert [item for item in lost if item[1].endswith("handler")] == [
        ("optimize", "model.handler"),
        ("batch", "model.handler"),
    ]


def test_an_override_names_the_file_of_a_variant(project: Path) -> None:
    """A file is named relative to the folder of its target, that of the variant included."""
    override = "overrides: [{target: onnxruntime, file: %s, merge: {debug: true}, reason: looking into it}]\n"
    files = made(analyse(project, _SPEC + override % "next/settings.json"))
    said = {name: json.loads(files[f"onnxruntime/{name}/settings.json"])["debug"] for name in ("current", "next")}
    assert said == {"current": False, "next": True}
    assert found(analyse(project, _SPEC + override % "settings.json"))[0][2] == "unmatched-override"


def test_a_lone_variant_has_all_requests(project: Path) -> None:
    """A weight may be left out where there is only one that it could be."""
    spec = _SPEC.replace("  - {name: current, weight: 80}\n", "").replace("    weight: 20\n", "")
    assert [item.weight for item in _deployment(analyse(project, spec)).variants] == [100, None]
