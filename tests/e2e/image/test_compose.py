"""The emitted compose file: the stack comes up healthy, answers, is hardened, and stops in order."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.e2e

_KEY = "exec -T fraud-detector cat /run/torchserve/key_file.json"


@pytest.fixture(scope="module")
def stack(built: Any) -> Iterator[Any]:
    """The example, up by the command of the summary."""
    try:
        built.shell.run(built.command("up --build --wait"))
        yield built
    finally:
        built.shell.run(built.compose("down --volumes --timeout=5"))


@pytest.fixture(scope="module")
def key(stack: Any) -> str:
    """The key of clients, as its operator reads it."""
    return str(json.loads(stack.shell.output(stack.compose(_KEY)))["inference"]["key"])


def _inside(stack: Any, script: str) -> Any:
    return stack.shell.run(stack.compose(f"exec -T fraud-detector sh -c '{script}'"), check=False)


def test_healthy_and_answering(
    stack: Any, key: str, truth: Callable[..., list[float]], fits: Callable[..., bool]
) -> None:
    """The engine calls it healthy; the examples get torch's numbers over REST and gRPC, without the key nothing."""
    assert stack.inspect("{{.State.Health.Status}}") == "healthy"
    examples = stack.project.spec["examples"]
    requests = [example["request"] for example in examples]
    expected = truth([row for request in requests for row in request["instances"]])
    posts = [stack.client.post(request, key=key) for request in requests]
    calls = stack.client.call(requests, key=key)
    assert [status for status, _ in posts] == [200] * len(examples)
    for answers in ([answer for _, answer in posts], [call["answer"] for call in calls]):
        assert all(fits(answer, example["expect"], 1e-6) for answer, example in zip(answers, examples, strict=True))
        found = [item["fraud_probability"] for answer in answers for item in answer["predictions"]]
        assert found == pytest.approx(expected, rel=0, abs=1e-6)
    status, _ = stack.client.post(requests[0], key=None)
    assert 400 <= status < 500


def test_the_numeric_user_without_privileges(stack: Any) -> None:
    """Every process is user 10001, has no capability, and can gain none."""
    fields = _inside(stack, 'cat /proc/[0-9]*/status | grep -E "^(Uid|Gid|CapEff|CapPrm|CapBnd|NoNewPrivs):"').stdout
    seen = {tuple(line.split()) for line in fields.splitlines()}
    assert seen == {
        *((name, "10001", "10001", "10001", "10001") for name in ("Uid:", "Gid:")),
        *((name, "0000000000000000") for name in ("CapEff:", "CapPrm:", "CapBnd:")),
        ("NoNewPrivs:", "1"),
    }


def test_the_root_is_read_only(stack: Any) -> None:
    """Nothing can be written but in the scratch folder, which others can't read."""
    for folder in ("/", "/tmp", "/var/tmp", "/srv/torchserve", "/home", "/opt/venv"):
        done = _inside(stack, f"touch {folder}/x")
        assert done.returncode != 0
        assert "Read-only file system" in done.stderr
    assert _inside(stack, "touch /run/torchserve/x && rm /run/torchserve/x").returncode == 0
    assert _inside(stack, "stat -c %a /run/torchserve /run/torchserve/key_file.json").stdout.split() == ["700", "600"]
    assert stack.inspect("{{.HostConfig.ReadonlyRootfs}}") == "true"


def test_only_clients_ports_are_published(stack: Any) -> None:
    """On the machine only the two ports for clients are open, and only on loopback."""
    published = json.loads(stack.inspect("{{json .NetworkSettings.Ports}}"))
    found = {name: [(item["HostIp"], item["HostPort"]) for item in items] for name, items in published.items()}
    assert found == {f"{port}/tcp": [("127.0.0.1", str(port))] for port in (stack.client.rest, stack.client.grpc)}


def test_a_model_that_never_loads_is_never_healthy(tmp_path: Path, service: Callable[..., Any]) -> None:
    """A handler that fails makes `up --wait` fail, and the health check says why."""
    fails = ("        super().initialize(context)\n", '        raise RuntimeError("no such thing")\n')
    probes = "probes: { startup: { periodSeconds: 1, failureThreshold: 4 }, readiness: { periodSeconds: 1 } }\n"
    broken = service(tmp_path, {"model/handler.py": [fails], "serving.yaml": [("examples:\n", f"{probes}examples:\n")]})
    try:
        done = broken.shell.run(broken.command("up --build --wait"), check=False)
        assert done.returncode != 0
        health = json.loads(broken.inspect("{{json .State.Health}}"))
        assert health["Status"] == "unhealthy"
        assert {entry["ExitCode"] for entry in health["Log"]} == {1}
        assert "not ready: " in health["Log"][-1]["Output"]
    finally:
        broken.shell.run(broken.compose("down --volumes --timeout=5 --rmi=local"))
        broken.shell.run(f"docker image rm --force {broken.described['image']}")


def test_stops_within_its_grace_period(stack: Any) -> None:
    """`compose stop` ends it in order, long before the engine would kill it. The last test: it stops the stack."""
    grace = int(re.fullmatch(r"(\d+)s", stack.described["stop_grace_period"])[1])  # type: ignore[index]
    start = time.monotonic()
    stack.shell.run(stack.compose("stop"))
    assert time.monotonic() - start < grace
    assert stack.inspect("{{.State.Status}} {{.State.ExitCode}} {{.State.OOMKilled}}") == "exited 0 false"
    assert "drain: " in stack.shell.output(stack.compose("logs --no-log-prefix"))
