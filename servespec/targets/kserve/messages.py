"""What is wrong with a spec only on KServe."""

from __future__ import annotations

from servespec.diagnostics.types import Diagnostic, Label, Part, error
from servespec.diagnostics.wording import shown
from servespec.spans import Route

OPTIONS: Route = ("targets", "kserve")
HERE = Label(OPTIONS, "here", Part.KEY)
IN_MODE = Label((*OPTIONS, "mode"), "Knative", otherwise=HERE)


def unfit_service_name(name: str, *, most: int, near: str) -> Diagnostic:
    """KServe makes a Service and an address of the name, and this one can't be either.

    Its webhook wants a letter first. The Service is called `NAME-predictor`, and no name of a Service has more than 63
    characters: a longer InferenceService is taken, and never becomes ready.

    Bad:
    ```yaml
    name: 3d-detector
    model: {format: sklearn, uri: ./absent.joblib}
    targets: {kserve: }
    ```
    Good:
    ```yaml
    name: detector-3d
    model: {format: sklearn, uri: ./absent.joblib}
    targets: {kserve: }
    ```
    """
    return error(
        "unfit-service-name",
        f"{shown(name, 30)} can't be the name of an InferenceService",
        Label(("name",), f"at most {most} of `a-z`, `0-9` and inner `-`, and a letter first"),
        HERE,
        help=f"write `{near}`",
    )


def refused_variable(name: str, *, by: str) -> Diagnostic:
    """A variable is one that the platform does not let anybody set.

    KServe's webhook refuses PYTHONPATH, by which others could load code into the server. Knative sets PORT, K_SERVICE,
    K_CONFIGURATION and K_REVISION itself.

    Bad:
    ```yaml
    model: {format: sklearn, uri: ./absent.joblib}
    runtime: {env: {PYTHONPATH: /opt/lib}}
    targets: {kserve: }
    ```
    Good:
    ```yaml
    model: {format: sklearn, uri: ./absent.joblib}
    image: {files: [{source: ./handlers, target: /opt/lib}]}
    targets: {kserve: }
    ```
    """
    return error(
        "refused-variable",
        f"{by} lets nobody set `{name}`",
        Label(("runtime", "env", name), "the whole service would be refused", Part.KEY),
        HERE,
        help="take it out",
    )


def knative_port(protocol: str, port: int) -> Diagnostic:
    """The server listens on a port that Knative's own proxy has in the same pod.

    Bad:
    ```yaml
    model: {format: sklearn, uri: ./absent.joblib}
    runtime: {protocols: {rest: 9090}}
    targets: {kserve: {mode: Knative}}
    ```
    Good:
    ```yaml
    model: {format: sklearn, uri: ./absent.joblib}
    runtime: {protocols: {rest: 8080}}
    targets: {kserve: {mode: Knative}}
    ```
    """
    return error(
        "knative-port",
        f"port {port} is taken by Knative's proxy",
        Label(("runtime", "protocols", protocol), "both are in one pod", otherwise=IN_MODE),
        IN_MODE,
        help=f"write another port, such as `{protocol}: 8080`",
    )


def knative_timeout(*, most: int) -> Diagnostic:
    """A request may take longer than Knative lets any.

    Its webhook refuses a revision with a longer timeout than `max-revision-timeout-seconds`, 600 unless the cluster's
    configuration says otherwise.

    Bad:
    ```yaml
    model: {format: sklearn, uri: ./absent.joblib}
    runtime: {timeouts: {request: 15m}}
    targets: {kserve: {mode: Knative}}
    ```
    Good:
    ```yaml
    model: {format: sklearn, uri: ./absent.joblib}
    runtime: {timeouts: {request: 10m}}
    targets: {kserve: {mode: Knative}}
    ```
    """
    return error(
        "knative-timeout",
        "Knative allows no request that much time",
        Label(("runtime", "timeouts", "request"), f"at most {most} s"),
        IN_MODE,
        help=f"write `{most // 60}m` or less, or use `mode: Standard`",
    )


def knative_init_container(feature: str) -> Diagnostic:
    """A model is fetched from a registry by an init container, and Knative takes none.

    Its webhook refuses the service, unless the feature for them is turned on in `config-features`, which the root file
    says of a platform. A model in a storage is fetched by KServe itself, which needs no feature.

    Bad:
    ```yaml
    connections: [{name: registry, type: mlflow, endpoint: "https://mlflow.example.com"}]
    model: {format: mlflow, uri: "models:/fraud/4", credentials: {registry: registry}}
    targets: {kserve: {mode: Knative}}
    ```
    Good:
    ```yaml
    connections: [{name: registry, type: mlflow, endpoint: "https://mlflow.example.com"}]
    model: {format: mlflow, uri: "models:/fraud/4", credentials: {registry: registry}}
    targets: {kserve: {mode: Standard}}
    ```
    """
    return error(
        "knative-init-container",
        "Knative takes no init container",
        Label(("model", "uri"), "fetched by one from the registry", otherwise=Label(("model",), "fetched by one")),
        IN_MODE,
        help=f"use `mode: Standard`, or turn on `{feature}` there and name it in the platform's `features`",
    )


def several_storages(one: tuple[str, int], other: tuple[str, int]) -> Diagnostic:
    """Two variants are fetched by two connections, and KServe takes one for the whole service.

    An annotation names the secret with which the models of a service are fetched, all of them.

    Bad:
    ```yaml
    connections: [{name: new, type: s3, auth: workload}, {name: old, type: gs, auth: workload}]
    model: {format: xgboost, uri: "s3://models/2.json", credentials: {storage: new}}
    variants:
      - {name: steady, weight: 80, model: {uri: "gs://models/1.json", credentials: {storage: old}}}
      - {name: next, weight: 20}
    targets: {kserve: }
    ```
    Good:
    ```yaml
    connections: [{name: new, type: s3, auth: workload}]
    model: {format: xgboost, uri: "s3://models/2.json", credentials: {storage: new}}
    variants:
      - {name: steady, weight: 80, model: {uri: "s3://models/1.json"}}
      - {name: next, weight: 20}
    targets: {kserve: }
    ```
    """
    (name, index), (second, at) = one, other
    return error(
        "several-storages",
        "KServe fetches all models of a service by one connection",
        Label(("variants", at, "model", "credentials", "storage"), f"by {shown(second, 30)}", otherwise=_variant(at)),
        Label(
            ("variants", index, "model", "credentials", "storage"), f"by {shown(name, 30)}", otherwise=_variant(index)
        ),
        help="put both models into one storage, or make two services of them",
    )


def _variant(index: int) -> Label:
    return Label(("variants", index, "name"), "this variant's model")


def over_all(metric: str, *, most: int) -> Diagnostic:
    """The autoscaling target is above 100 percent of what is requested, which KServe does not take.

    Kubernetes itself does: with less set aside than a copy may use, it can use more than that. KServe's webhook refuses
    the service: "the target utilization percentage should be a [1-100] integer".

    Bad:
    ```yaml
    resources: {requests: {cpu: 500m}}
    scaling: {autoscaling: {max: 6, metric: cpu, target: 150}}
    targets: {kserve: }
    ```
    Good:
    ```yaml
    resources: {requests: {cpu: "1"}}
    scaling: {autoscaling: {max: 6, metric: cpu, target: 75}}
    targets: {kserve: }
    ```
    """
    return error(
        "over-all",
        f"KServe scales by at most {most} percent",
        Label(("scaling", "autoscaling", "target"), f"of what is set aside of {metric}"),
        HERE,
        help="set more aside, and write a target that is less of it",
    )
