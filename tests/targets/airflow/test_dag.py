"""The DAG file as data: its literal, which folders a container sees, and what Airflow's own scan takes for a DAG."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import pytest

from servespec.runtimes import batch as facts
from servespec.spans import dotted
from tests.projects import analyse, made, write
from tests.targets.airflow.names import NAMELESS

_SPEC = """\
apiVersion: servespec/v1
name: fraud-scoring
pattern: batch
model: {format: onnx, uri: ./model.onnx}
batch:
  schedule: {cron: "@daily"}
  input: {uri: "%s", columns: [amount]}
  output: {uri: "%s"}
  runOn: docker
"""


def _literal(text: str) -> dict[str, Any]:
    (value,) = [
        node.value
        for node in ast.parse(text).body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "SPEC"
    ]
    found: dict[str, Any] = ast.literal_eval(value)
    return found


def _made(folder: Path, source: str, target: str, more: str = "") -> dict[str, str]:
    write(folder, _SPEC % (source, target) + more, files={"model.onnx": b"\x08\x08"})
    return made(analyse(folder))


@pytest.mark.parametrize(
    ("source", "target", "mounts"),
    [
        (
            "data/in/{interval.start:%Y}/",
            "data/out/{interval.start:%Y}/",
            [["data/in", "/data/data/in", True], ["data/out", "/data/data/out", False]],
        ),
        ("in/", "out/{interval.start:%Y}", [["in", "/data/in", True], ["out", "/data/out", False]]),
        ("data/{interval.start:%Y}.parquet", "data/out/", [["data", "/data/data", False]]),
        ("/mnt/in/a.parquet", "s3://b/out/{interval.start:%Y}/", [["/mnt/in", "/mnt/in", True]]),
        ("{interval.start:%Y}/in/", "out/", [[".", "/data/.", False]]),
    ],
)
def test_a_container_sees_just_the_folders_that_it_needs(
    tmp_path: Path, source: str, target: str, mounts: list[Any]
) -> None:
    """What is only read is mounted so; a result takes the place of a folder, so that above it is written to."""
    files = _made(tmp_path, source, target)
    assert _literal(files["airflow/dag.py"])["mounts"] == mounts


def test_nothing_beside_the_dag_is_taken_for_one(tmp_path: Path) -> None:
    """Airflow imports every Python file below its folder that says both words, in whatever case."""
    files = _made(tmp_path, "in/", "out/")
    taken = [path for path, text in files.items() if path.endswith(".py") and _is_taken(text)]
    assert taken == ["airflow/dag.py"]


def _is_taken(text: str) -> bool:
    return all(word in text.lower() for word in ("dag", "airflow"))


@pytest.mark.parametrize(
    ("uri", "name"),
    [
        ("s3://bucket/scores/{interval.start:%Y-%m-%d}/", "s3://bucket/scores/"),
        ("s3://bucket/scores-{interval.start:%Y}/", "s3://bucket/"),
        ("data/scores/", "data/scores/"),
        *((uri, "fraud-scoring") for uri in NAMELESS),
    ],
)
def test_other_dags_follow_one_address(tmp_path: Path, uri: str, name: str) -> None:
    """The asset is the same in all intervals; where nothing in the address is, or Airflow could not have it for a name, it
    is called like the DAG."""
    assert _literal(_made(tmp_path, "in/", uri)["airflow/dag.py"])["asset"] == name


def test_codes_that_are_final_are_those_of_the_scorer(tmp_path: Path) -> None:
    """What the DAG does not try again is what the scorer itself calls so."""
    files = _made(tmp_path, "in/", "out/")
    codes = dict(re.findall(r"^([A-Z_]+) = ([0-9]+)$", files["batch/scorer/failure.py"], re.MULTILINE))
    final = {int(codes[name]) for name in ("UNFIT_INPUT", "GATE", "MODEL")}
    assert set(facts.FINAL.value) == {2, *final}
    assert facts.NO_INPUT.value == int(codes["NO_INPUT"])


@pytest.mark.parametrize("run_on", ["local", "docker", "kubernetes", "spark"])
def test_the_environment_is_asked_by_running_tasks_alone(tmp_path: Path, run_on: str) -> None:
    """What a DAG file knows of it when it is read, Airflow would keep in its database."""
    spec = (_SPEC % ("s3://b/in/", "s3://b/out/")).replace("docker", run_on)
    write(tmp_path, f"{spec}image: {{repository: registry.example.com/fraud}}\n", files={"model.onnx": b"\x08\x08"})
    tree = ast.parse(made(analyse(tmp_path))["airflow/dag.py"])
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    running = [node for node in functions if node.name in ("secrets", "execute", "run")]
    assert _asking(tree) == [node for function in running for node in _asking(function)]
    assert bool(_asking(tree)) is (run_on != "kubernetes")


@pytest.mark.parametrize(
    ("identity", "targets", "account"),
    [
        ("{}", "{airflow: }", None),
        ("{serviceAccount: scoring, annotations: {a/b: c}}", "{airflow: }", None),
        ("{serviceAccount: scoring}", "{airflow: }", "scoring"),
        ("{annotations: {a/b: c}}", "{airflow: , kubernetes: }", "fraud-scoring"),
    ],
)
def test_pods_run_as_an_account_that_is_there(tmp_path: Path, identity: str, targets: str, account: str | None) -> None:
    """A cluster takes no pod with an account that nobody made; what is lost with it is told."""
    spec = (_SPEC % ("s3://b/in/", "s3://b/out/")).replace("docker", "kubernetes")
    more = f"image: {{repository: registry.example.com/fraud}}\nidentity: {identity}\ntargets: {targets}\n"
    write(tmp_path, spec + more, files={"model.onnx": b"\x08\x08"})
    analysis = analyse(tmp_path)
    files = made(analysis)
    assert _literal(files["airflow/dag.py"])["pod"]["spec"].get("serviceAccountName") == account
    assert ("kubernetes/serviceaccount.yaml" in files) is ("kubernetes" in targets)
    lost = {dotted(loss.route) for loss in analysis.losses if loss.target == "airflow"}
    assert any(route.startswith("identity") for route in lost) is ("annotations" in identity and account is None)


def _asking(tree: ast.AST) -> list[ast.AST]:
    """Where the environment, or what is in it of secrets, is asked for; in the order of the text."""
    nodes: list[Any] = [node for node in ast.walk(tree) if isinstance(node, ast.Name | ast.Attribute)]
    found = [node for node in nodes if "environ" in ast.unparse(node) or ast.unparse(node) == "secrets"]
    return sorted(found, key=lambda node: (node.lineno, node.col_offset))


def test_a_secret_is_named_and_never_written(tmp_path: Path) -> None:
    """A key of a secret comes from the worker's environment, by the name that compose takes it by too."""
    more = "  env: {TOKEN: {secret: store, key: token}, REGION: eu}\nsecrets: [{name: store, keys: [token]}]\n"
    spec = _literal(_made(tmp_path, "in/", "out/", more)["airflow/dag.py"])
    assert spec["env"] == {"REGION": "eu"}
    assert spec["secret_env"] == {"TOKEN": "STORE__TOKEN"}


_CONNECTED = """\
connections:
  - {name: lake, type: s3, region: eu-central-1, auth: {secret: object-store, keys: {accessKeyId: id, secretAccessKey: key}}}
  - {name: mart, type: gs, auth: workload}
"""


@pytest.mark.parametrize(
    ("output", "storages", "modules"),
    [
        ('"s3://b/out/"', {"s3"}, {"s3"}),
        ('"gs://b/out/", connection: mart', {"s3", "gs"}, {"s3", "gs"}),
        ('"out/"', {"s3", None}, {"s3"}),
    ],
)
def test_a_connection_reaches_the_scorer(
    tmp_path: Path, output: str, storages: set[str | None], modules: set[str]
) -> None:
    """The scorer knows each storage with what is not secret of it, and the names of the variables with what is; the DAG
    hands those over. The output has the input's connection where it is of use."""
    source = 's3://b/in/", connection: "lake'
    write(tmp_path, (_SPEC % (source, "OUT")).replace('"OUT"', output) + _CONNECTED, files={"model.onnx": b"\x08\x08"})
    files = made(analyse(tmp_path))
    assert _literal(files["airflow/dag.py"])["secret_env"] == {
        "OBJECT_STORE__ID": "OBJECT_STORE__ID",
        "OBJECT_STORE__KEY": "OBJECT_STORE__KEY",
    }
    told = _literal(files["batch/score.py"])
    assert told["input"]["storage"] == {
        "type": "s3",
        "region": "eu-central-1",
        "anonymous": False,
        "secrets": {"access_key": "OBJECT_STORE__ID", "secret_key": "OBJECT_STORE__KEY"},
    }
    given = [told[side]["storage"] for side in ("input", "output")]
    assert {item["type"] if item else None for item in given} == storages
    assert {name for name in ("s3", "gs", "azure") if f"batch/scorer/{name}.py" in files} == modules


def test_a_registry_is_known_to_the_scorer(tmp_path: Path) -> None:
    """What leads to MLflow's registry is in the environment in which MLflow looks for it; `env` has the last word."""
    spec = (_SPEC % ("in/", "out/")).replace(
        "{format: onnx, uri: ./model.onnx}",
        '{format: mlflow, uri: "models:/fraud/3", credentials: {registry: registry}}',
    )
    more = """\
  env: {MLFLOW_TRACKING_TOKEN: {secret: other, key: token}}
secrets: [{name: other, keys: [token]}]
connections: [{name: registry, type: mlflow, endpoint: "https://mlflow.example.com", auth: {secret: mlflow}}]
image: {requirements: requirements.txt}
"""
    write(tmp_path, spec + more, files={"requirements.txt": b"scikit-learn==1.9.1\n"})
    found = _literal(made(analyse(tmp_path))["airflow/dag.py"])
    assert found["env"] == {"MLFLOW_TRACKING_URI": "https://mlflow.example.com"}
    assert found["secret_env"] == {"MLFLOW_TRACKING_TOKEN": "OTHER__TOKEN"}


@pytest.mark.parametrize(
    ("run_on", "lost"),
    [
        ("local", {"batch.wait.deferrable": "approximated", "resources.limits": "dropped"}),
        ("docker", {"batch.wait.deferrable": "dropped"}),
        ("spark", {"batch.wait.deferrable": "dropped", "resources.limits": "dropped"}),
    ],
)
def test_what_a_worker_can_not_do_is_told(tmp_path: Path, run_on: str, lost: dict[str, str]) -> None:
    """A process of a worker's has no limits of its own, and what waits in a container or on Spark keeps a worker."""
    more = "  wait: {deferrable: true}\nresources: {limits: {memory: 2Gi}}\n"
    spec = (_SPEC % ("in/", "out/{interval.start:%j}")).replace("docker", run_on)
    write(tmp_path, f"{spec}{more}targets: {{airflow: }}\n", files={"model.onnx": b"\x08\x08"})
    found = [item for item in analyse(tmp_path).losses if item.target == "airflow"]
    assert {".".join(map(str, item.route)): item.degree.value for item in found} == lost


@pytest.mark.parametrize(
    ("run_on", "lost"),
    [("local", ["connection", "namespace"]), ("docker", ["connection", "namespace"]), ("spark", ["namespace"])],
)
def test_an_option_that_is_for_elsewhere_is_told(tmp_path: Path, run_on: str, lost: list[str]) -> None:
    """Only Kubernetes and Spark are asked over a connection of Airflow's, and only pods have a namespace."""
    spec = (_SPEC % ("in/", "out/{interval.start:%j}")).replace("docker", run_on)
    chosen = "targets: {airflow: {connection: elsewhere, namespace: ml}}\n"
    write(tmp_path, spec + chosen, files={"model.onnx": b"\x08\x08"})
    found = [item.route for item in analyse(tmp_path).losses if item.target == "airflow"]
    assert found == [("targets", "airflow", option) for option in lost]
    assert ("elsewhere" in made(analyse(tmp_path))["airflow/dag.py"]) == ("connection" not in lost)


@pytest.mark.parametrize(
    ("retries", "waits"),
    [("delay: 2h", [7200, 7200]), ("delay: 5m", [300, 3600]), ("delay: 2h, maxDelay: 90m", [7200, 5400])],
)
def test_the_first_wait_is_as_long_as_was_asked(tmp_path: Path, retries: str, waits: list[int]) -> None:
    """The usual longest wait, which Airflow holds the first one to as well, makes none shorter than its own `delay`."""
    dag = _literal(_made(tmp_path, "in/", "out/{interval.start:%j}", f"  retries: {{{retries}}}\n")["airflow/dag.py"])
    assert [dag["retry_delay"], dag["max_retry_delay"]] == waits
