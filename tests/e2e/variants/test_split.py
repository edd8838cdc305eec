"""The 80/20 example on a real engine: 10,000 requests by fixed ids, the same split every time, and a shadow that sees
them and whose end nobody notices."""

from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import subprocess
import sys
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.oip import program

pytestmark = pytest.mark.e2e

_EXAMPLE = Path(__file__).parents[3] / "examples" / "08-ab-fraud-detector"
_SHADOW = "  - { name: trial, shadow: true, resources: { requests: { cpu: 100m } } }\n"
_COUNT = 10_000
_CLIENTS = 4
_IDS = [f"payment-{number}" for number in range(_COUNT)]
# `X-Variant` of an answer, and the version and the numbers that the server says.
Answers = Mapping[str, tuple[str, str, tuple[float, ...]]]


@dataclass(frozen=True)
class Stack:
    """The stack of the example, and its commands."""

    project: Any
    rest: int
    grpc: int
    environment: dict[str, str]

    def run(self, line: str, *, check: bool = True) -> str:
        """What a line prints."""
        done = subprocess.run(
            ["sh", "-c", line],
            cwd=self.project.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=900,
        )
        assert not check or done.returncode == 0, f"{line}\n{done.stdout[-3000:]}\n{done.stderr[-6000:]}"
        return done.stdout.strip()

    def compose(self, words: str, *, check: bool = True) -> str:
        """What a command of this stack prints."""
        return self.run(f"docker compose --file={self.project.emitted('compose/compose.yaml')} {words}", check=check)

    @property
    def body(self) -> bytes:
        """The request of the first example."""
        return json.dumps(self.project.spec["examples"][0]["request"]).encode()

    def ask(self, ids: list[str]) -> Answers:
        """The answers to requests of these ids, by several clients, each on one connection."""
        with ThreadPoolExecutor(_CLIENTS) as pool:
            parts = pool.map(self._ask, (ids[number::_CLIENTS] for number in range(_CLIENTS)))
            return {name: answer for part in parts for name, answer in part.items()}

    def _ask(self, ids: list[str]) -> Answers:
        found: dict[str, tuple[str, str, tuple[float, ...]]] = {}
        connection, body = http.client.HTTPConnection("127.0.0.1", self.rest, timeout=60), self.body
        for name in ids:
            headers = {"Content-Type": "application/json", "X-Request-ID": name}
            connection.request("POST", "/v2/models/fraud-detector/infer", body, headers)
            answer = connection.getresponse()
            text = answer.read()
            assert answer.status == 200, text
            said = json.loads(text)
            values = tuple(said["outputs"][0]["data"])
            found[name] = (str(answer.getheader("X-Variant")), said["model_version"], values)
        return found

    def seen_by_shadow(self) -> int:
        """How many requests the shadow says that it has answered."""
        asked = "import urllib.request as u; print(u.urlopen('http://127.0.0.1:8082/metrics').read().decode())"
        said = self.compose(f'exec -T fraud-detector-trial python -I -c "{asked}"')
        counts = re.findall(r"^rest_server_requests_total\{(?=.*infer).*\} ([0-9.e+]+)$", said, re.MULTILINE)
        return round(sum(map(float, counts)))


@pytest.fixture(scope="module")
def stack(
    engine: Path,
    build: Callable[[Path], Any],
    free_ports: Callable[[int], list[int]],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Stack]:
    """The example with a shadow, up by the commands of the summary."""
    folder, (rest, grpc) = tmp_path_factory.mktemp("ab"), free_ports(2)
    shutil.copytree(_EXAMPLE, folder, ignore=shutil.ignore_patterns("deploy"), dirs_exist_ok=True)
    spec = (folder / "serving.yaml").read_text()
    ports = f"runtime: {{ protocols: {{ rest: {rest}, grpc: {grpc} }} }}\n"
    spec = spec.replace("\nnetwork:", f"{_SHADOW}\nnetwork:").replace("\nexamples:", f"\n{ports}\nexamples:")
    (folder / "serving.yaml").write_text(spec)
    made = build(folder)
    for path in folder.rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o600)  # a clone under umask 077
    variables = {
        "PATH": f"{engine}:{os.environ['PATH']}",
        "HOME": os.environ["HOME"],
        "COMPOSE_PROJECT_NAME": f"e2e-{uuid.uuid4().hex[:12]}",
        "no_proxy": "127.0.0.1",
    }
    stack = Stack(made, rest, grpc, variables)
    try:
        for words in ("docker build", "docker compose"):
            for line in made.next:
                if words in line:
                    stack.run(line)
        yield stack
    finally:
        stack.compose("down --volumes --timeout=5 --rmi=all", check=False)


@pytest.fixture(scope="module")
def first(stack: Stack) -> Answers:
    """The answers while everything is well."""
    return stack.ask(_IDS)


def _murmur(text: str) -> int:
    """MurmurHash2 of 32 bits with the seed 0, of which nginx takes the parts."""
    data, whole = text.encode(), 0xFFFFFFFF
    value = len(data)
    for start in range(0, len(data) - 3, 4):
        piece = int.from_bytes(data[start : start + 4], "little") * 0x5BD1E995 & whole
        value = (value * 0x5BD1E995 & whole) ^ ((piece ^ piece >> 24) * 0x5BD1E995 & whole)
    if rest := data[len(data) & ~3 :]:
        value = (value ^ int.from_bytes(rest, "little")) * 0x5BD1E995 & whole
    value = (value ^ value >> 13) * 0x5BD1E995 & whole
    return value ^ value >> 15


def test_requests_are_shared_as_the_weights_say(first: Answers) -> None:
    """Each id goes where its hash says, which is 80 and 20 percent of them, and the answer is that variant's."""
    shares = Counter(variant for variant, _, _ in first.values())
    assert shares.keys() == {"current", "candidate"}
    assert abs(shares["current"] / _COUNT - 0.8) < 0.015
    bound = 80 * 100 * 0xFFFFFFFF // 10_000
    assert {name: variant for name, (variant, _, _) in first.items()} == {
        name: "current" if _murmur(name) < bound else "candidate" for name in _IDS
    }
    versions = {(variant, version) for variant, version, _ in first.values()}
    assert versions == {("current", "1"), ("candidate", "2")}
    numbers = {variant: {values for name, _, values in first.values() if name == variant} for variant in shares}
    assert {variant: len(found) for variant, found in numbers.items()} == {"current": 1, "candidate": 1}
    assert numbers["current"] != numbers["candidate"]


def test_the_shadow_sees_them(stack: Stack, first: Answers) -> None:
    """Copies reach it; some are left out where it can't keep up, rather than that anybody waits."""
    end = time.monotonic() + 30
    while (seen := stack.seen_by_shadow()) < _COUNT / 2 and time.monotonic() < end:
        time.sleep(1)
    assert _COUNT / 2 <= seen <= _COUNT


def test_grpc_is_shared_too(stack: Stack, environment: Callable[[str], Path]) -> None:
    """A call over gRPC is answered by one of the variants."""
    asked = {"port": stack.grpc, "model": "fraud-detector", "bodies": [json.loads(stack.body)] * 20}
    answers = program(environment("onnxruntime"), "oip_client.py", asked=asked)
    assert {answer["code"] for answer in answers} == {"OK"}


def test_a_hanging_shadow_holds_nobody_up(stack: Stack) -> None:
    """A shadow that takes requests and never answers costs no client time, on connections that are used again too."""
    stack.compose("pause fraud-detector-trial")
    try:
        start = time.monotonic()
        stack.ask(_IDS[:400])
        assert time.monotonic() - start < 20
    finally:
        stack.compose("unpause fraud-detector-trial")


def test_a_dead_shadow_changes_no_answer(stack: Stack, first: Answers) -> None:
    """With the shadow gone all requests get the same answers as before, each from the same variant."""
    stack.compose("kill fraud-detector-trial")
    assert stack.ask(_IDS) == first


def test_the_proxy_starts_without_the_shadow(stack: Stack) -> None:
    """A name that can't be looked up stops it neither at its start nor later."""
    stack.compose("rm --force --stop fraud-detector-trial")
    stack.compose("restart fraud-detector")
    end = time.monotonic() + 20
    while True:
        try:
            assert {variant for variant, _, _ in stack.ask(_IDS[:40]).values()} == {"current", "candidate"}
            break
        except (ConnectionError, http.client.HTTPException):
            assert time.monotonic() < end
            time.sleep(0.2)


def test_the_proxy_is_hardened(stack: Stack) -> None:
    """Every process is user 10001 without a capability, and can write to nothing but its scratch folder."""
    status = 'cat /proc/[0-9]*/status | grep -E "^(Uid|CapEff|CapBnd|NoNewPrivs):"'
    fields = stack.compose(f"exec -T fraud-detector sh -c '{status}'")
    assert {tuple(line.split()) for line in fields.splitlines()} == {
        ("Uid:", "10001", "10001", "10001", "10001"),
        *((name, "0000000000000000") for name in ("CapEff:", "CapBnd:")),
        ("NoNewPrivs:", "1"),
    }
    stack.compose("exec -T fraud-detector touch /tmp/x")
    denied = "exec -T fraud-detector sh -c 'touch /etc/nginx/x 2>&1 || true'"
    assert "Read-only file system" in stack.compose(denied)


def test_a_variant_that_is_gone_loses_its_share_only(stack: Stack) -> None:
    """Its requests are told so, and no other variant answers in its place. It stops the candidate."""
    stack.compose("stop fraud-detector-candidate")
    time.sleep(6)  # as long as an address is remembered
    statuses: Counter[tuple[str, int]] = Counter()
    for name in _IDS[:60]:
        connection = http.client.HTTPConnection("127.0.0.1", stack.rest, timeout=30)
        connection.request("POST", "/v2/models/fraud-detector/infer", stack.body, {"X-Request-ID": name})
        answer = connection.getresponse()
        answer.read()
        connection.close()
        statuses[str(answer.getheader("X-Variant")), answer.status] += 1
    assert statuses.keys() == {("current", 200), ("candidate", 502)}


def test_servespec_run(stack: Stack) -> None:
    """`servespec run --docker --smoke` builds all of it, waits for every variant, asks by the address, and leaves nothing."""
    stack.compose("down --volumes --timeout=5", check=False)
    environment = {key: value for key, value in stack.environment.items() if key != "COMPOSE_PROJECT_NAME"}
    command = [sys.executable, "-m", "servespec", "run", "--docker", "--smoke"]
    done = subprocess.run(
        command, cwd=stack.project.folder, env=environment, capture_output=True, text=True, timeout=600
    )
    assert done.returncode == 0, done.stderr[-4000:]
    assert done.stdout.endswith("2 of 2 examples are answered as the spec says\n")
    assert {"current", "candidate", "trial"} <= set(
        re.findall(r"^fraud-detector \| (\w+): ", done.stderr, re.MULTILINE)
    )
    assert not stack.run("docker ps --all --quiet --filter label=com.docker.compose.project=fraud-detector-run")
