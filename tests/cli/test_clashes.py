"""Specs of one run beside each other: what two of them can't both have is told at both places, however they were read."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from tests.projects import SPEC, picture, servespec, write

_CLUSTER = "image: {requirements: requirements.txt, repository: registry.example.com/ml/%s}\n"
_BATCH = """\
apiVersion: servespec/v1
name: %s
pattern: batch
model: {format: onnx, uri: ./model.onnx}
batch:
  schedule: {cron: "0 4 * * *", start: "2026-01-01T00:00:00+00:00"}
  input: {uri: "in/{interval.start:%%Y}.csv", format: csv, columns: [amount]}
  output: {uri: "out/{interval.start:%%Y}", format: csv}
  dag: {id: %s}
"""


def _clusters(folder: Path, *specs: str) -> Path:
    """Specs of the names `a`, `b`, …, for a cluster, with more of each."""
    for letter, more in zip("abcd", specs, strict=False):
        text = SPEC.replace("name: fraud-detector", f"name: {letter}")
        text = text.replace("image: {requirements: requirements.txt}\n", _CLUSTER % letter)
        write(folder / letter, text + more)
    return folder


def _places(out: str) -> list[tuple[str, list[str]]]:
    """Code and places of the clashes in a document, the primary place first."""
    return [
        (item["code"], [f"{label['file']}:{label['range']['start']['line']}" for label in item["labels"]])
        for item in json.loads(out)["diagnostics"]
        if item["code"].endswith("-clash")
    ]


def _found(folder: Path) -> list[tuple[str, list[str]]]:
    return _places(servespec(folder, "validate", ".", "--format", "json").out)


def test_one_object(tmp_path: Path) -> None:
    """Two specs that make the same account in one namespace clash; in two namespaces they do not."""
    shared = "identity: {serviceAccount: scoring, annotations: {a.example.com/b: c}}\n"
    target = "targets: {kubernetes: {namespace: %s}}\n"
    _clusters(tmp_path, shared + target % "ml", shared + target % "ml", shared + target % "other")
    assert _found(tmp_path) == [("object-clash", ["b/serving.yaml:6", "a/serving.yaml:6"])]
    done = servespec(tmp_path, "validate", ".")
    assert done.exit == 1
    assert "two specs make the ServiceAccount `scoring` in namespace `ml`" in done.out
    assert "::: a/serving.yaml:6:28" in done.out


def test_a_variant_is_called_like_another_spec(tmp_path: Path) -> None:
    """What is derived from a name can clash too, and is told where the variant is written."""
    more = "targets: {kubernetes: {namespace: ml}}\nsecurity: {authorization: none, reason: a test}\n"
    variants = (
        "network: {expose: {host: a.example.com, gateway: {name: public}}, callers: [{namespace: gateways}]}\n"
        "variants:\n- {name: eu, weight: 50}\n- {name: us, weight: 50, runtime: {workers: 2}}\n"
    )
    _clusters(tmp_path, more + variants, more)
    write(tmp_path / "b", (tmp_path / "b" / "serving.yaml").read_text().replace("name: b", "name: a-eu"))
    assert _found(tmp_path) == [("object-clash", ["b/serving.yaml:2", "a/serving.yaml:10"])]


def test_environments_are_compared_with_their_like(tmp_path: Path) -> None:
    """Specs of one environment go to one place, those of another go elsewhere."""
    mine = "environments: {staging: {targets: {kubernetes: {namespace: ml}}}, production: null}\n"
    _clusters(tmp_path, mine, mine.replace("staging", "test"))
    for letter in "ab":
        spec = tmp_path / letter / "serving.yaml"
        spec.write_text(spec.read_text().replace(f"name: {letter}\n", "name: same\n"))
    assert _found(tmp_path) == []
    spec.write_text(spec.read_text().replace("test:", "staging:"))
    assert _found(tmp_path) == [("object-clash", ["b/serving.yaml:2", "a/serving.yaml:2"])]


def test_one_dag(tmp_path: Path) -> None:
    """Airflow knows a DAG by its id, wherever its file lies."""
    for name, dag in (("a", "nightly"), ("b", "nightly"), ("c", "weekly")):
        write(tmp_path / name, _BATCH % (name, dag), {"model.onnx": b"onnx"})
    assert ("dag-clash", ["b/serving.yaml:9", "a/serving.yaml:9"]) in _found(tmp_path)
    assert len(_found(tmp_path)) == 1


def test_ports_that_were_chosen(tmp_path: Path) -> None:
    """A port that two specs write is a warning, which can be accepted; the default one is everybody's."""
    chosen = "runtime: {protocols: {rest: 9000}}\n"
    _clusters(tmp_path, chosen, chosen, "")
    assert _found(tmp_path) == [("host-port-clash", ["b/serving.yaml:6", "a/serving.yaml:6"])]
    assert servespec(tmp_path, "validate", ".").exit == 0
    _clusters(tmp_path, chosen, chosen + "suppress: [{rule: host-port-clash, reason: on two machines}]\n", "")
    assert _found(tmp_path) == []


def test_what_the_root_file_chose_is_nobody_s(tmp_path: Path) -> None:
    """A default of the repository is one decision for all."""
    _clusters(tmp_path, "", "")
    (tmp_path / ".git").mkdir()
    (tmp_path / "servespec.yaml").write_text("defaults: {runtime: {protocols: {rest: 9000}}}\n")
    assert _found(tmp_path) == []


def test_one_repository_for_images(tmp_path: Path) -> None:
    """Two specs that push into one repository are told of it."""
    _clusters(tmp_path, "", "")
    spec = tmp_path / "b" / "serving.yaml"
    spec.write_text(spec.read_text().replace("ml/b", "ml/a"))
    assert _found(tmp_path) == [("image-clash", ["b/serving.yaml:5", "a/serving.yaml:5"])]


def test_one_output_folder(tmp_path: Path) -> None:
    """Of two specs that would be built into one folder the first is, and the other is refused before it writes."""
    write(tmp_path)
    for name in ("a", "b"):
        (tmp_path / f"{name}.yaml").write_text(SPEC + f"owner: team-{name}\n")
    done = servespec(tmp_path, "build", "a.yaml", "b.yaml")
    assert done.exit == 1
    assert "error[output-clash]: two specs are built into the folder `fraud-detector`" in done.err
    assert "--> b.yaml:2:7" in done.err
    assert "::: a.yaml:2:7" in done.err
    assert "team-a" in (tmp_path / "deploy" / "fraud-detector" / "compose" / "compose.yaml").read_text()


def test_a_clash_with_what_is_remembered(tmp_path: Path) -> None:
    """A spec that has not changed is not looked at again, and what it claims still counts."""
    more = "targets: {kubernetes: {namespace: %s}}\n"
    _clusters(tmp_path, more % "ml", more % "ml")
    for command in (["validate", "."], ["build", "."]):
        for _ in range(3):
            assert servespec(tmp_path, *command).exit == 0
            time.sleep(0.03)  # what was just written is too young to be remembered
    spec = tmp_path / "a" / "serving.yaml"
    spec.write_text(spec.read_text().replace("name: a\n", "name: b\n"))
    before = picture(tmp_path / "a" / "deploy")
    for command in (["validate", "."], ["build", "."]):
        done = servespec(tmp_path, *command)
        assert done.exit == 1
        assert "error[object-clash]" in done.out + done.err
    assert picture(tmp_path / "a" / "deploy") == before


@pytest.mark.parametrize("command", ["validate", "build"])
def test_both_remembered(tmp_path: Path, command: str) -> None:
    """Two specs that were each looked at alone clash when they are named together."""
    more = "targets: {kubernetes: {namespace: ml}}\n"
    _clusters(tmp_path, more, more)
    spec = tmp_path / "b" / "serving.yaml"
    spec.write_text(spec.read_text().replace("name: b\n", "name: a\n"))
    for _ in range(3):
        assert servespec(tmp_path, command, "a/serving.yaml").exit == 0
        assert servespec(tmp_path, command, "b/serving.yaml").exit == 0
        time.sleep(0.03)
    done = servespec(tmp_path, command, "a/serving.yaml", "b/serving.yaml")
    assert done.exit == 1
    assert "error[object-clash]" in done.out + done.err


def test_one_consumer_group(tmp_path: Path) -> None:
    """Two specs that read one topic as one group would each get a part of it; as two groups each gets all."""
    stream = (
        "apiVersion: servespec/v1\nname: %s\npattern: streaming\nmodel: {format: onnx, uri: ./model.onnx}\n"
        'connections: [{name: %s, type: kafka, brokers: ["kafka:9092"]}]\n'
        "streaming:\n  source: {connection: %s, topic: payments, group: scoring}\n"
        "  sink: {topic: %s-scores}\n  features: [amount]\n"
    )
    for name in "ab":
        write(tmp_path / name, stream % (name, name, name, name), {"model.onnx": b"x"})
    assert _found(tmp_path) == [("group-clash", ["b/serving.yaml:7", "a/serving.yaml:7"])]
    spec = tmp_path / "b" / "serving.yaml"
    spec.write_text(spec.read_text().replace("group: scoring", "group: scoring-eu"))
    assert _found(tmp_path) == []
