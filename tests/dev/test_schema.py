"""The JSON Schema: whole, honest about what the compiler takes, and good enough for an editor."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from servespec.deployment.durations import Duration
from servespec.deployment.images import ImageReference
from servespec.deployment.names import is_label
from servespec.deployment.quantities import Quantity
from servespec.dev import forms, rootfile_schema
from servespec.dev.docstrings import models
from servespec.dev.schema import schema
from servespec.edge.gather import gather
from servespec.pipeline import File, World
from servespec.pipeline.rootfile import read_root
from servespec.source import load
from tests.projects import analyse_everywhere

_EXAMPLES = Path(__file__).parents[2] / "examples"
_PROJECT = Path(__file__).parents[1] / "cases" / "_project"
_SCHEMA = schema()
_VALIDATOR = Draft202012Validator(_SCHEMA)
_SMALLEST: dict[str, Any] = {
    "apiVersion": "servespec/v1",
    "name": "fraud-detector",
    "pattern": "realtime",
    "model": {"format": "pytorch", "uri": "./model"},
    "image": {"requirements": "requirements.txt"},
}


def _nodes(node: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every property at every depth, with the path to it in the schema."""
    if isinstance(node, dict):
        for name, child in node.get("properties", {}).items():
            yield f"{path}/{name}", child
        for key, child in node.items():
            if key not in ("default", "examples"):
                yield from _nodes(child, f"{path}/{key}")
    elif isinstance(node, list):
        for index, child in enumerate(node):
            yield from _nodes(child, f"{path}/{index}")


_PROPERTIES = dict(_nodes(_SCHEMA))


def test_what_lies_over_a_block() -> None:
    """In a variant or an environment any field may be left out, and `null` deletes; an unknown one is refused."""
    over: dict[str, Any] = {
        "variants": [{"name": "a", "weight": 100, "model": {"digest": None, "framework": {"version": "2.0"}}}],
        "environments": {"prod": {"owner": None, "examples": [{"name": "a", "tolerance": 0.1}]}, "test": None},
    }
    assert list(_VALIDATOR.iter_errors({**_SMALLEST, **over})) == []
    wrong: list[dict[str, Any]] = [
        {"variants": [{"name": "a", "model": {"urn": "x"}}]},
        {"variants": [{"name": "a", "runtime": {"workers": "2"}}]},
        {"environments": {"prod": {"name": "other"}}},
        {"environments": {"prod": {"resources": {"limits": {"memory": "1Gib"}}}}},
    ]
    for item in wrong:
        assert list(_VALIDATOR.iter_errors({**_SMALLEST, **item})), item


def test_it_is_a_schema() -> None:
    """The schema is one by its own meta-schema, and refuses unknown fields in every block."""
    Draft202012Validator.check_schema(_SCHEMA)
    blocks = [_SCHEMA, *(node for node in _SCHEMA["$defs"].values() if "properties" in node)]
    assert len(blocks) > 20
    assert all(block["additionalProperties"] is False for block in blocks)


def test_every_property_is_described() -> None:
    """Hovering any field tells more than its name, and every definition has a title."""
    assert len(_PROPERTIES) > 80
    poor = [path for path, node in _PROPERTIES.items() if not re.fullmatch(r"[A-Z`].*\w.*[.`]", node["description"])]
    assert poor == []
    assert all(node["title"] for node in _SCHEMA["$defs"].values())
    assert not any("title" in node for node in _PROPERTIES.values()), "a title would only repeat the field's name"


def test_every_word_is_listed() -> None:
    """Each value that a model takes from a fixed list can be completed."""
    literals = [(m, name, words) for m in models().values() for name, words in _literals(m)]
    assert len(literals) >= 7
    blocks = {**rootfile_schema.schema()["$defs"], **_SCHEMA["$defs"]}
    for model, name, words in literals:
        root = _SCHEMA if model.__name__ == "Spec" else blocks[model.__name__]
        text = json.dumps(root["properties"][name])
        assert [word for word in words if json.dumps(word) not in text] == [], f"{model.__name__}.{name}"


def _literals(model: Any) -> Iterator[tuple[str, tuple[str, ...]]]:
    for name, field in model.model_fields.items():
        words = tuple(_words(field.annotation))
        if words:
            yield name, words


def _words(annotation: Any) -> Iterator[str]:
    if get_origin(annotation) is Literal:
        yield from get_args(annotation)
    else:
        for argument in get_args(annotation):
            yield from _words(argument)


@pytest.mark.parametrize("path", [path for path, node in _PROPERTIES.items() if {"default", "examples"} & node.keys()])
def test_defaults_and_examples_are_valid(path: str) -> None:
    """What the schema shows as a field's default or example is a value that the field takes."""
    node = _PROPERTIES[path]
    validator = Draft202012Validator({**node, "$defs": _SCHEMA["$defs"]})
    for value in [*node.get("examples", ()), *([node["default"]] if "default" in node else ())]:
        validator.validate(value)


@pytest.mark.parametrize("spec", sorted(_EXAMPLES.glob("*/serving.yaml")), ids=lambda path: path.parent.name)
def test_the_examples_are_valid(spec: Path) -> None:
    """An editor shows no error in any example."""
    value = load(str(spec), spec.read_bytes()).document.value
    assert list(_VALIDATOR.iter_errors(value)) == []


def _put(*route: str | int, value: Any) -> Callable[[dict[str, Any]], None]:
    def change(spec: dict[str, Any]) -> None:
        for step in route[:-1]:
            spec = spec.setdefault(step, {})
        spec[route[-1]] = value

    return change


_BAD = {
    "no name": lambda spec: spec.pop("name"),
    "no model": lambda spec: spec.pop("model"),
    "no uri": lambda spec: spec["model"].pop("uri"),
    "another version": _put("apiVersion", value="servespec/v2"),
    "an upper-case name": _put("name", value="Fraud"),
    "an unknown pattern": _put("pattern", value="realtme"),
    "an unknown format": _put("model", "format", value="pytroch"),
    "an unknown field": _put("replicas", value=3),
    "an unknown field below": _put("runtime", "wokers", value=1),
    "a number for text": _put("release", value=1.0),
    "text for a number": _put("runtime", "workers", value="1"),
    "a number too small": _put("runtime", "workers", value=0),
    "a port too large": _put("runtime", "protocols", "rest", value=80800),
    "a number for a duration": _put("runtime", "timeouts", "request", value=30),
    "a duration without a unit": _put("runtime", "timeouts", "request", value="30"),
    "no quantity": _put("resources", "requests", "memory", value="1GB"),
    "no image": _put("image", "base", value="Python:3.11"),
    "no digest": _put("model", "digest", value="sha256:0"),
    "text for a list": _put("image", "systemPackages", value="libgomp1"),
    "a list for a block": _put("runtime", value=[]),
    "nothing for a block": _put("runtime", value=None),
    "an unknown datatype": _put("signature", value={"inputs": {"columns": {"amount": "float"}}}),
    "an unknown target": _put("targets", value={"dockre": {}}),
    "an unknown option": _put("targets", value={"torchserve": {"archve": True}}),
    "an unknown variable's shape": _put("runtime", "env", value={"A": {"secret": "a"}}),
    "an error suppressed": _put("suppress", value=[{"rule": "port-clash", "reason": "so"}]),
    "no reason": _put("suppress", value=[{"rule": "runtime-end-of-life", "reason": ""}]),
    "no day": _put("suppress", value=[{"rule": "runtime-end-of-life", "reason": "so", "until": "soon"}]),
    "an unknown field of an environment": _put("environments", value={"staging": {"runtime": {"worker": 1}}}),
    "an environment of a name": _put("environments", value={"staging": {"name": "other"}}),
    "an environment that is text": _put("environments", value={"staging": "production"}),
    "an override of nothing": _put("overrides", value=[{"target": "k8s", "file": "a", "merge": {}, "reason": "so"}]),
}
_GOOD = {
    "the smallest": lambda spec: None,
    "a list of patterns": _put("pattern", value=["realtime"]),
    "nothing for text": _put("description", value=None),
    "nothing for options": _put("targets", value={"torchserve": None, "docker": {}}),
    "an environment that changes nothing": _put("environments", value={"staging": None}),
    "a part of a block": _put("environments", value={"staging": {"model": {"version": "2"}, "secrets": []}}),
    "null deletes in an environment": _put(
        "environments", value={"staging": {"owner": None, "runtime": {"workers": None}}}
    ),
    "a compound duration": _put("runtime", "timeouts", "startup", value="1m30s"),
    "a secret's key": _put("runtime", "env", value={"A": "1"}),
    "a request of any kind": _put("examples", value=[{"name": "a", "request": [[1]]}]),
}


def _codes(spec: dict[str, Any]) -> set[str]:
    """The errors that the compiler finds."""
    world = World(lambda paths: gather(_PROJECT, paths), "2026-11-23")
    found = analyse_everywhere(json.dumps(spec).encode(), world).findings
    return {item.code for each in found for item in each.report.diagnostics if item.severity == "error"}


@pytest.mark.parametrize("name", _BAD)
def test_a_bad_spec_is_refused(name: str) -> None:
    """What the schema refuses is an error of the compiler too."""
    spec = deepcopy(_SMALLEST)
    _BAD[name](spec)
    assert list(_VALIDATOR.iter_errors(spec)) != []
    assert _codes(spec) != set()


@pytest.mark.parametrize("name", _GOOD)
def test_a_good_spec_is_taken(name: str) -> None:
    """What the compiler takes, the schema takes: an editor underlines nothing that works."""
    spec = deepcopy(_SMALLEST)
    _GOOD[name](spec)
    assert _codes(spec) == set()
    assert list(_VALIDATOR.iter_errors(spec)) == []


_READERS: dict[str, tuple[forms.Form, Callable[[str], bool]]] = {
    "duration": (forms.DURATION, lambda text: Duration.parse(text) is not None),
    "quantity": (forms.QUANTITY, lambda text: Quantity.parse(text) is not None),
    "image": (forms.IMAGE, lambda text: ImageReference.parse(text) is not None),
    "label": (forms.LABEL, is_label),
}


@pytest.mark.parametrize("name", _READERS)
@given(text=st.text("0159.msh-KiGa_/:@A ", max_size=8))
def test_forms_are_what_the_compiler_reads(name: str, text: str) -> None:
    """A text matches its form's expression in the schema exactly when the compiler can read it."""
    form, reads = _READERS[name]
    assert bool(re.search(form.schema()["pattern"], text)) == reads(text)


def test_fields_of_a_form_refer_to_it() -> None:
    """Durations, quantities and the like are checked while typing, wherever they stand."""
    referring = {path for path, node in _PROPERTIES.items() if "$defs/Duration" in str(node)}
    assert {path.rpartition("/")[2] for path in referring} == {
        "delay", "request", "startup", "shutdown", "latency", "maxDelay", "timeout", "drain", "session",
    }  # fmt: skip
    assert "$defs/Quantity" in str(_SCHEMA["$defs"]["Amounts"]["properties"]["memory"])


def test_the_root_file_has_one() -> None:
    """The schema of servespec.yaml is one, describes every field, and takes what the compiler takes."""
    whole = rootfile_schema.schema()
    Draft202012Validator.check_schema(whole)
    assert all(node["description"] for _, node in _nodes(whole))
    good = {
        "requires": "servespec ~=0.1",
        "defaults": {"owner": "risk-ml"},
        "mirrors": {"images": {"docker.io": "mirror.example.com/docker"}, "pip": {"url": "https://mirror.example.com"}},
        "policy": {"required": ["owner"], "maxima": {"runtime.workers": 8}, "forbidden": {"servers": ["torchserve"]}},
    }
    assert list(Draft202012Validator(whole).iter_errors(good)) == []
    assert read_root(File("servespec.yaml", json.dumps(good).encode())).findings.report.diagnostics == ()
    for bad in ({"policies": {}}, {"policy": {"waivers": [{"service": "a"}]}}, {"mirrors": {"pip": "https://a.b"}}):
        assert list(Draft202012Validator(whole).iter_errors(bad)) != []
        assert read_root(File("servespec.yaml", json.dumps(bad).encode())).findings.report.errors > 0
