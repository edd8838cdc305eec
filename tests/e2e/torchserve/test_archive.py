"""The model archive: packed by the real archiver, by the command of the summary, and by `servespec build` itself."""

from __future__ import annotations

import json
import os
import subprocess
import time
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.e2e

_ARCHIVE = "torchserve/model-store/fraud-detector-1.0.mar"
_DELAY = 10
_TARGETS = ("examples:\n", "targets: { torchserve: { archive: true }, docker: {}, compose: {} }\nexamples:\n")


def _content(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _without_time(content: dict[str, bytes]) -> dict[str, object]:
    manifest = json.loads(content["MAR-INF/MANIFEST.json"])
    assert manifest.pop("createdOn")
    return {**content, "MAR-INF/MANIFEST.json": manifest}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, project: Callable[..., Any]) -> Any:
    """The example with its archive written by `servespec build`; batches are four, or whatever comes in a while."""
    batch = ("{ size: 8, delay: 5ms }", f"{{ size: 4, delay: {_DELAY}s }}")
    latency = ("    latency: 500ms\n", "")
    return project(tmp_path_factory.mktemp("project"), {"serving.yaml": [_TARGETS, batch, latency]})


def test_ours_holds_what_the_archivers_holds(built: Any, pack: Callable[..., Any]) -> None:
    """Every file of the archive, and every word of its manifest but the time, is what the real archiver packs."""
    ours = built.emitted(_ARCHIVE).read_bytes()
    theirs = pack(built) / "fraud-detector-1.0.mar"
    assert theirs.read_bytes() != ours
    packed = _without_time(_content(theirs))
    built.emitted(_ARCHIVE).write_bytes(ours)
    assert _without_time(_content(built.emitted(_ARCHIVE))) == packed
    assert len(packed) == 5


def test_the_command_of_the_summary_packs_it_too(
    tmp_path: Path, project: Callable[..., Any], torch_python: Path
) -> None:
    """The line that the summary gives runs as it is, in a fresh project, and makes the archive that is to be loaded."""
    made = project(tmp_path)
    (line,) = [command for command in made.next if "torch-model-archiver" in command]
    tools = {**os.environ, "PATH": f"{torch_python.parent}:{os.environ['PATH']}", "TMPDIR": str(tmp_path)}
    subprocess.run(["sh", "-ec", line], cwd=tmp_path, env=tools, check=True)
    (archive,) = made.emitted("torchserve/model-store").iterdir()
    assert f"load_models=fraud-detector={archive.name}\n" in made.emitted("torchserve/config.properties").read_text()
    assert len(_content(archive)) == 5


def test_ours_is_served(
    tmp_path: Path, built: Any, serve: Callable[..., Any], truth: Callable[..., list[float]], fits: Callable[..., bool]
) -> None:
    """TorchServe loads it; of four requests in one batch the bad one gets 400 and the others their numbers."""
    examples = built.spec["examples"]
    bodies = [*(example["request"] for example in examples), {"instances": [[1, 2, 3]]}]
    with serve(built, tmp_path / "scratch") as server, ThreadPoolExecutor(len(bodies)) as pool:
        key, start = server.key, time.monotonic()
        answers = list(pool.map(lambda body: server.client.post(body, key=key), bodies))
        assert time.monotonic() - start < _DELAY, "they were not one batch: a smaller one waits for the delay"
    assert [status for status, _ in answers] == [200, 200, 200, 400]
    for example, (_, answer) in zip(examples, answers[:3], strict=True):
        assert fits(answer, example["expect"], 1e-6)
    found = [item["fraud_probability"] for _, answer in answers[:3] for item in answer["predictions"]]
    rows = [row for body in bodies[:3] for row in body["instances"]]
    assert found == pytest.approx(truth(rows), rel=0, abs=1e-6)
    assert "must be a list of 4 numbers" in answers[3][1]["error"]
