"""Losses: what a target can't express is declared, unless one that uses its files can."""

from __future__ import annotations

from pathlib import Path

import pytest

from servespec.spans import dotted
from servespec.targets.registry import TARGETS
from tests.projects import HEAD, SPEC, analyse, write


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project without mistakes."""
    return write(tmp_path)


def _lost(project: Path, *lines: str) -> list[tuple[str, str, str]]:
    analysis = analyse(project, SPEC + "".join(f"{line}\n" for line in lines))
    return [(item.target, item.degree.value, dotted(item.route)) for item in analysis.losses]


_ALONE = "targets: {docker: }"


@pytest.mark.parametrize(
    ("line", "route"),
    [
        ("resources: {limits: {memory: 2Gi}}", "resources"),
        ("security: {readOnlyRootFilesystem: true}", "security.readOnlyRootFilesystem"),
        ("runtime: {env: {A: b}}", "runtime.env"),
        ("runtime: {timeouts: {shutdown: 5s}}", "runtime.timeouts.shutdown"),
    ],
)
def test_what_an_image_can_t_say(project: Path, line: str, route: str) -> None:
    """It is dropped when only an image is made, and not lost when compose runs the image with it."""
    assert _lost(project, line, _ALONE) == [("docker", "dropped", route)]
    assert _lost(project, line) == []


def test_what_is_not_written_is_not_lost(project: Path) -> None:
    """A default that a target can't express is nobody's loss."""
    assert _lost(project, _ALONE) == []


def test_a_block_is_told_once(project: Path) -> None:
    """One sentence for a whole block, however many of its fields are written."""
    line = 'resources: {requests: {cpu: "1", memory: 1Gi}, limits: {cpu: "2", memory: 2Gi}}'
    assert _lost(project, line, _ALONE) == [("docker", "dropped", "resources")]


@pytest.mark.parametrize(
    "lines",
    [
        ["identity: {serviceAccount: robot}", "placement: {nodeSelector: {gpu: a}}", "scaling: {replicas: 2}"],
        ["identity: {serviceAccount: robot}"],
    ],
)
def test_no_loss_hides_another(project: Path, lines: list[str]) -> None:
    """Fields that are lost for one and the same reason are told each, as each is alone."""
    fields = [line.partition(":")[0] for line in lines]
    assert _lost(project, *lines, _ALONE) == [("docker", "dropped", field) for field in fields]


def test_seldon_2_tells_all_that_its_servers_have_of_their_own(project: Path) -> None:
    """Eight fields for three reasons: each is told, alone or not."""
    servers = ["identity", "placement", "probes", "runtime.threads", "runtime.workers"]
    fields = sorted(["labels", "owner", "security.authorization", *servers])
    spec = f"""\
{HEAD}model: {{format: sklearn, uri: "s3://models/fraud"}}
labels: {{team: risk}}
owner: ml
runtime: {{workers: 3, threads: 2}}
probes: {{liveness: {{periodSeconds: 5}}}}
placement: {{nodeSelector: {{gpu: a}}}}
security: {{authorization: token}}
identity: {{serviceAccount: robot}}
targets: {{seldon: {{apiVersion: mlops.seldon.io/v1alpha1}}}}
"""
    lost = [item for item in analyse(project, spec).losses if item.target == "seldon"]
    assert [dotted(item.route) for item in lost] == fields
    assert len({item.reason for item in lost}) == 3


def test_each_item_of_a_list_is_told(project: Path) -> None:
    """Of two connections that lose the same field each is named, and none of which it is not written."""
    spec = f"""\
{HEAD}model: {{format: sklearn, uri: ./model}}
image: {{requirements: requirements.txt}}
connections:
  - {{name: one, type: s3, auth: workload}}
  - {{name: two, type: s3, endpoint: "https://s3.example.com", region: eu}}
  - {{name: three, type: s3, auth: workload}}
targets: {{compose: }}
"""
    told = [(item.target, dotted(item.route)) for item in analyse(project, spec).losses]
    assert told == [("compose", "connections[0].auth"), ("compose", "connections[2].auth")]


def test_a_block_of_which_all_is_kept_is_not_told(project: Path) -> None:
    """Compose has shared memory, and no other place for a container: a block is lost where a field of it is."""
    assert _lost(project, "placement: {sharedMemory: 1Gi}", "targets: {compose: }") == []
    both = "placement: {sharedMemory: 1Gi, nodeSelector: {gpu: a}}"
    lost = [(target, route) for target, _, route in _lost(project, both, "targets: {compose: }")]
    assert lost == [("docker", "placement"), ("compose", "placement")]


def test_an_approximation_stays_one(project: Path) -> None:
    """What is honoured in part is told by the target that does so."""
    assert _lost(project, 'resources: {requests: {cpu: "1"}}') == [
        ("compose", "approximated", "resources.requests.cpu")
    ]


def test_what_a_server_can_t_do_is_lost_wherever_it_runs(tmp_path: Path) -> None:
    """An image and a compose file that pass on what the server makes of a field do not make up for it."""
    project = write(tmp_path, files={"mlf/MLmodel": "flavors: {}\n"})
    head = SPEC.replace("model: {format: pytorch, uri: ./model}", "model: {format: mlflow, uri: ./mlf}")
    analysis = analyse(
        project, head.replace("image: {requirements: requirements.txt}\n", "") + "runtime: {microBatch: {size: 4}}\n"
    )
    assert [(item.target, item.degree.value, dotted(item.route)) for item in analysis.losses] == [
        ("mlflow", "dropped", "runtime.microBatch")
    ]


def test_every_loss_has_a_reason() -> None:
    """Whoever reads of a loss reads why."""
    for target in TARGETS.values():
        for field, support in target.supports.items():
            assert bool(support.reason) is (support.degree.value in ("approximated", "dropped")), (target.name, field)


@pytest.mark.parametrize(
    ("model", "line", "lost"),
    [
        ("onnx", "runtime: {timeouts: {request: 5s}}", ("onnxruntime", "dropped", "runtime.timeouts.request")),
        ("sklearn", "runtime: {graphLevel: basic}", ("mlserver", "dropped", "runtime.graphLevel")),
        ("sklearn", "runtime: {microBatch: {size: 4}}", ("mlserver", "approximated", "runtime.microBatch")),
        ("sklearn", "security: {authorization: token}", ("mlserver", "dropped", "security.authorization")),
        ("pytorch", "runtime: {threads: 2}", ("torchserve", "dropped", "runtime.threads")),
    ],
)
def test_what_a_server_can_t_do(project: Path, model: str, line: str, lost: tuple[str, str, str]) -> None:
    """Who packs the server, or starts it, does not make that good."""
    spec = SPEC.replace("format: pytorch", f"format: {model}")
    assert [
        (item.target, item.degree.value, dotted(item.route)) for item in analyse(project, f"{spec}{line}\n").losses
    ] == [lost]


_STORED = "targets: {kserve: , triton: {responseCache: true}, tf-serving: {versions: [1, 2], labels: {stable: 1}}}"
_RUNTIME = "runtime: {%sworkers: 2, threads: 3, timeouts: {request: 5s}%s}"


@pytest.mark.parametrize(
    ("model", "runtime", "lost"),
    [
        (
            "tensorflow",
            _RUNTIME % ("", ""),
            {
                *("runtime.timeouts.request", "runtime.workers"),
                *("targets.tf-serving.labels", "targets.tf-serving.versions"),
            },
        ),
        (
            "onnx",
            _RUNTIME % ("server: triton, ", ", graphLevel: basic, microBatch: {size: 4}"),
            {
                *("model.uri", "runtime.graphLevel", "runtime.microBatch", "runtime.threads"),
                *("runtime.timeouts.request", "runtime.workers", "targets.triton.responseCache"),
            },
        ),
    ],
)
def test_what_does_not_reach_a_shipped_server(project: Path, model: str, runtime: str, lost: set[str]) -> None:
    """Of a model in a storage a platform's server is told what its command line takes; all else is said to be lost."""
    spec = f"{HEAD}model: {{format: {model}, uri: 's3://models/fraud'}}\n{runtime}\n{_STORED}\n"
    assert {dotted(item.route) for item in analyse(project, spec).losses if item.target == "kserve"} == lost


def test_where_seldon_2_looks_for_triton_s_model(project: Path) -> None:
    """It copies what the address names as one model's folder, and no repository of them: both are told, each as it is."""
    spec = f"{HEAD}model: {{format: onnx, uri: 's3://models/fraud'}}\nruntime: {{server: triton}}\n"
    face = "{tensors: [{name: x, datatype: FP32, shape: [-1, 4]}]}"
    spec += f"signature: {{inputs: {face}, outputs: {face}}}\ntargets: {{seldon: {{apiVersion: mlops.seldon.io/v1alpha1}}}}\n"
    (told,) = (item for item in analyse(project, spec).losses if item.route == ("model", "uri"))
    assert "the model's own folder" in told.reason
