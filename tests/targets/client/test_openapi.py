"""The OpenAPI document, read by validators that are not ours."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import jsonschema
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from tests.targets.client.conftest import SPECS, Clients

Make = Callable[[str], Clients]


def _operation(document: Any) -> Any:
    (operation,) = (item["post"] for item in document["paths"].values() if "post" in item)
    return operation


def _schema(document: Any, side: str) -> Any:
    operation = _operation(document)
    whole = operation["requestBody"] if side == "request" else operation["responses"]["200"]
    return whole["content"]["application/json"]["schema"]


@pytest.mark.parametrize("spec", SPECS)
def test_it_is_valid(clients: Make, spec: str) -> None:
    """The document is OpenAPI 3.1, and its schemas are JSON Schema; with a word wrong it is not."""
    document = clients(spec).openapi
    OpenAPIV31SpecValidator(document).validate()
    for side in ("request", "answer"):
        jsonschema.Draft202012Validator.check_schema(_schema(document, side))
    twin = copy.deepcopy(document)
    _operation(twin)["responses"]["200"].pop("description")
    assert list(OpenAPIV31SpecValidator(twin).iter_errors())


@pytest.mark.parametrize("spec", SPECS)
def test_examples_are_valid(clients: Make, spec: str) -> None:
    """Each example of a request is one by the schema; those that get an error are not among them."""
    document = clients(spec).openapi
    shown = _operation(document)["requestBody"]["content"]["application/json"].get("examples", {})
    assert set(shown) == ({"one"} if "name: one" in SPECS[spec] else set())
    for example in shown.values():
        jsonschema.validate(example["value"], _schema(document, "request"), jsonschema.Draft202012Validator)


_TENSOR = {"name": "a", "shape": [1, 2], "datatype": "FP32", "data": [1, 2.5]}
_TEXT = {"name": "b", "shape": [1], "datatype": "BYTES", "data": ["x"]}
# Of each spec: a right request or answer, and wrong ones
_BODIES: dict[tuple[str, str], tuple[Any, list[Any]]] = {
    ("oip", "request"): (
        {"inputs": [{**_TENSOR, "data": [[1, 2.5]]}, _TEXT]},
        [
            {},
            {"inputs": [_TENSOR]},
            {"inputs": [_TENSOR, {**_TEXT, "name": "c"}]},
            {"inputs": [{**_TENSOR, "shape": [2]}, _TEXT]},
            {"inputs": [{**_TENSOR, "data": ["1", "2"]}, _TEXT]},
        ],
    ),
    ("oip", "answer"): (
        {"model_name": "m", "outputs": [{"name": "p", "shape": [1, 3], "datatype": "FP64", "data": [1, 2, 3]}]},
        [{"outputs": []}, {"model_name": "m", "outputs": [{"name": "q"}]}],
    ),
    ("tf", "request"): ({"inputs": [[1, 2]]}, [{"inputs": [[1, 2, 3]]}, {"instances": [[1, "2"]]}, {"inputs": 1, "instances": [1]}, {}]),
    ("tf", "answer"): ({"predictions": [[0.5]]}, [{"predictions": [0.5]}, {"error": "no"}]),
    ("torchserve", "request"): ({"instances": [[1, 2], [3, 4.5]]}, [{"instances": [[1]]}, {"instances": [{"amount": 1}]}, {"features": [1, 2, 3]}]),
    ("torchserve", "answer"): ({"predictions": [1, {"a": 2}]}, [{"error": "no"}]),
    ("mlflow", "request"): (
        {"dataframe_split": {"columns": ["hour", "amount"], "data": [[1, 2]], "index": [0]}, "params": {"x": 1}},
        [{"dataframe_split": {"columns": ["minute"], "data": []}}, {"dataframe_split": {"data": []}}, {}],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("spec", "side"), _BODIES)
def test_what_the_schemas_say(clients: Make, spec: str, side: str) -> None:
    """A request or answer as the server has it passes, and others do not."""
    right, wrong = _BODIES[spec, side]
    validator = jsonschema.Draft202012Validator(_schema(clients(spec).openapi, side))
    assert list(validator.iter_errors(right)) == []
    assert [item for item in wrong if validator.is_valid(item)] == []


def test_who_may_ask(clients: Make) -> None:
    """TorchServe's token is asked for, unless the spec turned it off; where the server is, is said."""
    document = clients("torchserve").openapi
    assert document["components"]["securitySchemes"]["token"] == {"type": "http", "scheme": "bearer"}
    assert document["security"] == [{"token": []}]
    assert document["servers"] == [{"url": "http://127.0.0.1:8080"}]
    assert "security" not in clients("picture").openapi
    assert list(clients("tf").openapi["paths"]) == ["/v1/models/m:predict", "/v1/models/m"]
