"""What must exist before a DAG runs is listed beside it, and nothing that needs not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.projects import analyse, made, write

_SPEC = """\
apiVersion: servespec/v1
name: fraud-scoring
pattern: batch
model: {format: onnx, uri: ./model.onnx}
image: {repository: registry.example.com/ml/fraud-scoring}
"""
_LAKE = """\
connections:
  - {name: lake, type: s3, region: eu-central-1, auth: {secret: object-store, keys: {accessKeyId: id, secretAccessKey: key}}}
"""
_BATCH = """\
batch:
  schedule: {cron: "@daily"}
  input: {uri: "s3://lake/in/{interval.start:%%Y}/", columns: [amount], connection: lake}
  output: {uri: "s3://lake/out/{interval.start:%%Y}/", connection: lake}
  dag: {pool: scoring, notify: "company.alerts:page"}
  runOn: %s
"""
_ALWAYS = [
    "| pool of Airflow | `scoring` | the tasks take its slots; without the pool they are never scheduled |",
    "| function on the workers | `company.alerts:page` | is called when a task fails |",
]
_VARIABLES = [
    "| variable of the workers | `OBJECT_STORE__ID` | the value of `id` in the secret `object-store` |",
    "| variable of the workers | `OBJECT_STORE__KEY` | the value of `key` in the secret `object-store` |",
]


def _needs(folder: Path, spec: str) -> str | None:
    write(folder, _SPEC + spec, files={"model.onnx": b"\x08\x08"})
    return made(analyse(folder)).get("airflow/needs.md")


def _rows(text: str | None) -> list[str]:
    assert text is not None
    return [line for line in text.splitlines() if line.startswith("| ") and not line.startswith("| what")]


@pytest.mark.parametrize(
    ("run_on", "also"),
    [
        ("docker", _VARIABLES),
        ("spark", ["| connection of Airflow | `spark_default` | says where Spark is |", *_VARIABLES]),
        (
            "kubernetes",
            [
                "| connection of Airflow | `kubernetes_default` | says where the cluster is |",
                "| secret of Kubernetes | `object-store` | the pods read `id` `key` of it |",
            ],
        ),
    ],
)
def test_what_a_dag_needs(tmp_path: Path, run_on: str, also: list[str]) -> None:
    """The pool, the function that is told of failures, the connection, and the secrets as what reads them finds them."""
    assert _rows(_needs(tmp_path, _LAKE + _BATCH % run_on)) == [_ALWAYS[0], *also, _ALWAYS[1]]


def test_what_pods_need(tmp_path: Path) -> None:
    """What is of the cluster is listed with the namespace that it belongs in."""
    identity = "identity: {serviceAccount: scorers, imagePullSecrets: [registry-pull]}\n"
    batch = _BATCH.replace("s3://lake/", "").replace(", connection: lake", "") % "kubernetes"
    text = _needs(
        tmp_path,
        f"{identity}{batch}  volumeClaim: payments\ntargets: {{airflow: {{namespace: ml, connection: big}}}}\n",
    )
    assert _rows(text) == [
        _ALWAYS[0],
        "| connection of Airflow | `big` | says where the cluster is |",
        "| secret of Kubernetes | `registry-pull` | the image is pulled with it |",
        "| service account of Kubernetes | `scorers` | the pods run as it |",
        "| volume claim of Kubernetes | `payments` | the data is in its volume |",
        _ALWAYS[1],
    ]
    assert str(text).endswith("\nWhat is of Kubernetes belongs in the namespace of the pods: `ml`.\n")


def test_a_connection_of_its_own(tmp_path: Path) -> None:
    """What the spec calls it, with each character that Airflow lets stand in such a name."""
    text = _needs(tmp_path, _LAKE + _BATCH % "spark" + 'targets: {airflow: {connection: "a_#!().:/-Z9"}}\n')
    assert "| connection of Airflow | `a_#!().:/-Z9` | says where Spark is |" in _rows(text)


def test_a_dag_that_needs_nothing(tmp_path: Path) -> None:
    """There is no list, not an empty one."""
    batch = _BATCH.replace('  dag: {pool: scoring, notify: "company.alerts:page"}\n', "")
    assert _needs(tmp_path, batch.replace("s3://lake/", "").replace(", connection: lake", "") % "docker") is None
