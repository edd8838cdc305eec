"""What the REST client is made of: skeletons by how a server takes requests, and the literal."""

from __future__ import annotations

from servespec.deployment.types import Deployment
from servespec.emit.quoted import Data, traced
from servespec.facts import Facts
from servespec.runtimes.catalog import SERVERS
from servespec.runtimes.grpc import OIP_NAN
from servespec.targets.client.example import example
from servespec.targets.client.inputs import by_name, by_row, own_columns, speaks_oip, tensors
from servespec.targets.client.wire import seconds, url

_BY_NAME = "tensors.py"
_BY_ROW = "rows.py"


def pieces(deployment: Deployment) -> tuple[str, ...]:
    """The skeletons of the client, in the order of its text."""
    form, inputs = _form(deployment)
    return ("rest/start.py", f"rest/{form}", inputs, "errors.py", "rest/http.py", "command.py")


def _form(deployment: Deployment) -> tuple[str, str]:
    """The skeletons that know what a request looks like, and what inputs are."""
    if speaks_oip(deployment):
        return "oip.py", _BY_NAME
    named = bool(tensors(deployment))
    match deployment.runtime.server:
        case "tf-serving" if named:
            return "tf_serving.py", _BY_NAME
        case "mlflow" if deployment.signature and deployment.signature.inputs.tensors:
            return "mlflow_tensors.py", _BY_NAME
        case "mlflow":
            return "mlflow_table.py", _BY_ROW
    return "instances.py", _BY_ROW


def spec(deployment: Deployment, facts: Facts) -> dict[str, Data]:
    """The literal."""
    form, inputs = _form(deployment)
    path = SERVERS[deployment.runtime.server].predict_at(deployment.model.name)
    sent = example(deployment)
    return {
        "url": traced(url(deployment, "rest"), "runtime.protocols.rest"),
        "path": traced(path, "model.name", f"fact:{deployment.runtime.server}.predict_path"),
        "timeout": traced(seconds(deployment), "runtime.timeouts.request"),
        **(by_name(deployment) if inputs == _BY_NAME else by_row(deployment)),
        **_peculiar(deployment, form, facts),
        "example": traced(sent.request, sent.why),
    }


def _peculiar(deployment: Deployment, form: str, facts: Facts) -> dict[str, Data]:
    """What only some skeletons ask for."""
    outputs = deployment.signature.outputs if deployment.signature else None
    if form == "tf_serving.py":
        names: list[Data] = [item.name for item in outputs.tensors] if outputs else []
        return {"outputs": traced(names, "signature.outputs")}
    if form == "oip.py":
        return {"nan": traced(deployment.runtime.server in OIP_NAN.value, "runtime.server")}
    if form == "mlflow_table.py" and deployment.signature is None:
        return {"columns": traced(own_columns(deployment, facts), "model.uri")}
    if form == "mlflow_tensors.py":
        return {"named": traced(_is_named(deployment), "examples", "signature.inputs")}
    return {}


def _is_named(deployment: Deployment) -> bool:
    """Whether MLflow takes tensors by their names: a lone one may have none in the model, as an example shows."""
    request = example(deployment).request
    return not (isinstance(request, dict) and isinstance(request.get("inputs"), list))
