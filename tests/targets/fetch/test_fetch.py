"""A model that is fetched: what runs before its server in compose and in a pod, and what a platform is told instead."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from servespec.artifacts import Bundle, Content
from tests.kube.objects import pods, problems, wrong_references

_S3 = (
    'connections: [{ name: s, type: s3, endpoint: "https://minio:9000", region: eu-central-1, auth: { secret: store },\n'
    "  tls: { ca: { secret: ca } } }]\n"
    "image: { repository: registry.example.com/ml/fraud }\n"
)
_ONNX = f"model: {{ format: onnx, uri: 's3://models/$fraud/m.onnx', credentials: {{ storage: s }} }}\n{_S3}"
_SKLEARN = (
    "model: { format: sklearn, uri: 's3://models/m.joblib', framework: { name: scikit-learn, version: '1.5.2' },\n"
    f"  credentials: {{ storage: s }} }}\n{_S3}"
)
_ENV = {
    "AWS_ENDPOINT_URL_S3": "https://minio:9000",
    "AWS_DEFAULT_REGION": "eu-central-1",
    "AWS_ACCESS_KEY_ID": ("store", "AWS_ACCESS_KEY_ID"),
    "AWS_SECRET_ACCESS_KEY": ("store", "AWS_SECRET_ACCESS_KEY"),
    "CA_CERTIFICATES": ("ca", "ca.crt"),
}


@pytest.fixture
def compiled(bundles: Callable[..., dict[str, Bundle]], crds: Path) -> Callable[[str], dict[str, Any]]:
    """Every emitted YAML by its path; what is for a cluster is passed by its schema."""

    def compile_(text: str) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, bundle in bundles(text).items():
            for item in bundle.artifacts:
                if item.path.endswith((".yaml", ".json")) and isinstance(item.content, Content):
                    found[f"{name}/{item.path}"] = YAML(typ="safe", pure=True).load(item.content.text)
        for target in ("kubernetes", "seldon", "kserve"):
            made = [item for path, item in found.items() if path.startswith(f"{target}/") and path.endswith(".yaml")]
            lifted = [pod for item in made for pod in pods(item)]
            assert [problem for item in (*made, *lifted) for problem in problems(item, crds)] == []
            assert wrong_references(made) == []
        return found

    return compile_


def test_in_compose(compiled: Callable[[str], dict[str, Any]]) -> None:
    """A service that ends fetches into a volume; the server waits for that, starts again after another fetch, reads it, and
    has no key of the storage."""
    made = compiled(f"{_ONNX}targets: {{ compose: }}\n")["compose/compose.yaml"]
    fetcher, server = made["services"]["fraud-detector-fetch"], made["services"]["fraud-detector"]
    assert fetcher["command"] == ["s3://models/$$fraud/m.onnx", "/mnt/models"]
    assert fetcher["environment"].keys() == _ENV.keys()
    assert fetcher["environment"]["CA_CERTIFICATES"].startswith("${CA__CA_CRT:?")
    waits = {"condition": "service_completed_successfully", "restart": True}
    assert server["depends_on"] == {"fraud-detector-fetch": waits}
    (read,), (written,) = server["volumes"], fetcher["volumes"]
    assert (read["source"], read["read_only"]) == (written["source"], True)
    assert read["target"] == "/srv/onnxruntime/model"
    assert made["volumes"].keys() == {read["source"]} == {"model-10001-10001"}
    other = compiled(f"{_ONNX}targets: {{ compose: }}\nsecurity: {{ runAsUser: 20001 }}\n")["compose/compose.yaml"]
    assert other["volumes"].keys() == {"model-20001-10001"}  # that of another user could not be written to
    assert "environment" not in server


def test_in_a_pod(compiled: Callable[[str], dict[str, Any]]) -> None:
    """An init container does, with the same words; the server's own container knows nothing of it."""
    made = compiled(f"{_ONNX}targets: {{ kubernetes: }}\n")
    pod = made["kubernetes/deployment.yaml"]["spec"]["template"]["spec"]
    (fetcher,), (server,) = pod["initContainers"], pod["containers"]
    assert fetcher["args"] == ["s3://models/$$fraud/m.onnx", "/mnt/models"]
    env = {
        item["name"]: item["value"] if "value" in item else tuple(item["valueFrom"]["secretKeyRef"].values())
        for item in fetcher["env"]
    }
    assert env == _ENV
    (mount,) = (item for item in server["volumeMounts"] if item["name"] == "model")
    assert mount == {"name": "model", "mountPath": "/srv/onnxruntime/model", "readOnly": True}
    assert "env" not in server
    assert fetcher["securityContext"]["readOnlyRootFilesystem"] is True


def test_the_way_to_a_storage_that_nobody_names(compiled: Callable[[str], dict[str, Any]]) -> None:
    """Without a connection the model is fetched from the cloud itself, and the pod may call it."""
    made = compiled(
        "model: { format: onnx, uri: 's3://models/m.onnx' }\nimage: { repository: r.example.com/ml }\ntargets: { kubernetes: }\n"
    )
    out = made["kubernetes/networkpolicy.yaml"]["spec"]["egress"]
    assert [[port["port"] for port in rule["ports"]] for rule in out] == [[53, 53], [443]]


def test_each_variant_has_its_own(compiled: Callable[[str], dict[str, Any]]) -> None:
    """A variant's model is fetched for it alone; one whose model lies beside the spec has it in its image."""
    variants = (
        "variants:\n"
        "  - { name: steady, weight: 60 }\n"
        "  - { name: next, weight: 20, model: { uri: 's3://models/2.onnx' } }\n"
        "  - { name: local, weight: 20, model: { uri: ./local.onnx } }\n"
    )
    made = compiled(f"{_ONNX}{variants}targets: {{ compose: }}\n")["compose/compose.yaml"]
    commands = {name: item["command"][0] for name, item in made["services"].items() if "command" in item}
    assert commands == {
        "fraud-detector-steady-fetch": "s3://models/$$fraud/m.onnx",
        "fraud-detector-next-fetch": "s3://models/2.onnx",
    }
    assert made["volumes"].keys() == {"model-steady-10001-10001", "model-next-10001-10001"}


@pytest.mark.parametrize(
    ("uri", "more", "flags"),
    [
        ("s3://models/m.onnx", "", ["--sha256=" + "0" * 64 + ":m.onnx"]),
        ("s3://models/folder", "", ["--sha256=" + "0" * 64 + ":model.onnx"]),
    ],
)
def test_the_digest(compiled: Callable[[str], dict[str, Any]], uri: str, more: str, flags: list[str]) -> None:
    """That of the spec is the file's, by the name under which the server looks for it."""
    model = f"model: {{ format: onnx, uri: '{uri}', credentials: {{ storage: s }}, digest: 'sha256:{'0' * 64}' }}\n"
    made = compiled(f"{model}{_S3}targets: {{ compose: }}\n")["compose/compose.yaml"]
    assert made["services"]["fraud-detector-fetch"]["command"][2:] == flags


def test_no_image_follows_what_is_in_none(compiled: Callable[[str], dict[str, Any]]) -> None:
    """Another model is other words for the program, in the same images."""
    one, other = (
        compiled(
            f"model: {{ format: onnx, uri: 's3://models/{name}/m.onnx', credentials: {{ storage: s }}, digest: 'sha256:{digit * 64}' }}\n"
            f"{_S3}targets: {{ compose: }}\n"
        )["compose/compose.yaml"]["services"]
        for name, digit in (("one", "1"), ("other", "2"))
    )
    assert one["fraud-detector-fetch"]["command"] != other["fraud-detector-fetch"]["command"]
    assert {name: item["image"] for name, item in one.items()} == {name: item["image"] for name, item in other.items()}


@pytest.mark.parametrize("version", ["machinelearning.seldon.io/v1", "mlops.seldon.io/v1alpha1"])
def test_seldon(compiled: Callable[[str], dict[str, Any]], version: str) -> None:
    """Each version names a secret of its own shape, and the contract says what is in it."""
    made = compiled(f"{_SKLEARN}targets: {{ seldon: {{ apiVersion: {version} }} }}\n")
    listed = {item["name"]: item for item in made["seldon/needs/secrets.json"]["secrets"]}
    if version.startswith("mlops"):
        assert made["seldon/model.yaml"]["spec"]["secretName"] == "store-rclone-config"
        remote = json.loads(listed["store-rclone-config"]["values"]["rclone"])
        assert remote["name"] == "s3"
        assert remote["parameters"]["secret_access_key"] == "<AWS_SECRET_ACCESS_KEY of store>"
        return
    (predictor,) = made["seldon/seldon-deployment.yaml"]["spec"]["predictors"]
    assert predictor["graph"]["envSecretRefName"] == "store-rclone"
    assert listed["store-rclone"]["values"]["RCLONE_CONFIG_S3_ENDPOINT"] == "https://minio:9000"
    assert "store" not in listed


def test_kserve(compiled: Callable[[str], dict[str, Any]]) -> None:
    """KServe takes the spec's own secret where its keys are called as it wants them, with annotations."""
    made = compiled(f"{_SKLEARN}targets: {{ kserve: }}\n")
    notes = made["kserve/inference-service.yaml"]["metadata"]["annotations"]
    assert notes["serving.kserve.io/storageSecretName"] == "store"
    (secret,) = made["kserve/needs/secrets.json"]["secrets"]
    assert secret["values"] == {
        "serving.kserve.io/s3-endpoint": "minio:9000",
        "serving.kserve.io/s3-usehttps": "1",
        "serving.kserve.io/s3-region": "eu-central-1",
    }
    named = _SKLEARN.replace("{ secret: store }", "{ secret: store, keys: { accessKeyId: id, secretAccessKey: key } }")
    made = compiled(f"{named}targets: {{ kserve: }}\n")
    assert made["kserve/needs/secrets.json"]["secrets"][0]["name"] == "store-kserve"


def test_what_the_service_runs_as(compiled: Callable[[str], dict[str, Any]]) -> None:
    """With a role in place of a secret nothing has to exist before: KServe reads the account, Seldon a secret without
    anything secret in it."""
    role = _SKLEARN.replace("{ secret: store }", "workload").replace('endpoint: "https://minio:9000", ', "")
    role = role.replace(",\n  tls: { ca: { secret: ca } }", "")
    account = "identity: { annotations: { eks.amazonaws.com/role-arn: 'arn:aws:iam::123456789012:role/fraud' } }\n"
    made = compiled(f"{role}{account}targets: {{ kserve: , seldon: }}\n")
    assert not any("needs/" in path for path in made)
    notes = made["kserve/serviceaccount.yaml"]["metadata"]["annotations"]
    assert notes["serving.kserve.io/s3-region"] == "eu-central-1"
    assert "eks.amazonaws.com/role-arn" in notes
    assert made["seldon/secret-s.yaml"]["stringData"]["RCLONE_CONFIG_S3_ENV_AUTH"] == "true"


def test_azure(compiled: Callable[[str], dict[str, Any]]) -> None:
    """A container of an account is called as each of them calls it."""
    text = (
        "model: { format: sklearn, uri: 'az://models/m.joblib', framework: { name: scikit-learn, version: '1.5.2' },\n"
        "  credentials: { storage: s } }\n"
        "connections: [{ name: s, type: azure, account: risk, auth: { secret: az } }]\n"
        "image: { repository: registry.example.com/ml/fraud }\n"
    )
    made = compiled(f"{text}targets: {{ kserve: , seldon: , kubernetes: }}\n")
    model = made["kserve/inference-service.yaml"]["spec"]["predictor"]["model"]
    assert model["storageUri"] == "https://risk.blob.core.windows.net/models/m.joblib"
    pod = made["kubernetes/deployment.yaml"]["spec"]["template"]["spec"]
    assert pod["initContainers"][0]["args"][0] == "az://models/m.joblib"
    (listed,) = made["seldon/needs/secrets.json"]["secrets"]
    assert listed["values"]["RCLONE_CONFIG_AZ_ACCOUNT"] == "risk"


def test_googles_endpoint(compiled: Callable[[str], dict[str, Any]]) -> None:
    """Our program is told where the storage is, rclone where its API is."""
    text = (
        "model: { format: sklearn, uri: 'gs://models/m.joblib', framework: { name: scikit-learn, version: '1.5.2' },\n"
        "  credentials: { storage: s } }\n"
        "connections: [{ name: s, type: gs, endpoint: 'https://storage.example.com' }]\n"
        "image: { repository: registry.example.com/ml/fraud }\n"
    )
    made = compiled(f"{text}targets: {{ seldon: , kubernetes: }}\n")
    endpoint = made["seldon/secret-s.yaml"]["stringData"]["RCLONE_CONFIG_GS_ENDPOINT"]
    assert endpoint == "https://storage.example.com/storage/v1/"
    (fetcher,) = made["kubernetes/deployment.yaml"]["spec"]["template"]["spec"]["initContainers"]
    assert {"name": "GS_ENDPOINT", "value": "https://storage.example.com"} in fetcher["env"]
