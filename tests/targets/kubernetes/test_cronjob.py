"""A batch in a cluster: its CronJob, held against the clusters' schemas, and the pods that it starts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from servespec.artifacts import Bundle, Content
from servespec.deployment.cron import Cron
from servespec.edge.gather import gather
from servespec.pipeline import File, Texts, World, analyse
from servespec.pipeline.making import make
from servespec.targets.contract import Output
from tests.kube.objects import VERSIONS, pods, problems, wrong_references

_SPEC = """\
apiVersion: servespec/v1
name: fraud-detector
pattern: %s
platform: production
model: { format: onnx, uri: ./m.onnx }
image: { repository: registry.example.com/ml/fraud }
identity: { imagePullSecrets: [pull] }
placement: { nodeSelector: { pool: batch }, tolerations: [{ key: batch, operator: Exists }], sharedMemory: 64Mi }
secrets: [{ name: store, keys: [token] }]
batch:
  schedule: { cron: "30 2 * * mon-7", timezone: Europe/Berlin%s }
  input: { uri: "in/{interval.start:%%Y-%%m-%%d}", columns: [amount] }
  output: { uri: "s3://scores/{interval.start:%%Y-%%m-%%d}" }
  runOn: kubernetes
  volumeClaim: payments
  timeout: 10m
  wait: { timeout: 5m }
  retries: { count: 2 }
  env: { COSTS: "$5 $(X)", TOKEN: { secret: store, key: token } }
"""

Objects = dict[str, dict[str, Any]]
Compile = Callable[..., Objects]


@pytest.fixture
def objects(tmp_path: Path, crds: Path) -> Compile:
    """The objects of a batch by file, each passed by its schema, with the pods that it would start."""

    def compile_(
        more: str = "  parallelism: 1\n",
        *,
        pattern: str = "batch",
        schedule: str = "",
        version: str = "1.34",
        spec: str = _SPEC,
    ) -> Objects:
        (tmp_path / "m.onnx").write_bytes(b"x")
        root = File("servespec.yaml", f'platforms: {{ production: {{ kubernetes: "{version}" }} }}\n'.encode())
        texts = Texts(File("serving.yaml", (spec % (pattern, schedule) + more).encode()), {}, root)
        (analysis,) = analyse(texts, World(lambda wanted: gather(tmp_path, wanted), "2026-11-23")).each
        assert analysis.ok, [item.headline for item in analysis.report.diagnostics]
        bundles = make(analysis.sound, Output(str(tmp_path), str(tmp_path / "deploy"))).bundles
        found = _read(next(bundle for bundle in bundles if bundle.target == "kubernetes"))
        made = list(found.values())
        assert wrong_references(made) == []
        if version in VERSIONS:
            lifted = [pod for item in made for pod in pods(item)]
            wrong = [problem for item in (*made, *lifted) for problem in problems(item, crds)]
            assert [problem for problem in wrong if problem.startswith(version)] == []
        return found

    return compile_


def _read(bundle: Bundle) -> Objects:
    contents = {item.path: item.content for item in bundle.artifacts if item.path.endswith(".yaml")}
    reader = YAML(typ="safe", pure=True)
    return {
        path.removesuffix(".yaml"): reader.load(content.text)
        for path, content in contents.items()
        if isinstance(content, Content)
    }


def _job(found: Objects) -> dict[str, Any]:
    spec: dict[str, Any] = found["cronjob"]["spec"]["jobTemplate"]["spec"]
    return spec


def _container(found: Objects) -> dict[str, Any]:
    (container,) = _job(found)["template"]["spec"]["containers"]
    assert isinstance(container, dict)
    return container


def test_a_job_for_each_moment(objects: Compile) -> None:
    """It follows the schedule in its time zone, one run at a time, each told which moment it is for."""
    found = objects("targets: { kubernetes: }\n", version="1.37")
    spec = found["cronjob"]["spec"]
    assert (spec["schedule"], spec["timeZone"]) == ("30 2 * * 0,1,2,3,4,5,6", "Europe/Berlin")
    assert (spec["concurrencyPolicy"], spec["suspend"]) == ("Forbid", False)
    assert _container(found)["args"] == ["run", "--at=$(SCORER_JOB)", "--run=$(SCORER_RUN)"]
    assert _job(found)["backoffLimit"] == 2
    assert _job(found)["activeDeadlineSeconds"] == 3 * (600 + 300 + 360)


def test_parts_are_pods_of_one_job(objects: Compile) -> None:
    """Each pod has its part; one that has failed for good ends the others."""
    job = _job(found := objects("  parallelism: 4\n", version="1.37"))
    assert (job["completionMode"], job["completions"], job["parallelism"]) == ("Indexed", 4, 4)
    assert (job["backoffLimitPerIndex"], job["maxFailedIndexes"]) == (2, 0)
    assert _container(found)["args"][-1] == "--part=$(JOB_COMPLETION_INDEX)/4"
    older = _job(objects("  parallelism: 4\n", version="1.25"))
    assert (older["backoffLimit"], "backoffLimitPerIndex" in older) == (8, False)


def test_what_would_fail_again_is_not_tried_again(objects: Compile) -> None:
    """The codes are those that the scorer has for it, of the container that runs it."""
    ignored, final = _job(found := objects())["podFailurePolicy"]["rules"]
    assert ignored["action"] == "Ignore"
    assert final["onExitCodes"]["containerName"] == _container(found)["name"]
    assert final["onExitCodes"]["values"] == [2, 3, 4, 5, 7]


def test_airflow_beside_it(objects: Compile) -> None:
    """Where Airflow starts the runs, the CronJob rests: nothing runs twice."""
    found = objects("targets: { kubernetes: , airflow: {} }\n")
    assert found["cronjob"]["spec"]["suspend"] is True
    assert objects("targets: { kubernetes: }\n")["cronjob"]["spec"]["suspend"] is False


def test_several_at_once(objects: Compile) -> None:
    """More than one run at a time is a matter of the spec."""
    assert objects(schedule=", maxActiveRuns: 2")["cronjob"]["spec"]["concurrencyPolicy"] == "Allow"


def test_what_bounds_no_cronjob_is_told() -> None:
    """It knows one at a time, or any number, and makes up for no more than the last moment that it passed over."""
    spec = _SPEC.replace("platform: production\n", "") % ("batch", ", maxActiveRuns: 2") + "targets: { kubernetes: }\n"
    (only,) = analyse(Texts(File("serving.yaml", spec.encode())), World(lambda wanted: gather(Path(), wanted), "")).each
    lost = {item.route: item.degree for item in only.losses if item.target == "kubernetes"}
    assert lost["batch", "schedule", "maxActiveRuns"] == "approximated"


def test_the_pod(objects: Compile) -> None:
    """It is hardened and placed as a server's is, has the volume, and expands nothing that is text."""
    found = objects()
    spec, container = _job(found)["template"]["spec"], _container(found)
    assert (spec["restartPolicy"], spec["automountServiceAccountToken"]) == ("Never", False)
    assert (spec["nodeSelector"], spec["imagePullSecrets"]) == ({"pool": "batch"}, [{"name": "pull"}])
    assert spec["securityContext"]["fsGroup"] == spec["securityContext"]["runAsGroup"]
    assert container["securityContext"]["readOnlyRootFilesystem"] is True
    assert {item["name"]: item["mountPath"] for item in container["volumeMounts"]}["data"] == "/data"
    env = {item["name"]: item for item in container["env"]}
    assert env["COSTS"]["value"] == "$$5 $$(X)"
    assert env["TOKEN"]["valueFrom"]["secretKeyRef"] == {"name": "store", "key": "token"}
    assert env["SCORER_JOB"]["valueFrom"]["fieldRef"]["fieldPath"] == "metadata.labels['batch.kubernetes.io/job-name']"


def test_who_reaches_it(objects: Compile) -> None:
    """Nobody; and it reaches names, and the store that its results go to."""
    policy = objects()["networkpolicy"]["spec"]
    assert policy["ingress"] == []
    assert policy["egress"][1:] == [{"ports": [{"port": 443, "protocol": "TCP"}]}]


def test_beside_a_server(objects: Compile) -> None:
    """The server's objects and the batch's find their own pods, and run as one account."""
    found = objects(pattern="[realtime, batch]")
    assert set(found) == {
        "deployment", "service", "networkpolicy", "cronjob", "networkpolicy-batch", "serviceaccount",
    }  # fmt: skip
    assert found["cronjob"]["metadata"]["name"] == "fraud-detector-batch"
    assert found["cronjob"]["spec"]["suspend"] is True  # Airflow is among the usual targets


def test_each_calls_its_own(objects: Compile) -> None:
    """The way to the batch's data is open for the batch, once, and closed for the server beside it."""
    more = 'connections: [{ name: store, type: s3, endpoint: "https://minio.example.com:9000" }]\n'
    led = _SPEC.replace('%%d}" }\n  runOn', '%%d}", connection: store }\n  runOn')
    found = objects("  parallelism: 1\n" + more, pattern="[realtime, batch]", spec=led)
    ways = {
        name: [port["port"] for rule in found[name]["spec"]["egress"] for port in rule["ports"]]
        for name in ("networkpolicy", "networkpolicy-batch")
    }
    assert ways == {"networkpolicy": [53, 53], "networkpolicy-batch": [53, 53, 9000]}


def test_its_memory_is_not_the_servers(objects: Compile) -> None:
    """Beside a server that needs another amount, a scorer has what it needs itself, unless the spec says how much."""
    alone, beside = objects(), objects(pattern="[realtime, batch]")
    assert _container(beside)["resources"] == _container(alone)["resources"]
    server = beside["deployment"]["spec"]["template"]["spec"]["containers"][0]["resources"]
    assert server["limits"] != _container(beside)["resources"]["limits"] == {"memory": "1Gi"}
    limited = objects("resources: { limits: { memory: 3Gi } }\n", pattern="[realtime, batch]")
    assert _container(limited)["resources"]["limits"] == {"memory": "3Gi"}


@pytest.mark.parametrize(
    ("written", "emitted"),
    [
        ("0 2 * * mon-fri", "0 2 * * mon-fri"),
        ("0 2 * * 7", "0 2 * * 0"),
        ("0 2 * * 5-7", "0 2 * * 0,5,6"),
        ("0 2 * * */2", "0 2 * * */2"),
        ("0 2 * * 1/3", "0 2 * * 0,1,4"),
        ("@weekly", "0 0 * * 0"),
    ],
)
def test_days_of_the_week(written: str, emitted: str) -> None:
    """Kubernetes knows a Sunday as 0 only."""
    cron = Cron.parse(written)
    assert cron is not None
    assert cron.standard == emitted
    again = Cron.parse(emitted)
    assert again is not None
    assert again.weekdays == cron.weekdays
