"""What is wrong with variants only on KServe."""

from __future__ import annotations

from servespec.deployment.platform import Platform, number
from servespec.diagnostics.types import Diagnostic, Label, Part, error
from servespec.targets.kserve.cluster import has_canaries
from servespec.targets.kserve.messages import HERE, IN_MODE, OPTIONS

_MOST = 63


def unfit_variant_name(index: int, *, most: int) -> Diagnostic:
    """KServe makes a Service of the names of the service and of the variant, which is too long.

    The Service of each but the one with the most weight is called `NAME-VARIANT-predictor`, and no name of a Service
    has more than 63 characters.

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
        HERE,
        help=f"write at most {most} characters" if most > 0 else "give the service a shorter name",
    )


def knative_canary(index: int, platform: Platform, *, since: str) -> Diagnostic:
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
    condition = "" if has_canaries(platform) else f", on a platform {_sharing(since)}"
    return error(
        "knative-canary",
        "KServe on Knative can't run two variants side by side",
        Label(("variants", index), "the second one that gets requests"),
        IN_MODE,
        help=f"write `mode: Standard`{condition}",
    )


def missing_canaries(index: int, platform: Platform, *, since: str) -> Diagnostic:
    """Two variants are to share the requests, and KServe may send all of them to one.

    KServe 0.20 takes the field `canary`, and runs each variant, but each of its routes leads to the one with the most
    weight: an A/B test that compares nothing. It shares requests out since 0.21, and only where its own configuration
    has `enableGatewayApi: true`, since an Ingress has no weights. Both the root file says of a cluster.

    Bad:
    ```yaml
    platform: production   # with `platforms: {production: {kubernetes: "1.34", kserve: "0.20"}}` in servespec.yaml
    variants: [{name: current, weight: 90}, {name: next, weight: 10}]
    targets: {kserve: }
    ```
    Good:
    ```yaml
    platform: production   # there with `kserve: "0.21", enableGatewayApi: true`
    variants: [{name: current, weight: 90}, {name: next, weight: 10}]
    targets: {kserve: }
    ```
    """
    known, anywhere = platform.kserve, Label(OPTIONS, "on any cluster, also with 0.20", Part.KEY)
    if known is None:
        has, way = "", f"name a `platform` of the root file {_sharing(since)}"
    elif number(known) < number(since):
        has, way = f"has {known}", f"upgrade KServe there to {since}"
    else:
        has, way = "has no `enableGatewayApi`", "if KServe's configuration has it, write `enableGatewayApi: true` there"
    return error(
        "missing-canaries",
        "KServe would send all requests to one variant",
        Label(("variants", index), "the second one that gets requests"),
        Label(("platform",), has, otherwise=anywhere),
        help=f"{way}, or share requests with `seldon`, or with `kubernetes` and a Gateway",
    )


def _sharing(since: str) -> str:
    """How a platform is described on which KServe shares requests out."""
    return f'as in `platforms: {{production: {{kubernetes: "1.34", kserve: "{since}", enableGatewayApi: true}}}}`'


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
        Label(("scaling", "autoscaling", "max"), f"with {taken} for canaries, at least {least} are needed"),
        HERE,
        help=f"write `max: {least}` or more, or give the canaries fewer `replicas`",
    )


def unscaled_canary(metric: str) -> Diagnostic:
    """The stable variant is scaled by requests, which KServe can't do where there are canaries.

    KServe makes an autoscaler of the same class for each canary too, and has nothing to scale that by: KEDA refuses one
    without triggers, and KServe gives the canary up each time. By CPU or memory Kubernetes scales itself, and takes it.

    Bad:
    ```yaml
    scaling: {autoscaling: {max: 6, metric: rps, target: 50}}
    variants: [{name: current, weight: 90}, {name: next, weight: 10}]
    targets: {kserve: }
    ```
    Good:
    ```yaml
    scaling: {autoscaling: {max: 6, metric: cpu}}
    variants: [{name: current, weight: 90}, {name: next, weight: 10}]
    targets: {kserve: }
    ```
    """
    return error(
        "unscaled-canary",
        f"KServe can't scale by `{metric}` where there are canaries",
        Label(("scaling", "autoscaling", "metric"), "KEDA takes no canary"),
        HERE,
        help="write `metric: cpu`",
    )


def mixed_storage(index: int, *, stable: int) -> Diagnostic:
    """One variant's model is in a storage or a registry, and another's is in its image or in the other of the two.

    KServe lays a canary over the stable predictor: where that one names a storage, or has an init container that asks a
    registry, the canary would get its model from there too.

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
        "KServe wants the variants' models in one kind of place",
        _uri(index, "the canary's"),
        _uri(stable, "the stable one's"),
        HERE,
        help="have all of them in a storage, all in a registry, or all beside the spec",
    )


def _uri(index: int, words: str) -> Label:
    return Label(("variants", index, "model", "uri"), words, otherwise=Label(("variants", index), words))
