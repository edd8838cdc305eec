"""What the conversion is told of a spec, what is installed for it, and how it is called."""

from __future__ import annotations

import ast
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement

from servespec.artifacts import Bundle
from servespec.runtimes.optimize import PACKAGES

_SIGNED = "signature: {inputs: {tensors: [{name: input, datatype: FP32, shape: [-1, 2]}]}}\n"
_SKLEARN = f"model: {{format: sklearn, uri: ./m.joblib}}\n{_SIGNED}"


@pytest.fixture
def conversion(bundles: Callable[..., dict[str, Bundle]]) -> Callable[..., Bundle]:
    """The conversion that a spec compiles to."""

    def compile_(text: str, **files: str | bytes) -> Bundle:
        blocks = text if "\nimage:" in f"\n{text}" else f"{text}image: {{}}\n"
        return bundles(blocks, files={"m.joblib": b"x", "m.json": b"x", "m.txt": b"x", **files})["optimize"]

    return compile_


def _spec(bundle: Bundle) -> Any:
    tree = ast.parse(_text(bundle, "convert.py"))
    (value,) = [
        node.value for node in tree.body if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "SPEC"
    ]
    return ast.literal_eval(value)


def _text(bundle: Bundle, path: str) -> str:
    content: Any = bundle.find(path).content
    return str(content.text)


def _pins(bundle: Bundle) -> dict[str, str]:
    lines = map(Requirement, _text(bundle, "requirements.txt").splitlines())
    return {line.name: str(line.specifier) for line in lines}


@pytest.mark.parametrize(
    ("more", "made"),
    [
        ("", False),
        ("optimize: {}\n", True),
        ("targets: {docker: {}}\n", False),
        ("targets: {docker: {}}\noptimize: {}\n", True),
        ("targets: {optimize: {}}\n", True),
    ],
)
def test_when_there_is_a_conversion(bundles: Callable[..., dict[str, Bundle]], more: str, made: bool) -> None:
    """The block, the target, or both: each of them is enough to ask for it."""
    found = bundles(f"{_SKLEARN}{more}image: {{}}\n", files={"m.joblib": b"x"})
    assert ("optimize" in found) == made


def test_what_the_spec_says_and_its_defaults(conversion: Callable[..., Bundle]) -> None:
    """Each field reaches the program; what is not said has the default of the reference."""
    plain = _spec(conversion(f"{_SKLEARN}optimize: {{}}\n"))
    assert plain["tolerance"] == {"absolute": 1e-5, "relative": 1e-4, "rows": 0.0}
    assert (plain["opset"], plain["quantization"], plain["threads"]) == (20, None, 1)
    assert plain["random"] == {"rows": 2000, "seed": 0, "missing": 0.1}
    said = _spec(
        conversion(
            f"{_SKLEARN}runtime: {{threads: 3}}\noptimize: {{opset: 18, tolerance: {{rows: 0.5}}, "
            "quantization: {tolerance: {absolute: 0.5}}, randomInputs: {rows: 9, seed: 4, missing: 0}}\n"
        )
    )
    assert said["tolerance"] == {"absolute": 1e-5, "relative": 1e-4, "rows": 0.5}
    assert said["quantization"] == {"absolute": 0.5, "relative": 0.05, "rows": 0.05}
    assert (said["opset"], said["threads"], said["random"]) == (
        18,
        3,
        {"rows": 9, "seed": 4, "missing": 0},
    )
    torch = _spec(conversion(f"{_TORCHSERVE}{_SIGNED}optimize: {{}}\n"))
    assert torch["random"]["missing"] == 0, "TorchServe's handler refuses null"


@pytest.mark.parametrize(
    ("model", "opset", "packages"),
    [
        ("{format: sklearn, uri: ./m.joblib}", 20, {"scikit-learn", "skl2onnx"}),
        ("{format: xgboost, uri: ./m.json}", 15, {"xgboost", "onnxmltools"}),
        ("{format: lightgbm, uri: ./m.txt}", 15, {"lightgbm", "onnxmltools"}),
    ],
)
def test_each_format_has_its_converter(
    conversion: Callable[..., Bundle], model: str, opset: int, packages: set[str]
) -> None:
    """A format gets the program that loads it, what that needs, each pinned, and an opset that its converter writes."""
    made = conversion(f"model: {model}\n{_SIGNED}optimize: {{}}\n")
    pins = _pins(made)
    assert packages <= set(pins)
    assert all(pin.startswith("==") for pin in pins.values())
    assert {"onnx", "onnxruntime", "numpy", "protobuf"} <= set(pins)
    spec = _spec(made)
    assert spec["opset"] == opset
    assert set(spec["packages"]) == set(pins)
    imported = {
        node.names[0].name
        for node in ast.walk(ast.parse(_text(made, "source_model.py")))
        if isinstance(node, ast.Import)
    }
    assert imported & {"joblib", "xgboost", "lightgbm"}


def test_the_framework_is_the_one_that_saved_the_model(conversion: Callable[..., Bundle]) -> None:
    """Its version is that of `model.framework`; what the project's own requirements name is left to them."""
    framework = "framework: {name: scikit-learn, version: '1.8.0'}"
    model = f"model: {{format: sklearn, uri: ./m.joblib, {framework}}}\n{_SIGNED}optimize: {{}}\n"
    assert _pins(conversion(model))["scikit-learn"] == "==1.8.0"
    own = {"own.txt": "scikit_learn==1.8.0\n"}
    made = conversion(f"{model}image: {{requirements: own.txt}}\n", **own)
    assert "scikit-learn" not in _pins(made)
    assert "scikit-learn" in _spec(made)["packages"]
    (line,) = made.here
    assert line.count(" pip install") + line.count("/pip install") == 1
    assert "--requirement=own.txt" in shlex.split(line)


def test_requirements_with_hashes_are_installed_apart(conversion: Callable[..., Bundle]) -> None:
    """With hashes pip wants one for everything, and our own pins have none."""
    own = {"own.txt": f"scikit-learn==1.9.1 --hash=sha256:{'0' * 64}\n"}
    blocks = f"{_SKLEARN}optimize: {{}}\nimage: {{requirements: own.txt, wheels: ./wheels}}\n"
    (line,) = conversion(blocks, **own, **{"wheels/README": ""}).here
    installs = [shlex.split(part) for part in line.split(" && ") if "/pip " in part]
    assert [len([word for word in words if word.startswith("--requirement=")]) for words in installs] == [1, 1]
    assert all("--find-links=wheels" in words for words in installs)


_TABLE = "signature: {inputs: {columns: {amount: FP32, hour: FP32}}}\n"
_MLSERVER = "image: {}\nmodel: {format: sklearn, uri: ./m.joblib}\n"
_TORCHSERVE = "image: {base: 'example.com/torch:1'}\nmodel: {format: pytorch, uri: ./model}\n"


@pytest.mark.parametrize(
    ("blocks", "request_", "feed"),
    [
        (
            _MLSERVER + _SIGNED,
            "{inputs: [{name: input, shape: [1, 2], datatype: FP32, data: [1, 2.5]}]}",
            {"input": {"data": [1, 2.5], "shape": [1, 2]}},
        ),
        (
            _MLSERVER + _TABLE,
            "{inputs: [{name: hour, shape: [1, 1], datatype: FP32, data: [4]}, {name: amount, shape: [1], datatype: FP32, data: [3]}]}",
            {"hour": {"data": [4], "shape": [-1, 1]}, "amount": {"data": [3], "shape": [-1, 1]}},
        ),
        (
            _TORCHSERVE + _SIGNED,
            "{instances: [[1, 2], [3, 4]]}",
            {"input": {"data": [[1, 2], [3, 4]], "shape": None}},
        ),
        (_TORCHSERVE + _SIGNED, "{features: [1, 2]}", {"input": {"data": [[1, 2]], "shape": None}}),
        (
            _TORCHSERVE + _TABLE,
            "{instances: [{hour: 4, amount: 3}, [5, 6]]}",
            {"amount": {"data": [3, 5], "shape": [-1, 1]}, "hour": {"data": [4, 6], "shape": [-1, 1]}},
        ),
        (_TORCHSERVE + _SIGNED, "{rows: [[1, 2]]}", None),
        (_TORCHSERVE + _SIGNED, "[[1, 2]]", None),
        (_TORCHSERVE + _SIGNED, "{instances: []}", None),
        (_TORCHSERVE + _SIGNED, "{instances: [[1]]}, expect: {error: too few}", None),
    ],
)
def test_the_examples_are_asked(conversion: Callable[..., Bundle], blocks: str, request_: str, feed: Any) -> None:
    """A request becomes arrays by input, whichever of the two forms it has; one that says nothing of inputs is no
    question, nor is one that must be refused."""
    made = conversion(f"{blocks}optimize: {{}}\nexamples: [{{name: a, request: {request_}}}]\n")
    assert _spec(made)["examples"] == ([feed] if feed else [])


_HOSTILE = "x'\"\"\"); import os; os.system('id') #\\u2028 {{ spec }} ${HOME} `id` \\\\"


def test_hostile_text_stays_text(conversion: Callable[..., Bundle]) -> None:
    """Names and words that look like code of several languages come back from the literal as they were."""
    hostile = '"' + _HOSTILE.replace('"', '\\"') + '"'
    blocks = (
        'model: {format: sklearn, uri: "./a\'b $(id)/m.joblib"}\n'
        f"signature: {{inputs: {{columns: {{{hostile}: BYTES}}}}}}\n"
        f"examples: [{{name: a, request: {{inputs: [{{name: {hostile}, shape: [1], datatype: BYTES, data: [{hostile}]}}]}}}}]\n"
        "optimize: {}\n"
    )
    made = conversion(blocks, **{"a'b $(id)/m.joblib": b"x"})
    meant = _HOSTILE.replace("\\u2028", "\u2028").replace("\\\\", "\\")
    spec = _spec(made)
    assert spec["file"] == "a'b $(id)/m.joblib"
    assert [item["name"] for item in spec["inputs"]] == [meant]
    assert spec["examples"] == [{meant: {"data": [meant], "shape": [-1, 1]}}]
    plain = conversion(f"{_SKLEARN}optimize: {{}}\n")
    assert len(ast.parse(_text(made, "convert.py")).body) == len(ast.parse(_text(plain, "convert.py")).body)
    same = ("source_model.py", "onnx_face.py", "parity.py", "speed.py", "requirements.txt")
    assert [_text(made, name) for name in same] == [_text(plain, name) for name in same]


def test_the_tests_convert_with_what_is_pinned() -> None:
    """The environment of the end-to-end tests has just the versions that are emitted."""
    text = (Path(__file__).parents[2] / "e2e" / "venvs" / "optimize.txt").read_text()
    installed = {line for line in text.splitlines() if not line.startswith("#")}
    assert installed == {pin for fact in PACKAGES.values() for pin in fact.value}
