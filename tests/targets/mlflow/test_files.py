"""What the mlflow target emits: requirements, the warm-up, the container."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from packaging.requirements import Requirement

from servespec.artifacts import Bundle

_MODEL = "model: { format: mlflow, uri: ./mlf }\n"
_MLMODEL = "flavors: {}\n"
Compile = Callable[..., dict[str, Bundle]]
Text = Callable[[Bundle, str], str]


@pytest.fixture
def requirements(bundles: Compile, text: Text) -> Callable[..., dict[str, str]]:
    """Name and versions of each emitted requirement, for lines of the model's own and of the project's file."""

    def read(own: str, project: str = "", *, spec: str = _MODEL) -> dict[str, str]:
        files = {"mlf/MLmodel": _MLMODEL, "mlf/requirements.txt": own, "requirements.txt": project}
        lines = text(bundles(spec, files=files)["mlflow"], "requirements.txt").splitlines()
        parsed = [Requirement(line) for line in lines]
        assert len({item.name.lower() for item in parsed}) == len(parsed)
        return {item.name: str(item.specifier) for item in parsed}

    return read


def test_the_models_requirements_join_the_servers(requirements: Callable[..., dict[str, str]]) -> None:
    """The model's packages are there beside the server's; MLflow itself is the server's, and its small part."""
    found = requirements("mlflow==3.9.0\nscikit-learn==1.9.1\nnumpy==2.4.6\n")
    assert found["scikit-learn"] == "==1.9.1"
    assert found["mlflow-skinny"] == "==3.17.2"
    assert "mlflow" not in found
    assert "uvicorn" in found


def test_who_wins(requirements: Callable[..., dict[str, str]]) -> None:
    """The model's pandas wins over ours, the project's packages over the model's, our server's over the model's."""
    assert requirements("")["pandas"] == "==3.1.1"
    assert requirements("pandas==2.3.0\n")["pandas"] == "==2.3.0"
    assert "pandas" not in requirements("", "pandas==2.2.0\n")
    assert "scikit-learn" not in requirements("scikit-learn==1.9.1\n", "scikit_learn==1.9.0\n")
    assert requirements("fastapi==0.1.0\n")["fastapi"] != "==0.1.0"


def test_only_packages_are_taken(requirements: Callable[..., dict[str, str]]) -> None:
    """No option, address or marker of the model's file reaches ours."""
    own = "--index-url https://example.com\n-c constraints.txt\na @ https://example.com/a.whl\nb==1 ; python_version<'4'\n"
    assert not requirements(own).keys() & {"a", "b"}


def _spec(bundle: Bundle, path: str, text: Text) -> Mapping[str, Any]:
    module = ast.parse(text(bundle, path))
    value = next(node.value for node in module.body if isinstance(node, ast.Assign))
    spec: Mapping[str, Any] = ast.literal_eval(value)
    return spec


def test_the_warm_up_is_a_request_that_is_answered(bundles: Compile, text: Text) -> None:
    """The first example that expects predictions warms the model up; one that expects an error does not."""
    files = {"mlf/MLmodel": _MLMODEL}
    examples = "examples: [{name: a, request: {x: 1}, expect: {error_code: A}}, {name: b, request: {x: 2}, expect: {predictions: [1]}}]\n"
    assert _spec(bundles(_MODEL + examples, files=files)["mlflow"], "serve.py", text)["warm_up"] == {"x": 2}
    assert _spec(bundles(_MODEL, files=files)["mlflow"], "serve.py", text)["warm_up"] is None


def test_limits_reach_the_script(bundles: Compile, text: Text) -> None:
    """Port, workers and limits in time are those of the spec, in the script and in the health check."""
    runtime = "runtime: { protocols: { rest: 9000 }, workers: 3, timeouts: { request: 5s, shutdown: 7s } }\n"
    bundle = bundles(_MODEL + runtime, files={"mlf/MLmodel": _MLMODEL})["mlflow"]
    spec = _spec(bundle, "serve.py", text)
    assert (spec["model"], spec["port"], spec["workers"]) == ("model", 9000, 3)
    assert (spec["request_seconds"], spec["drain_seconds"]) == (5, 7)
    assert _spec(bundle, "healthcheck.py", text)["url"] == "http://127.0.0.1:9000/ping"
    assert "mlflow models serve --model-uri=mlf --port=9000 --workers=3 --timeout=5 --env-manager=local" in bundle.here


def test_a_model_of_a_registry_is_not_copied(bundles: Compile, text: Text) -> None:
    """The image of a registered model holds no model: the script names the address, and nothing of it is a path."""
    spec = 'model: { format: mlflow, uri: "models:/fraud/3" }\nruntime: { env: { MLFLOW_TRACKING_URI: "http://m:5000" } }\n'
    made = bundles(spec)
    assert _spec(made["mlflow"], "serve.py", text)["model"] == "models:/fraud/3"
    assert "models:" not in text(made["docker"], "Dockerfile")
    assert "models:" not in text(made["docker"], "Dockerfile.dockerignore")


def test_the_models_bytes_do_not_reach_an_output(bundles: Compile, text: Text) -> None:
    """Other weights, or none, give the same files; other code of the model gives another image."""
    files = {"mlf/MLmodel": _MLMODEL, "mlf/model.pkl": b"one", "mlf/code/scale.py": "A = 1\n"}
    compose = [
        text(bundles(_MODEL, files={**files, **change})["compose"], "compose.yaml")
        for change in ({}, {"mlf/model.pkl": b"two"}, {"mlf/code/scale.py": "A = 2\n"})
    ]
    assert compose[0] == compose[1] != compose[2]
