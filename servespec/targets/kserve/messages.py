"""What is wrong with a spec only on KServe."""

from __future__ import annotations

from servespec.diagnostics.types import Diagnostic, Label, Part, error
from servespec.diagnostics.wording import shown
from servespec.spans import Route

OPTIONS: Route = ("targets", "kserve")
_MOST = 63
_MODE = Label((*OPTIONS, "mode"), "Knative", otherwise=Label(OPTIONS, "here", Part.KEY))


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
        Label(OPTIONS, "here", Part.KEY),
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
        Label(OPTIONS, "here", Part.KEY),
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
        Label(("runtime", "protocols", protocol), "both are in one pod", otherwise=_MODE),
        _MODE,
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
        "Knative gives no request so much time",
        Label(("runtime", "timeouts", "request"), f"at most {most} s"),
        _MODE,
        help=f"write `{most // 60}m` or less, or use `mode: Standard`",
    )


def unfit_variant_name(index: int, *, most: int) -> Diagnostic:
    """KServe makes a Service of the names of the service and of the variant, which is too long.

    The Service is called `NAME-VARIANT-predictor`, and no name of a Service has more than 63 characters.

    Bad:
    ```yaml
    name: a-name-of-quite-some-length-for-a-detector
    variants: [{name: current, weight: 90}, {name: candidate-nov, weight: 10}]
    targets: {kserve: }
    ```
    Good:
    ```yaml
    name: a-name-of-quite-some-length-for-a-detector
    variants: [{name: current, weight: 90}, {name: next, weight: 10}]
    targets: {kserve: }
    ```
    """
    return error(
        "unfit-variant-name",
        "the name of this variant is too long for KServe",
        Label(("variants", index, "name"), f"with that of the service it makes more than {_MOST} characters"),
        Label(("name",), "the service"),
        Label(OPTIONS, "here", Part.KEY),
        help=f"write at most {most} characters" if most > 0 else "give the service a shorter name",
    )


def knative_canary(index: int) -> Diagnostic:
    """Two variants are to share the requests, and Knative can't have two at once.

    Its canary is the newest revision against the last one that was ready: what the second variant is depends on what
    was applied before, and the first would be gone with the next change. In the mode `Standard` each variant is there.

    Bad:
    ```yaml
    variants: [{name: current, weight: 90}, {name: next, weight: 10}]
    targets: {kserve: {mode: Knative}}
    ```
    Good:
    ```yaml
    variants: [{name: current, weight: 90}, {name: next, weight: 10}]
    targets: {kserve: {mode: Standard}}
    ```
    """
    return error(
        "knative-canary",
        "KServe on Knative can't run two variants side by side",
        Label(("variants", index), "the second that is to get requests"),
        _MODE,
        help="write `mode: Standard`",
    )


def canary_replicas(taken: int, *, least: int) -> Diagnostic:
    """The stable variant is scaled to fewer replicas than it needs beside its canaries.

    KServe counts the replicas of canaries among those of the stable one, so that they are added to its least number
    here. Its webhook refuses a least number above the most.

    Bad:
    ```yaml
    scaling: {autoscaling: {min: 2, max: 3}}
    variants: [{name: current, weight: 90}, {name: next, weight: 10}]
    targets: {kserve: }
    ```
    Good:
    ```yaml
    scaling: {autoscaling: {min: 2, max: 4}}
    variants: [{name: current, weight: 90}, {name: next, weight: 10, replicas: 1}]
    targets: {kserve: }
    ```
    """
    return error(
        "canary-replicas",
        "KServe counts canaries among the replicas of the stable one",
        Label(("scaling", "autoscaling", "max"), f"with the {taken} of canaries there are {least} at the least"),
        Label(OPTIONS, "here", Part.KEY),
        help=f"write `max: {least}` or more, or give the canaries fewer `replicas`",
    )


def mixed_storage(index: int, *, stable: int) -> Diagnostic:
    """One variant's model is in a storage, and another's is in its image.

    KServe lays a canary over the stable predictor: where that one names a storage, the canary would get its model from
    there too.

    Bad:
    ```yaml
    model: {format: xgboost, uri: ./absent.json}
    variants: [{name: current, weight: 90}, {name: next, weight: 10, model: {uri: "s3://models/next.json"}}]
    targets: {kserve: }
    ```
    Good:
    ```yaml
    model: {format: xgboost, uri: "s3://models/current.json"}
    variants: [{name: current, weight: 90}, {name: next, weight: 10, model: {uri: "s3://models/next.json"}}]
    targets: {kserve: }
    ```
    """
    return error(
        "mixed-storage",
        "KServe can't mix models from a storage and from images",
        _uri(index, "the canary's"),
        _uri(stable, "the stable one's"),
        Label(OPTIONS, "here", Part.KEY),
        help="have all of them in a storage, or none",
    )


def _uri(index: int, words: str) -> Label:
    return Label(("variants", index, "model", "uri"), words, otherwise=Label(("variants", index), words))
