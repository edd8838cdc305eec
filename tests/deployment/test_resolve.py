"""What a spec means: every default, every name that is derived, and mistakes that hide nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from servespec.deployment.types import Deployment, SecretKey
from tests.projects import HEAD, SPEC, analyse, found, write


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project without mistakes."""
    return write(tmp_path)


def _meant(project: Path, *lines: str) -> Deployment:
    deployment = analyse(project, SPEC + "".join(f"{line}\n" for line in lines)).deployment
    assert deployment is not None
    return deployment


def test_the_model_is_named_after_the_service(project: Path) -> None:
    """Clients see the service's name, unless the model has one of its own."""
    assert _meant(project).model.name == "fraud-detector"
    text = SPEC.replace("{format: pytorch,", "{name: fraud, format: pytorch,")
    deployment = analyse(project, text).deployment
    assert deployment is not None
    assert (deployment.name, deployment.model.name) == ("fraud-detector", "fraud")


@pytest.mark.parametrize("format_", ["pytorch", "torchscript"])
def test_the_server_follows_from_the_format(project: Path, format_: str) -> None:
    """Each format has the server that the field would take, in its newest version."""
    deployment = analyse(project, f"{HEAD}model: {{format: {format_}, uri: ./model}}\n").deployment
    assert deployment is not None
    assert (deployment.runtime.server, deployment.runtime.version) == ("torchserve", "0.12.0")
    assert deployment.targets == ("torchserve", "docker", "compose", "client")


def test_paths_have_one_form(project: Path) -> None:
    """`./model/`, `model` and `model/../model` are the same path."""
    for uri in ("model", "./model", "model/", "model/../model", ".//model"):
        deployment = analyse(project, SPEC.replace("./model", uri)).deployment
        assert deployment is not None
        assert deployment.model.uri == "model"


def test_the_image(project: Path) -> None:
    """The repository is the service's name, and the base follows from the version of Python."""
    image = _meant(project).image
    assert (image.repository, str(image.base)) == ("fraud-detector", "python:3.11-slim-bookworm")
    text = SPEC.replace("image: {", 'image: {python: "3.12", ')
    assert str(analyse(project, text).deployment.image.base) == "python:3.12-slim-bookworm"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("cpu", "workers"), [(None, 1), ("100m", 1), ("1", 1), ("1500m", 1), ("2", 2), ("3900m", 3), ("100000", 256)]
)  # fmt: skip
def test_workers_follow_the_cpus(project: Path, cpu: str | None, workers: int) -> None:
    """One worker for each whole CPU that is set aside, never none."""
    lines = [f'resources: {{requests: {{cpu: "{cpu}"}}}}'] if cpu else []
    assert _meant(project, *lines).runtime.workers == workers
    assert _meant(project, *lines, "runtime: {workers: 7}").runtime.workers == 7


@pytest.mark.parametrize(
    ("lines", "limit"),
    [
        ([], "1Gi"),
        (["runtime: {workers: 3}"], "2Gi"),
        (["resources: {requests: {memory: 4Gi}}"], "4Gi"),
        (["resources: {requests: {memory: 64Mi}}"], "1Gi"),
        (["resources: {limits: {memory: 1500Mi}}"], "1500Mi"),
    ],
)
def test_memory_has_a_limit(project: Path, lines: list[str], limit: str) -> None:
    """What the server and its workers take, at least what is requested; CPU is never throttled by default."""
    limits = _meant(project, *lines).resources.limits
    assert limits.memory is not None
    assert limits.memory.text == limit
    assert limits.cpu is None


def test_starting_may_take_as_long_as_it_says(project: Path) -> None:
    """Questions while starting go on for the whole of the start-up time, however often they are asked."""
    startup = _meant(
        project, "runtime: {timeouts: {startup: 61s}}", "probes: {startup: {periodSeconds: 10}}"
    ).probes.startup
    assert (startup.period_seconds, startup.failure_threshold) == (10, 7)


def test_probes_keep_what_is_said(project: Path) -> None:
    """A value that is given is never mixed with a default of the same field."""
    probes = _meant(project, "probes: {startup: {failureThreshold: 2}, readiness: {timeoutSeconds: 9}}").probes
    assert probes.startup.failure_threshold == 2
    assert (probes.readiness.timeout_seconds, probes.readiness.period_seconds) == (9, 10)
    assert probes.startup.timeout_seconds == 9


def test_references_to_secrets(project: Path) -> None:
    """A variable is text, or a key of a secret by name; no value of a secret is anywhere."""
    env = _meant(
        project, "secrets: [{name: s, keys: [k]}]", "runtime: {env: {A: text, B: {secret: s, key: k}}}"
    ).runtime.env
    assert env == {"A": "text", "B": SecretKey("s", "k")}


def test_patterns_are_told_once(project: Path) -> None:
    """A pattern that is named twice is one face, in the order of the first naming."""
    text = SPEC.replace("pattern: realtime", "pattern: [realtime, realtime]")
    deployment = analyse(project, text).deployment
    assert deployment is not None
    assert deployment.patterns == ("realtime",)


_MISTAKES = {
    "runtime: {timeouts: {request: soon}}": (6, 31, "invalid-duration"),
    "runtime: {timeouts: {startup: '30'}}": (6, 31, "invalid-duration"),
    "runtime: {timeouts: {shutdown: 1d}}": (6, 32, "invalid-duration"),
    "runtime: {microBatch: {delay: 5 ms}}": (6, 31, "invalid-duration"),
    "examples: [{name: a, request: {instances: [[1]]}, latency: fast}]": (6, 60, "invalid-duration"),
    "resources: {requests: {cpu: two}}": (6, 29, "invalid-quantity"),
    "resources: {requests: {memory: 1GB}}": (6, 32, "invalid-quantity"),
    "resources: {limits: {cpu: '-1'}}": (6, 27, "invalid-quantity"),
    "resources: {limits: {memory: lots}}": (6, 30, "invalid-quantity"),
}


@pytest.mark.parametrize("line", _MISTAKES)
def test_a_value_that_is_none(project: Path, line: str) -> None:
    """It is marked, a default stands in for it, and a mistake after it is still found."""
    analysis = analyse(project, f"{SPEC}{line}\nrelease: '1 0'\n")
    errors = [item for item in found(analysis) if item[2] != "runtime-end-of-life"]
    assert errors == [_MISTAKES[line], (7, 10, "invalid-version")]
    assert analysis.deployment is not None


def test_images_that_are_none(project: Path) -> None:
    """Neither the repository nor the base of an image is taken as it comes."""
    text = SPEC.replace("image: {", "image: {base: 'Python:3', repository: 'a b', ")
    codes = [item for item in found(analyse(project, text)) if item[2] != "runtime-end-of-life"]
    assert codes == [(5, 15, "invalid-image"), (5, 39, "invalid-image")]


def test_a_block_that_says_nothing_is_none(project: Path) -> None:
    """An empty block means what its absence means."""
    empty = [f"{block}: {{}}" for block in ("scaling", "identity", "placement", "network", "disruption")]
    assert _meant(project, *empty) == _meant(project)
