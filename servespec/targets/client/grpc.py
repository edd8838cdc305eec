"""What the gRPC client is made of: skeletons by server, and the literal with the messages."""

from __future__ import annotations

from collections.abc import Mapping

from servespec.deployment.types import Deployment
from servespec.emit.quoted import Data, traced
from servespec.runtimes import grpc, tf_serving
from servespec.runtimes.catalog import SERVERS
from servespec.spans import Value
from servespec.targets.client.example import as_tensors, example
from servespec.targets.client.inputs import by_name, by_row, speaks_oip, tensors
from servespec.targets.client.wire import seconds, url


def can_ask(deployment: Deployment) -> bool:
    """Whether the server speaks gRPC, and the names are known that it wants there."""
    server = deployment.runtime.server
    speaks = SERVERS[server].grpc_method is not None and "grpc" in deployment.runtime.protocols
    return speaks and (is_by_row(deployment) or bool(tensors(deployment)))


def is_by_row(deployment: Deployment) -> bool:
    """Whether inputs are sent as rows, in the JSON of a handler."""
    return deployment.runtime.server == "torchserve"


def pieces(deployment: Deployment) -> tuple[str, ...]:
    """The skeletons of the client, in the order of its text."""
    form = "oip" if speaks_oip(deployment) else deployment.runtime.server.replace("-", "_")
    inputs = "rows.py" if is_by_row(deployment) else "tensors.py"
    return ("grpc/start.py", f"grpc/{form}.py", inputs, "errors.py", "grpc/channel.py", "command.py")


def spec(deployment: Deployment) -> dict[str, Data]:
    """The literal."""
    server = deployment.runtime.server
    facts, sent = SERVERS[server], example(deployment)
    assert facts.grpc_method is not None
    assert facts.grpc_messages is not None
    request: Value = sent.request if is_by_row(deployment) else _fitting(deployment, as_tensors(sent.request))
    return {
        "url": traced(url(deployment, "grpc"), "runtime.protocols.grpc"),
        "model": traced(deployment.model.name, "model.name"),
        "timeout": traced(seconds(deployment), "runtime.timeouts.request"),
        **(by_row(deployment) if is_by_row(deployment) else by_name(deployment)),
        "method": traced(facts.grpc_method.value, f"fact:{server}.grpc_method"),
        "messages": traced(_table(facts.grpc_messages.value), f"fact:{server}.grpc_messages"),
        **_peculiar(deployment),
        "example": traced(request, sent.why),
    }


def _fitting(deployment: Deployment, found: Value) -> Value:
    """The inputs of an example when they are just those that the model takes."""
    names = {item.name for item in tensors(deployment)}
    return found if isinstance(found, dict) and set(found) == names else None


def _table(messages: Mapping[str, Mapping[str, str]]) -> Data:
    return {name: dict(fields) for name, fields in messages.items()}


def _peculiar(deployment: Deployment) -> dict[str, Data]:
    """How values are written, by datatype."""
    if is_by_row(deployment):
        return {}
    server = deployment.runtime.server
    formats: dict[str, Data] = {"formats": traced(dict(grpc.OIP_FORMATS.value), f"fact:{server}.grpc_messages")}
    if speaks_oip(deployment):
        return formats
    types: dict[str, Data] = {name: list(kind) for name, kind in tf_serving.TYPES.value.items()}
    return {"types": traced(types, "fact:tf-serving.TYPES"), **formats}


def is_binary(deployment: Deployment) -> bool:
    """Whether the client writes numbers by their bytes."""
    return not is_by_row(deployment)
