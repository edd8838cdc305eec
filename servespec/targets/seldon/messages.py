"""What is wrong with a spec only on Seldon Core."""

from __future__ import annotations

from servespec.diagnostics.suggest import one_of
from servespec.diagnostics.types import Diagnostic, Label, Part, error, warning
from servespec.diagnostics.wording import shown
from servespec.runtimes.seldon import SELDON_PROTOCOL
from servespec.spans import Route

OPTIONS: Route = ("targets", "seldon")
HERE = Label(OPTIONS, "here", Part.KEY)
_CALLED_SO = "the container gets this name"
_SERVER = Label(("runtime", "server"), "the server", otherwise=Label(("model", "format"), "by default from this"))


def unspoken_protocol(protocol: str, *, server: str, speaks: tuple[str, ...]) -> Diagnostic:
    """Seldon is to speak a protocol with the model that the server does not know.

    The SeldonDeployment would be taken, and every request answered with 404; for a prepackaged server without an image
    for the protocol, Seldon's webhook fills in an empty one. Seldon's own protocol is spoken by servers of 2021 only.

    Bad:
    ```yaml
    model: {format: sklearn, uri: ./absent.joblib}
    targets: {seldon: {protocol: tensorflow}}
    ```
    Good:
    ```yaml
    model: {format: sklearn, uri: ./absent.joblib}
    targets: {seldon: {protocol: v2}}
    ```
    """
    return error(
        "unspoken-protocol",
        f"{server} does not speak `{protocol}` with Seldon",
        Label((*OPTIONS, "protocol"), f"it speaks {one_of(speaks, 'and')}" if speaks else "it speaks none of Seldon's"),
        _SERVER,
        help="leave it out",
        notes=(SELDON_PROTOCOL.value,) if protocol == "seldon" else (),
    )


def unmaintained_protocol() -> Diagnostic:
    """Seldon no longer maintains what it has for TensorFlow's protocol.

    It has taken over the Open Inference Protocol, `v2`, and keeps the others as they are. Without the orchestrator it
    has no part in what clients and server say to each other.

    Bad:
    ```yaml
    model: {format: tensorflow, uri: "s3://models/fraud"}
    targets: {seldon: {orchestrator: true}}
    ```
    Good:
    ```yaml
    model: {format: tensorflow, uri: "s3://models/fraud"}
    targets: {seldon: {orchestrator: false}}
    ```
    """
    return warning(
        "unmaintained-protocol",
        "Seldon no longer maintains the protocol `tensorflow`",
        Label(
            (*OPTIONS, "protocol"),
            "nothing in it gets mended",
            otherwise=Label((*OPTIONS, "orchestrator"), "it speaks `tensorflow` with this server"),
        ),
        help="leave both out; until then, accept it in `suppress` with a reason",
    )


def unroutable_server(server: str) -> Diagnostic:
    """Seldon's orchestrator does not know the addresses of this server.

    It passes on `/v2/models/NAME/infer` and `/v1/models/NAME:predict`, and answers everything else with 404. Without it
    requests go to the server itself, whatever it speaks.

    Bad:
    ```yaml
    model: {format: mlflow, uri: ./mlflow}
    targets: {seldon: {orchestrator: true}}
    ```
    Good:
    ```yaml
    model: {format: mlflow, uri: ./mlflow}
    targets: {seldon: {orchestrator: false}}
    ```
    """
    return error(
        "unroutable-server",
        f"Seldon's orchestrator can't pass requests on to {server}",
        Label((*OPTIONS, "orchestrator"), "it speaks `v2` and `tensorflow`"),
        _SERVER,
        help="leave it out: requests then go to the server itself",
    )


def orchestrator_port(protocol: str, port: int) -> Diagnostic:
    """The server listens on a port that Seldon's orchestrator has in the same pod.

    The two containers share one network: the second to start finds the port taken, and ends.

    Bad:
    ```yaml
    model: {format: sklearn, uri: ./absent.joblib}
    runtime: {protocols: {rest: 8000}}
    targets: {seldon: {orchestrator: true}}
    ```
    Good:
    ```yaml
    model: {format: sklearn, uri: ./absent.joblib}
    runtime: {protocols: {rest: 8080}}
    targets: {seldon: {orchestrator: true}}
    ```
    """
    orchestrator = Label((*OPTIONS, "orchestrator"), "its container listens there")
    return error(
        "orchestrator-port",
        f"port {port} is taken by Seldon's orchestrator",
        Label(("runtime", "protocols", protocol), "both are in one pod", otherwise=orchestrator),
        orchestrator,
        help=f"write `{protocol}: {port + 80}` in `runtime.protocols`, or take the orchestrator out",
    )


def reserved_container(name: str) -> Diagnostic:
    """The model's container would have a name that Seldon keeps for one of its own.

    Seldon finds a model's container by the name of the model, and passes over these: the model would get no address.

    Bad:
    ```yaml
    model: {format: sklearn, uri: ./absent.joblib, name: tfserving}
    targets: {seldon: }
    ```
    Good:
    ```yaml
    model: {format: sklearn, uri: ./absent.joblib, name: fraud}
    targets: {seldon: }
    ```
    """
    return error(
        "reserved-container",
        f"{shown(name)} is a name that Seldon keeps for itself",
        Label(("model", "name"), _CALLED_SO, otherwise=Label(("name",), _CALLED_SO)),
        Label(OPTIONS, "here", Part.KEY),
        help="give the model another `name`",
    )


def local_model(format_: str) -> Diagnostic:
    """Seldon Core 2 fetches every model from a storage, and this one is beside the spec.

    Its servers start without a model; a Model names where in a storage it is. Version 1 also runs an image that has its
    model in it.

    Bad:
    ```yaml
    model: {format: sklearn, uri: ./absent.joblib}
    targets: {seldon: {apiVersion: mlops.seldon.io/v1alpha1}}
    ```
    Good:
    ```yaml
    model: {format: sklearn, uri: "s3://models/m.joblib", framework: {name: scikit-learn, version: "1.5.2"}}
    targets: {seldon: {apiVersion: mlops.seldon.io/v1alpha1}}
    suppress: [{rule: commercial-licence, reason: we have one}]
    ```
    """
    return error(
        "local-model",
        "Seldon Core 2 can't run a model that is beside the spec",
        Label(("model", "uri"), f"a path; its servers fetch `{format_}` models from a storage"),
        Label((*OPTIONS, "apiVersion"), "version 2"),
        help="write an address such as `s3://BUCKET/MODEL`, or use version 1",
    )


def commercial_licence(free: str, *, version: str | None) -> Diagnostic:
    """Seldon Core in versions that still get updates needs a commercial licence in production.

    The last versions under Apache-2.0 are 1.17.1 and 2.6.0, of 2023. What is compiled here runs on them and on later
    ones. The root file may say of a cluster which it has.

    Bad:
    ```yaml
    model: {format: sklearn, uri: "s3://models/m.joblib", framework: {name: scikit-learn, version: "1.5.2"}}
    targets: {seldon: {apiVersion: mlops.seldon.io/v1alpha1}}
    ```
    Good:
    ```yaml
    model: {format: sklearn, uri: "s3://models/m.joblib", framework: {name: scikit-learn, version: "1.5.2"}}
    targets: {kserve: }
    ```
    """
    words = f"{version} in production, as the root file says of the platform" if version else "in production"
    return warning(
        "commercial-licence",
        f"Seldon Core after {free} needs a commercial licence",
        Label((*OPTIONS, "apiVersion"), words, otherwise=Label(OPTIONS, words, Part.KEY)),
        help="if you have one, say so in `suppress`; `kserve` is free",
    )


def unfit_model_name(name: str, *, near: str) -> Diagnostic:
    """Seldon would call the model like an object of Kubernetes, and no object can have this name.

    Version 1 tells a prepackaged server the name of its container, version 2 that of the Model: lower-case letters,
    digits and `-`. Clients would have to call the model by another name than the spec says.

    Bad:
    ```yaml
    model: {format: xgboost, uri: "s3://models/m.json", name: fraud_model}
    targets: {seldon: }
    ```
    Good:
    ```yaml
    model: {format: xgboost, uri: "s3://models/m.json", name: fraud-model}
    targets: {seldon: }
    ```
    """
    return error(
        "unfit-model-name",
        f"Seldon can't call a model {shown(name, 30)}",
        Label(("model", "name"), "an object gets this name: at most 63 of `a-z`, `0-9` and inner `-`"),
        Label(("model", "uri"), "fetched into a server that others ship"),
        help=f"write `{near}`",
    )


def unscheduled_server(server: str, *, known: tuple[str, ...], able: tuple[str, ...]) -> Diagnostic:
    """Seldon Core 2 has no server that could run the model.

    Its scheduler looks for a Server with the capability that the Model asks for, and finds none: the Model waits for
    ever.

    Bad:
    ```yaml
    model: {format: onnx, uri: "s3://models/m.onnx"}
    targets: {seldon: {apiVersion: mlops.seldon.io/v1alpha1}}
    ```
    Good:
    ```yaml
    model: {format: onnx, uri: "s3://models/m"}
    runtime: {server: triton}
    signature:
      inputs: {tensors: [{name: input, datatype: FP32, shape: [-1, 4]}]}
      outputs: {tensors: [{name: probability, datatype: FP32, shape: [-1, 1]}]}
    targets: {seldon: {apiVersion: mlops.seldon.io/v1alpha1}}
    ```
    """
    return error(
        "unscheduled-server",
        f"Seldon Core 2 does not run {server}",
        _SERVER,
        Label((*OPTIONS, "apiVersion"), f"it runs {one_of(known, 'and')}"),
        help=f"write `server: {able[0]}`, or use version 1" if able else "use version 1: neither takes the format",
    )
