"""Overrides: what the spec changes in an emitted file, and what it says when it changes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tests.projects import SPEC, analyse, finding, found, made, write


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project without mistakes."""
    return write(tmp_path)


def _spec(merge: str, *, target: str = "compose", file: str = "compose.yaml") -> str:
    return f"{SPEC}overrides: [{{target: {target}, file: {file}, merge: {merge}, reason: because}}]\n"


def _service(project: Path, merge: str) -> dict[str, object]:
    text = made(analyse(project, _spec(f"{{services: {{fraud-detector: {merge}}}}}")))["compose/compose.yaml"]
    service: dict[str, object] = yaml.safe_load(text)["services"]["fraud-detector"]
    return service


@pytest.mark.parametrize(
    ("merge", "key", "value"),
    [
        ("{cpuset: 0-3}", "cpuset", "0-3"),
        ("{restart: 'no'}", "restart", "no"),
        ("{ports: []}", "ports", []),
        ("{cap_drop: [NET_RAW]}", "cap_drop", ["NET_RAW"]),
        ("{read_only: false}", "read_only", False),
        ("{user: {a: b}}", "user", {"a": "b"}),
        (
            "{deploy: {resources: {limits: {pids: 7}}}}",
            "deploy",
            {"resources": {"limits": {"memory": "1024m", "pids": 7}}},
        ),
        ("{build: null}", "build", None),
        ("{logging: {driver: local, options: null}}", "logging", {"driver": "local"}),
    ],
)
def test_a_merge(project: Path, merge: str, key: str, value: object) -> None:
    """Maps are merged by key, anything else replaces what is there, `null` deletes; the rest stays as it was."""
    before, after = _service(project, "{}"), _service(project, merge)
    assert after.get(key) == value
    assert {k: v for k, v in after.items() if k != key} == {k: v for k, v in before.items() if k != key}


def test_a_string_stays_text(project: Path) -> None:
    """What an override says is data like all else: it can't become another type, or a line of its own."""
    assert (
        _service(project, r'{hostname: "1e3\nprivileged: true", domainname: "no"}').items()
        >= {
            "hostname": "1e3\nprivileged: true",
            "domainname": "no",
        }.items()
    )


def test_overrides_apply_in_order(project: Path) -> None:
    """The later of two has the last word."""
    text = f"{SPEC}overrides:\n" + "".join(
        f"  - {{target: compose, file: compose.yaml, merge: {{name: {name}}}, reason: r}}\n" for name in ("one", "two")
    )
    assert yaml.safe_load(made(analyse(project, text))["compose/compose.yaml"])["name"] == "two"


def test_properties(project: Path) -> None:
    """A setting of the server's own configuration is replaced, added and deleted."""
    merge = "{job_queue_size: 7, added: true, metrics_mode: null}"
    lines = made(analyse(project, _spec(merge, target="torchserve", file="config.properties")))[
        "torchserve/config.properties"
    ].splitlines()
    assert {"job_queue_size=7", "added=true"} <= set(lines)
    assert not any(line.startswith("metrics_mode") for line in lines)


def test_the_image_s_tag_follows(project: Path) -> None:
    """An override of a file that goes into the image is another image."""
    merge = _spec("{job_queue_size: 7}", target="torchserve", file="config.properties")
    one, two = (yaml.safe_load(made(analyse(project, text))["compose/compose.yaml"]) for text in (SPEC, merge))
    assert one["services"]["fraud-detector"]["image"] != two["services"]["fraud-detector"]["image"]


@pytest.mark.parametrize(
    ("target", "file", "help"),
    [
        ("compose", "compose.yml", "files of this target that can be overridden: `compose.yaml`"),
        ("docker", "Dockerfile", "files of this target that can be overridden: none"),
        ("torchserve", "../compose/compose.yaml", "files of this target that can be overridden: `config.properties`, "
         "`model-config.yaml`, `log4j2.properties`"),
    ],
)  # fmt: skip
def test_an_override_of_nothing(project: Path, target: str, file: str, help: str) -> None:
    """An override that matches no file of data is an error at its `file`: it never silently stops working."""
    analysis = analyse(project, _spec("{a: 1}", target=target, file=file))
    assert not analysis.ok
    assert finding(analysis, "unmatched-override").help == help
    (place,) = (item for item in found(analysis) if item[2] == "unmatched-override")
    assert place == (6, len(f"overrides: [{{target: {target}, file: ") + 1, "unmatched-override")


def test_an_override_of_what_is_no_target(project: Path) -> None:
    """A target that is misspelt is told at its `target`, with the right name."""
    analysis = analyse(project, _spec("{name: a}", target="compos"))
    assert not analysis.ok
    assert finding(analysis, "unbuilt-override").help == "did you mean `compose`?"


def test_an_override_of_a_target_that_is_not_built(project: Path) -> None:
    """It would change nothing, and that is told."""
    assert not analyse(project, _spec("{name: a}") + "targets: {torchserve: }\n").ok


def test_an_override_that_changes_nothing_is_fine(project: Path) -> None:
    """Saying what is so already is no mistake."""
    assert analyse(project, _spec("{name: fraud-detector}")).ok
