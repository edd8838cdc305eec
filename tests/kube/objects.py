"""Objects of a cluster under the eyes of others: Kubernetes' own schemas, and those of custom resources.

A checker that does not know a kind passes everything, so a kind without a schema is a problem here. For the same
reason every pod spec, wherever it stands, can be lifted out into a Pod, which every checker knows.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import kubernetes_validate
from jsonschema import Draft202012Validator
from kubernetes_validate.utils import all_versions

Object = dict[str, Any]

VERSIONS = tuple(all_versions()[index].rpartition(".")[0] for index in (0, -1))
"""The oldest and the newest version of Kubernetes whose schemas are here."""


def problems(document: Object, crds: Path, *, versions: tuple[str, ...] = VERSIONS) -> list[str]:
    """What is wrong with an object, in the words of who says so, for each version of Kubernetes; unknown fields are."""
    schema = crds / f"{document['kind']}.{document['apiVersion'].replace('/', '.')}.json"
    if schema.is_file():
        return [f"{error.json_path}: {error.message}" for error in _validator(schema).iter_errors(document)]
    return [problem for version in versions for problem in _built_in(document, version)]


def _built_in(document: Object, version: str) -> Iterator[str]:
    try:
        kubernetes_validate.validate(document, version, strict=True)
    except kubernetes_validate.ValidationError as error:
        yield f"{version}: {error.json_path}: {error.message}"
    except kubernetes_validate.SchemaNotFoundError as error:
        yield error.message


@cache
def _validator(schema: Path) -> Draft202012Validator:
    return Draft202012Validator(closed(json.loads(schema.read_text()), top=True))


def closed(schema: Any, *, top: bool = False) -> Any:
    """The schema of a custom resource, as strict as `kubectl --validate=strict`: no field that it does not name."""
    if isinstance(schema, list):
        return [closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if schema.get("x-kubernetes-int-or-string"):
        return {**{key: value for key, value in schema.items() if key != "type"}, "type": ["integer", "string"]}
    made = {key: _closed_part(key, value, top=top) for key, value in schema.items()}
    open_ = schema.get("x-kubernetes-preserve-unknown-fields") or "additionalProperties" in schema
    if "properties" in schema and not open_:
        made["additionalProperties"] = False
    if schema.get("nullable") and "type" in made:
        made["type"] = [made["type"], "null"]
    return made


def _closed_part(key: str, value: Any, *, top: bool) -> Any:
    if key != "properties":
        return closed(value)
    # Of the head of an object a resource's own schema says nothing: every object has the same.
    return {name: below if top and name == "metadata" else closed(below) for name, below in value.items()}


def pods(document: Object) -> list[Object]:
    """Each pod spec of an object, as a Pod with the labels of its template."""
    found = list(_pod_specs(document, {}))
    return [
        {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {"name": f"pod-{number}", "namespace": "lifted", "labels": labels},
            "spec": spec,
        }
        for number, (labels, spec) in enumerate(found)
    ]


def started(documents: list[Object]) -> list[Object]:
    """Each pod that the objects of one target would start, as far as they say what is in it.

    KServe puts a predictor and its runtime together, and lays a canary over the stable predictor. A Server of Seldon
    Core 2 says only what differs from what the cluster has of it.
    """
    runtimes = {item["metadata"]["name"]: item["spec"] for item in documents if item["kind"] == "ServingRuntime"}
    parts = [item for item in documents if item["kind"] not in ("ServingRuntime", "Server")]
    merged = [bool(runtimes) and item["kind"] == "InferenceService" for item in parts]
    return [
        pod
        for item, split in zip(parts, merged, strict=True)
        for pod in (_of_service(item, runtimes) if split else pods(item))
    ]


def _of_service(service: Object, runtimes: dict[str, Object]) -> list[Object]:
    stable, canaries = service["spec"]["predictor"], service["spec"].get("canary", ())
    found = []
    for predictor in (stable, *(item["predictor"] for item in canaries)):
        runtime = runtimes[predictor["model"]["runtime"]]
        whole = {**stable, **predictor, "containers": runtime["containers"], "volumes": runtime["volumes"]}
        found += pods({"spec": {name: value for name, value in whole.items() if name not in ("model", "name")}})
    return found


_BESIDE_A_POD = (
    "autoScaling",
    "canaryTrafficPercent",
    "labels",
    "maxReplicas",
    "minReplicas",
    "protocolVersions",
    "scaleMetric",
    "scaleTarget",
    "supportedModelFormats",
    "timeout",
)
"""Fields of KServe's own that stand among those of a pod."""


def _pod_specs(value: Any, labels: dict[str, str]) -> Iterator[tuple[dict[str, str], Object]]:
    """Every map that has containers, with the labels beside it."""
    if isinstance(value, list):
        for item in value:
            yield from _pod_specs(item, labels)
    elif isinstance(value, dict):
        if "containers" in value:
            yield value.get("labels", labels), {name: item for name, item in value.items() if name not in _BESIDE_A_POD}
            return
        below = (
            value.get("metadata", {}).get("labels", labels) if isinstance(value.get("metadata", {}), dict) else labels
        )
        for item in value.values():
            yield from _pod_specs(item, below)


def wrong_references(documents: list[Object]) -> list[str]:
    """What one object says of another that is not there: the labels that a selector wants, the ports of a service."""
    templates = [pod for document in documents for pod in pods(document)]
    services = {document["metadata"]["name"] for document in documents if document["kind"] == "Service"}
    return [problem for document in documents for problem in _unmet(document, templates, services)]


def _backends(value: Any) -> Iterator[str]:
    """The services that an Ingress or a route leads to."""
    if isinstance(value, list):
        for item in value:
            yield from _backends(item)
    elif isinstance(value, dict):
        references = [value.get("service"), value.get("backendRef"), *value.get("backendRefs", ())]
        yield from (reference["name"] for reference in references if reference)
        for item in value.values():
            yield from _backends(item)


def _unmet(document: Object, templates: list[Object], services: set[str]) -> Iterator[str]:
    spec = document.get("spec", {})
    wanted = spec.get("podSelector", spec.get("selector", {}))
    wanted = wanted.get("matchLabels", wanted) if isinstance(wanted, dict) else {}
    met = [pod for pod in templates if wanted.items() <= pod["metadata"]["labels"].items()]
    if document["kind"] in ("Deployment", "Service", "NetworkPolicy", "PodDisruptionBudget") and not met:
        yield f"{document['kind']} selects no pod: {wanted}"
    if document["kind"] in ("Ingress", "HTTPRoute", "GRPCRoute"):
        yield from (f"no service {name}" for name in _backends(spec) if name not in services)
    if document["kind"] == "Service":
        named = {port["name"] for pod in met for item in pod["spec"]["containers"] for port in item.get("ports", ())}
        yield from (f"no port {port['targetPort']}" for port in spec["ports"] if port["targetPort"] not in named)
