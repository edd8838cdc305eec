"""A stop signal under load: requests in flight are answered, later ones refused, and the exit code is 0."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.e2e

_SLOW = """\
        (Path(tempfile.gettempdir()) / "at-work").touch()
        time.sleep(2)
        with torch.inference_mode():
"""
_CHANGES = {
    "serving.yaml": [("examples:\n", "targets: { torchserve: { archive: true } }\nexamples:\n")],
    "model/handler.py": [
        ("import json\n", "import json\nimport tempfile\nimport time\nfrom pathlib import Path\n"),
        ("        with torch.inference_mode():\n", _SLOW),
    ],
}


def test_requests_in_flight_are_answered(
    tmp_path: Path, project: Callable[..., Any], serve: Callable[..., Any]
) -> None:
    """REST and gRPC requests that a worker is at, or that wait for it, get their answers after SIGTERM."""
    made = project(tmp_path / "project", _CHANGES)
    example = made.spec["examples"][1]
    with serve(made, tmp_path / "scratch") as server, ThreadPoolExecutor(8) as pool:
        key = server.key
        calls = pool.submit(server.client.call, [example["request"]] * 2, key=key)
        while not (tmp_path / "scratch" / "at-work").exists():
            assert not calls.done(), calls.result()
            time.sleep(0.02)
        posts = [pool.submit(server.client.post, example["request"], key=key) for _ in range(3)]
        time.sleep(0.5)  # for these to reach the queue behind that batch
        assert not any(post.done() for post in (*posts, calls))
        server.process.terminate()
        assert server.process.wait(20) == 0
        _assert_answered(posts, calls)
        with pytest.raises(ConnectionError):
            server.client.post(example["request"], key=key)


def _assert_answered(posts: list[Future[Any]], calls: Future[Any]) -> None:
    for post in posts:
        status, answer = post.result(10)
        assert (status, answer["predictions"][0]["fraud"]) == (200, True)
    assert [call["code"] for call in calls.result(10)] == ["OK", "OK"]
