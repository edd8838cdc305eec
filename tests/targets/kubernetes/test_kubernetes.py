"""What the kubernetes target makes of each block, read back by another reader and held against the clusters' schemas."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from servespec.artifacts import Bundle, Content
from servespec.runtimes.nginx import BODY_SIZE
from tests.kube.compiled import LOCAL, NEWEST, documents
from tests.kube.objects import VERSIONS, pods, problems, wrong_references

_ONNX = "model: { format: onnx, uri: ./m.onnx }\nimage: { repository: registry.example.com/ml/fraud }\n"
_PROMETHEUS = (
    'targets: { kubernetes: { prometheus: { namespace: monitoring, address: "http://prometheus.monitoring:9090" } } }\n'
)
_PLAIN = "targets: { kubernetes: }\n"
_VARIANTS = """\
variants:
  - { name: steady, weight: 80 }
  - { name: candidate, weight: 20, runtime: { threads: 2 } }
  - { name: next, shadow: true, replicas: 2, runtime: { threads: 3 } }
network:
  expose: { host: fraud.example.com, gateway: { name: public, namespace: gateways, listener: https } }
  callers: [{ namespace: gateways }]
"""

Objects = dict[str, dict[str, Any]]


@pytest.fixture
def objects(bundles: Callable[..., dict[str, Bundle]], crds: Path) -> Callable[[str], Objects]:
    """The objects that blocks compile to, by file; every one is passed by its schema, and finds the others."""

    def compile_(text: str) -> Objects:
        bundle = bundles(text, files={"m.onnx": b"x"})["kubernetes"]
        found: Objects = {}
        for item in bundle.artifacts:
            assert isinstance(item.content, Content)
            if item.path.endswith(".yaml"):
                found[item.path.removesuffix(".yaml")] = YAML(typ="safe", pure=True).load(item.content.text)
        made = [item for name, item in found.items() if name != "kustomization"]
        lifted = [pod for item in made for pod in pods(item)]
        assert [problem for item in (*made, *lifted) for problem in problems(item, crds)] == []
        assert wrong_references(made) == []
        return found

    return compile_


def _pod(objects: Objects, name: str = "deployment") -> dict[str, Any]:
    spec: dict[str, Any] = objects[name]["spec"]["template"]["spec"]
    return spec


def _server(objects: Objects, name: str = "deployment") -> dict[str, Any]:
    (container,) = _pod(objects, name)["containers"]
    found: dict[str, Any] = container
    return found


def test_the_least(objects: Callable[[str], Objects]) -> None:
    """A lone pod: no autoscaler, no budget, nothing to spread, its own namespace may call it, names it may look up."""
    made = objects(_ONNX + _PLAIN)
    assert set(made) == {"deployment", "service", "networkpolicy", "serviceaccount"}
    assert made["deployment"]["spec"]["replicas"] == 1
    assert "namespace" not in made["deployment"]["metadata"]
    assert not {"topologySpreadConstraints", "tolerations", "nodeSelector"} & set(_pod(made))
    policy = made["networkpolicy"]["spec"]
    assert [rule["from"] for rule in policy["ingress"]] == [[{"podSelector": {}}]]
    assert policy["egress"] == [{"ports": [{"port": 53, "protocol": "UDP"}, {"port": 53, "protocol": "TCP"}]}]


def test_replicas(objects: Callable[[str], Objects]) -> None:
    """Several pods are kept apart and have a budget."""
    made = objects(_ONNX + "scaling: { replicas: 3 }\nplacement: { spread: required }\n" + _PLAIN)
    assert made["deployment"]["spec"]["replicas"] == 3
    spread = _pod(made)["topologySpreadConstraints"]
    assert [item["topologyKey"] for item in spread] == ["kubernetes.io/hostname", "topology.kubernetes.io/zone"]
    assert {item["whenUnsatisfiable"] for item in spread} == {"DoNotSchedule"}
    assert made["poddisruptionbudget"]["spec"]["maxUnavailable"] == 1


@pytest.mark.parametrize(("kubernetes", "least"), [("1.26", None), ("1.34", 2)])
def test_copies_are_really_apart(crds: Path, kubernetes: str, least: int | None) -> None:
    """With `required` one place is not enough, and nodes that take none of the pods are no places, where a cluster knows
    how to be told so."""
    blocks = "platform: there\nscaling: {replicas: 3}\nplacement: {spread: required}\ntargets: {kubernetes: }\n"
    clusters = f'platforms: {{there: {{kubernetes: "{kubernetes}"}}}}\n'
    found = documents(LOCAL["onnxruntime"] + blocks, "kubernetes", clusters=clusters)
    assert [problem for item in found for problem in problems(item, crds, versions=VERSIONS[1:])] == []
    (spec,) = [item["spec"]["template"]["spec"] for item in found if item["kind"] == "Deployment"]
    for item in spec["topologySpreadConstraints"]:
        assert (item["nodeTaintsPolicy"], item.get("minDomains")) == ("Honor", least)


@pytest.mark.parametrize(("startup", "deadline"), [("30s", None), ("2m", None), ("3m", 660), ("20m", 1680)])
def test_a_slow_start_is_no_failure(objects: Callable[[str], Objects], startup: str, deadline: int | None) -> None:
    """A rollout may take as long as a start and what comes before it; Kubernetes gives up after ten minutes."""
    made = objects(_ONNX + f"runtime: {{ timeouts: {{ startup: {startup} }} }}\n" + _PLAIN)
    assert made["deployment"]["spec"].get("progressDeadlineSeconds") == deadline


def test_an_autoscaler_owns_the_replicas(objects: Callable[[str], Objects]) -> None:
    """With an autoscaler the Deployment says no number, which every apply would set back."""
    blocks = 'scaling: { autoscaling: { min: 2, max: 9 } }\nresources: { requests: { cpu: "1.5" } }\n'
    made = objects(_ONNX + blocks + _PLAIN)
    assert "replicas" not in made["deployment"]["spec"]
    spec = made["horizontalpodautoscaler"]["spec"]
    assert (spec["minReplicas"], spec["maxReplicas"]) == (2, 9)
    assert spec["metrics"][0]["resource"]["target"] == {"type": "Utilization", "averageUtilization": 70}
    assert spec["scaleTargetRef"]["name"] == made["deployment"]["metadata"]["name"]
    assert _server(made)["resources"]["requests"]["cpu"] == "1500m"


@pytest.mark.parametrize(
    ("limit", "threads", "request_"), [("500m", 1, "500m"), ("2", 4, "2"), ("2", 1, "1"), ("1", 1, "1")]
)
def test_no_more_is_asked_for_than_may_be_used(
    objects: Callable[[str], Objects], limit: str, threads: int, request_: str
) -> None:
    """A core for each thread, but never more than the limit: Kubernetes would make no pod."""
    blocks = f'resources: {{ limits: {{ cpu: "{limit}" }} }}\nruntime: {{ threads: {threads} }}\n'
    given = _server(objects(_ONNX + blocks + _PLAIN))["resources"]
    assert (given["requests"]["cpu"], given["limits"]["cpu"]) == (request_, limit)


@pytest.mark.parametrize(
    ("metric", "query"),
    [
        ("rps", 'sum(rate(model_infer_request_duration_count{service="fraud-detector"}[120s]))'),
        ("concurrency", 'sum(rate(model_infer_request_duration_sum{service="fraud-detector"}[120s]))'),
    ],
)
def test_autoscaling_by_requests(objects: Callable[[str], Objects], crds: Path, metric: str, query: str) -> None:
    """KEDA asks Prometheus, whose parameters are text and those that the scaler knows."""
    made = objects(_ONNX + f"scaling: {{ autoscaling: {{ max: 9, metric: {metric}, target: 40 }} }}\n" + _PROMETHEUS)
    (trigger,) = made["scaledobject"]["spec"]["triggers"]
    assert trigger["metadata"]["query"] == query
    scalers = json.loads((crds / "keda-scalers-schema.json").read_text())["scalers"]
    (scaler,) = [item for item in scalers if item["type"] == trigger["type"]]
    known = {item["name"]: item for item in scaler["parameters"]}
    assert set(trigger["metadata"]) <= set(known)
    assert all(isinstance(value, str) for value in trigger["metadata"].values())
    assert {name for name, item in known.items() if not item.get("optional") and "default" not in item} <= set(
        trigger["metadata"]
    )
    assert "replicas" not in made["deployment"]["spec"]


@pytest.mark.parametrize("target", ["kubernetes", "kserve", "seldon"])
def test_the_load_of_its_own_namespace(target: str) -> None:
    """Prometheus knows the pods of all namespaces: where the one of these is known, nobody else's requests count."""
    load = "scaling: {autoscaling: {max: 9, metric: rps, target: 40}}\n"
    options = f'targets: {{{target}: {{namespace: ml-prod, prometheus: {{address: "http://prometheus:9090"}}}}}}\n'
    found = documents(NEWEST + LOCAL["mlserver"] + load + options, target)
    assert 'namespace=\\"ml-prod\\"}[' in json.dumps(found)


def test_concurrency_in_seconds(objects: Callable[[str], Objects]) -> None:
    """A server that counts microseconds is asked for seconds."""
    blocks = "runtime: { server: triton }\nscaling: { autoscaling: { max: 9, metric: concurrency, target: 4 } }\n"
    signature = "signature: { inputs: { tensors: [{ name: features, datatype: FP32, shape: [-1, 2] }] }, outputs: { tensors: [{ name: score, datatype: FP32, shape: [-1, 1] }] } }\n"
    made = objects(_ONNX + blocks + signature + _PROMETHEUS)
    (trigger,) = made["scaledobject"]["spec"]["triggers"]
    assert trigger["metadata"]["query"].endswith(" / 1000000")


def test_metrics(objects: Callable[[str], Objects]) -> None:
    """Prometheus is told what to collect, and is let in at that port only."""
    made = objects(_ONNX + _PROMETHEUS)
    (endpoint,) = made["servicemonitor"]["spec"]["endpoints"]
    assert endpoint["port"] in {port["name"] for port in made["service"]["spec"]["ports"]}
    rule = made["networkpolicy"]["spec"]["ingress"][-1]
    assert rule["ports"] == [{"port": endpoint["port"], "protocol": "TCP"}]
    assert rule["from"][0]["namespaceSelector"]["matchLabels"] == {"kubernetes.io/metadata.name": "monitoring"}


def test_identity(objects: Callable[[str], Objects]) -> None:
    """An account that exists is not made; one with annotations is, and Azure's pods are marked for its own webhook."""
    assert "serviceaccount" not in objects(_ONNX + "identity: { serviceAccount: shared }\n" + _PLAIN)
    blocks = "identity: { annotations: { azure.workload.identity/client-id: 0a1b }, imagePullSecrets: [pull] }\n"
    made = objects(_ONNX + blocks + _PLAIN)
    assert made["serviceaccount"]["metadata"]["annotations"] == {"azure.workload.identity/client-id": "0a1b"}
    assert made["serviceaccount"]["automountServiceAccountToken"] is False
    template = made["deployment"]["spec"]["template"]
    assert template["metadata"]["labels"]["azure.workload.identity/use"] == "true"
    assert template["spec"]["imagePullSecrets"] == [{"name": "pull"}]
    assert template["spec"]["serviceAccountName"] == made["serviceaccount"]["metadata"]["name"]


def test_devices_and_shared_memory(objects: Callable[[str], Objects]) -> None:
    """A pod with GPUs tolerates the taint of their nodes; shared memory is memory."""
    blocks = "resources: { accelerator: { count: 2 }, limits: { memory: 4Gi } }\nplacement: { sharedMemory: 1Gi, runtimeClass: nvidia }\n"
    made = objects(_ONNX + blocks + _PLAIN)
    assert _server(made)["resources"]["limits"]["nvidia.com/gpu"] == 2
    assert _pod(made)["tolerations"] == [{"key": "nvidia.com/gpu", "operator": "Exists", "effect": "NoSchedule"}]
    assert {"mountPath": "/dev/shm", "name": "shared-memory"} in _server(made)["volumeMounts"]
    assert {"name": "shared-memory", "emptyDir": {"medium": "Memory", "sizeLimit": "1Gi"}} in _pod(made)["volumes"]


def test_variables(objects: Callable[[str], Objects]) -> None:
    """Text is kept from Kubernetes' own expansion, and a secret's key is only referred to."""
    blocks = 'secrets: [{ name: store, keys: [token] }]\nruntime: { env: { GREETING: "$(HOME) $$ $X", TOKEN: { secret: store, key: token } } }\n'
    env = {item["name"]: item for item in _server(objects(_ONNX + blocks + _PLAIN))["env"]}
    # https://kubernetes.io/docs/tasks/inject-data-application/define-interdependent-environment-variables: `$$` is `$`.
    assert env["GREETING"]["value"].replace("$$", "$") == "$(HOME) $$ $X"
    assert env["TOKEN"]["valueFrom"] == {"secretKeyRef": {"name": "store", "key": "token"}}


def test_torchserve_asks_for_no_token(objects: Callable[[str], Objects]) -> None:
    """Of several pods each would take its own token only; whether the model answers its own program tells."""
    made = objects("image: { repository: registry.example.com/fraud, requirements: requirements.txt }\n" + _PLAIN)
    env = {item["name"]: item["value"] for item in _server(made)["env"]}
    assert env["TS_DISABLE_TOKEN_AUTHORIZATION"] == "true"
    assert _server(made)["readinessProbe"]["exec"]["command"][-1].endswith("/healthcheck.py")
    assert _server(made)["livenessProbe"]["httpGet"]["path"] == "/ping"


def test_stopping(objects: Callable[[str], Objects]) -> None:
    """A pod is killed no sooner than after the wait before its signal, and all the time that its server has then."""
    made = objects(_ONNX + "runtime: { timeouts: { shutdown: 45s } }\n" + _PLAIN)
    sleep = _server(made)["lifecycle"]["preStop"]["exec"]["command"]
    assert sleep[0] == "sleep"
    assert _pod(made)["terminationGracePeriodSeconds"] >= int(sleep[1]) + 45


def test_a_route_shares_requests(objects: Callable[[str], Objects]) -> None:
    """A Gateway's route has the weights of the variants and copies for the shadow; each has pods of its own."""
    made = objects(_ONNX + _VARIANTS + _PLAIN)
    (rule,) = made["httproute"]["spec"]["rules"]
    assert [(item["name"], item["weight"]) for item in rule["backendRefs"]] == [
        ("fraud-detector-steady", 80),
        ("fraud-detector-candidate", 20),
    ]
    (mirror,) = rule["filters"]
    assert mirror["requestMirror"]["backendRef"]["name"] == "fraud-detector-next"
    images = {_server(made, f"deployment-{name}")["image"] for name in ("steady", "candidate", "next")}
    assert len(images) == 3
    assert made["deployment-next"]["spec"]["replicas"] == 2
    assert "ingress" not in made


@pytest.mark.parametrize(
    ("timeout", "said"),
    [("30s", "30s"), ("2m", "2m"), ("100500ms", "1m40s500ms"), ("100s", "1m40s"), ("36h1ms", "36h1ms")],
)
def test_a_route_has_the_timeout(objects: Callable[[str], Objects], timeout: str, said: str) -> None:
    """The Gateway API takes five digits of a unit: 120000ms would be refused."""
    made = objects(_ONNX + f"runtime: {{ timeouts: {{ request: {timeout} }} }}\n" + _VARIANTS + _PLAIN)
    (rule,) = made["httproute"]["spec"]["rules"]
    assert rule["timeouts"] == {"request": said}


def test_an_ingress(objects: Callable[[str], Objects]) -> None:
    """An Ingress leads to the service by its port's name, with the certificate; ingress-nginx is told of the timeout,
    and takes requests as large as nginx does before the variants of a machine."""
    blocks = "network: { expose: { host: fraud.example.com, tls: fraud-tls, ingressClass: nginx }, timeout: 40s, callers: [{ namespace: ingress-nginx }] }\n"
    ingress = objects(_ONNX + blocks + _PLAIN)["ingress"]
    assert ingress["spec"]["tls"] == [{"hosts": ["fraud.example.com"], "secretName": "fraud-tls"}]
    told = ingress["metadata"]["annotations"]
    assert told["nginx.ingress.kubernetes.io/proxy-read-timeout"] == "40"
    assert told["nginx.ingress.kubernetes.io/proxy-body-size"] == BODY_SIZE.value == "100m"


def test_what_must_exist(bundles: Callable[..., dict[str, Bundle]], text: Callable[[Bundle, str], str]) -> None:
    """Every secret is listed with its keys and who reads it; nothing is listed where nothing is needed."""
    blocks = "secrets: [{ name: store, keys: [token] }]\nruntime: { env: { TOKEN: { secret: store, key: token } } }\nidentity: { imagePullSecrets: [pull] }\ntargets: { kubernetes: { namespace: ml } }\n"
    bundle = bundles(_ONNX + blocks, files={"m.onnx": b"x"})["kubernetes"]
    listed = {item["name"]: item for item in json.loads(text(bundle, "needs/secrets.json"))["secrets"]}
    assert listed["store"]["keys"] == ["token"]
    assert listed["store"]["readBy"] == ["env TOKEN"]
    assert listed["pull"]["type"] == "kubernetes.io/dockerconfigjson"
    assert {item["namespace"] for item in listed.values()} == {"ml"}
    assert all(f"`{name}`" in text(bundle, "needs/secrets.md") for name in (*listed, "token", "ml"))
    least = bundles(_ONNX + _PLAIN, files={"m.onnx": b"x"})["kubernetes"]
    assert not any(item.path.startswith("needs/") for item in least.artifacts)


@pytest.mark.parametrize(
    ("storage", "ways"),
    [
        ("gs", {("169.254.169.254/32", 80), ("169.254.169.254/32", 8080), ("169.254.169.252/32", 987), ("169.254.169.252/32", 988)}),
        ("s3", {("169.254.170.23/32", 80)}),
        ("azure, account: risk", set()),
    ],
)  # fmt: skip
@pytest.mark.parametrize("auth", ["workload", "none"])
def test_the_way_to_its_own_identity(
    objects: Callable[[str], Objects], storage: str, ways: set[tuple[str, int]], auth: str
) -> None:
    """Clouds hand tokens out at addresses of the node, not over HTTPS: a pod that is to be known by its account may ask
    there, and no other."""
    scheme = "az" if storage.startswith("azure") else storage
    blocks = f"""\
model: {{ format: onnx, uri: "{scheme}://models/m.onnx", credentials: {{ storage: st }} }}
image: {{ repository: registry.example.com/ml/fraud }}
connections: [{{ name: st, type: {storage}, auth: {auth} }}]
"""
    rules = objects(blocks + _PLAIN)["networkpolicy"]["spec"]["egress"]
    told = {
        (to["ipBlock"]["cidr"], port["port"]) for rule in rules for to in rule.get("to", ()) for port in rule["ports"]
    }
    assert told == (ways if auth == "workload" else set())


def test_what_connections_need(
    objects: Callable[[str], Objects], bundles: Callable[..., dict[str, Bundle]], text: Callable[[Bundle, str], str]
) -> None:
    """The way out is open at the ports of what is outside; a secret that is needed twice is listed once, with the keys
    of both."""
    blocks = (
        "secrets: [{ name: store, keys: [token] }]\n"
        "connections:\n"
        '  - { name: in, type: kafka, brokers: ["a:9093", "b:9094"], auth: { secret: store }, tls: { ca: { secret: ca } } }\n'
        "  - { name: files, type: s3 }\n"
    )
    out = objects(_ONNX + blocks + _PLAIN)["networkpolicy"]["spec"]["egress"]
    assert [[port["port"] for port in rule["ports"]] for rule in out] == [[53, 53], [9093, 9094], [443]]
    bundle = bundles(_ONNX + blocks + _PLAIN, files={"m.onnx": b"x"})["kubernetes"]
    listed = {item["name"]: item for item in json.loads(text(bundle, "needs/secrets.json"))["secrets"]}
    assert listed.keys() == {"store", "ca"}
    assert listed["store"]["keys"] == ["token", "username", "password"]
    assert listed["ca"]["readBy"] == ["connection in"]


def test_a_kustomization_names_every_object(objects: Callable[[str], Objects]) -> None:
    """What applies folders applies all of it, and nothing that is no object."""
    made = objects(_ONNX + "targets: { kubernetes: { kustomize: true } }\n")
    names = made.pop("kustomization")["resources"]
    assert sorted(names) == sorted(f"{name}.yaml" for name in made)


def test_quantities_are_those_of_kubectl(objects: Callable[[str], Objects]) -> None:
    """kubectl, which reads quantities as the cluster does, prints each as it is written here."""
    blocks = 'resources: { requests: { cpu: "0.5", memory: 1.5Gi }, limits: { cpu: 1250m, memory: 2048Mi } }\n'
    amounts = _server(objects(_ONNX + blocks + _PLAIN))["resources"]
    assert amounts == {"requests": {"cpu": "500m", "memory": "1536Mi"}, "limits": {"cpu": "1250m", "memory": "2Gi"}}
    try:
        for value in {
            **amounts["requests"],
            "pods": amounts["limits"]["cpu"],
            "services": amounts["limits"]["memory"],
        }.values():
            command = ["kubectl", "create", "quota", "q", f"--hard=cpu={value}", "--dry-run=client", "--output=json"]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            assert json.loads(done.stdout)["spec"]["hard"]["cpu"] == value
    except FileNotFoundError:
        pytest.skip("kubectl is not installed here")
