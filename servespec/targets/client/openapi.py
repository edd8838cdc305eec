"""The REST face as an OpenAPI document (3.1: its schemas are JSON Schema 2020-12)."""

from __future__ import annotations

from servespec.deployment.types import Deployment
from servespec.emit.quoted import Data, traced
from servespec.runtimes.catalog import SERVERS
from servespec.targets.calling import wants_key
from servespec.targets.client.bodies import bodies
from servespec.targets.client.example import is_answered
from servespec.targets.client.wire import url


def document(deployment: Deployment) -> dict[str, Data]:
    """The whole document."""
    paths = {**_prediction(deployment), **_readiness(deployment)}
    data: dict[str, Data] = {
        "openapi": "3.1.0",
        "info": _info(deployment),
        "servers": [{"url": traced(url(deployment, "rest"), "runtime.protocols.rest")}],
        "paths": paths,
    }
    if wants_key(deployment):
        scheme: dict[str, Data] = {"token": {"type": "http", "scheme": "bearer"}}
        data["components"] = traced({"securitySchemes": scheme}, "security.authorization")
        data["security"] = traced([{"token": []}], "security.authorization")
    return data


def _info(deployment: Deployment) -> dict[str, Data]:
    info: dict[str, Data] = {
        "title": traced(deployment.name, "name"),
        "version": traced(deployment.release, "release"),
    }
    return {**info, "description": traced(deployment.description, "description")} if deployment.description else info


def _prediction(deployment: Deployment) -> dict[str, Data]:
    path = SERVERS[deployment.runtime.server].predict_at(deployment.model.name)
    assert path is not None
    request, answer = bodies(deployment)
    content: dict[str, Data] = {"schema": traced(request, "signature.inputs")}
    if shown := _examples(deployment):
        content["examples"] = shown
    operation: dict[str, Data] = {
        "operationId": "predict",
        "summary": f"What the model {deployment.model.name} says",
        "requestBody": {"required": True, "content": {"application/json": content}},
        "responses": {
            "200": _response("The answer", traced(answer, "signature.outputs")),
            "4XX": _response("The request does not fit the model, or is not allowed"),
            "5XX": _response("The server failed"),
        },
    }
    return {path: {"post": traced(operation, "model.name")}}


def _examples(deployment: Deployment) -> dict[str, Data]:
    return {
        item.name: {"value": traced(item.request, f"examples[{index}].request")}
        for index, item in enumerate(deployment.examples)
        if is_answered(item)
    }


def _readiness(deployment: Deployment) -> dict[str, Data]:
    path = SERVERS[deployment.runtime.server].ready_at(deployment.model.name)
    if path is None:
        return {}
    operation: dict[str, Data] = {
        "operationId": "ready",
        "summary": f"How the model {deployment.model.name} is",
        "responses": {"200": _response("It is there"), "default": _response("It is not ready")},
    }
    return {path: {"get": traced(operation, "model.name")}}


def _response(description: str, schema: Data = None) -> Data:
    if schema is None:
        return {"description": description}
    return {"description": description, "content": {"application/json": {"schema": schema}}}
