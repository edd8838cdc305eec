"""The `curl` line of the summary, run by a real shell and a real curl, with a docker that runs commands here."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from servespec.artifacts import Bundle
from tests.answering import answering

_MLFLOW = "model: { format: mlflow, uri: ./flow }\nruntime: { protocols: { rest: PORT } }\n"
_TORCHSERVE = "runtime: { protocols: { rest: PORT } }\n"
_EXAMPLE = 'examples: [{ name: one, request: { instances: [["it\'s", 2]] } }]\n'
_FILES = {"flow/MLmodel": "flavors: {}\n", "flow/requirements.txt": "numpy==2.4.6\n"}
# `docker compose --file=F exec -T SERVICE COMMAND...`, with the container's scratch folder here
_DOCKER = """\
#!/bin/sh
test "$1 $3 $4 $5" = "compose exec -T fraud-detector" || exit 9
shift 5
for word; do shift; set -- "$@" "$(printf %s "$word" | sed "s|^/run/torchserve|$HERE|")"; done
exec "$@"
"""


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not on the PATH")
@pytest.mark.parametrize(
    ("blocks", "path", "header"),
    [(_TORCHSERVE, "/predictions/fraud-detector", "Bearer the-key"), (_MLFLOW, "/invocations", None)],
    ids=["torchserve", "mlflow"],
)
def test_the_line_asks(
    bundles: Callable[..., dict[str, Bundle]], tmp_path: Path, blocks: str, path: str, header: str | None
) -> None:
    """The first example goes where the server takes it, with the key that the server wrote when it wants one."""
    with answering() as server:
        server.say({"predictions": [1]})
        made = bundles(blocks.replace("PORT", str(server.port)) + _EXAMPLE, files=_FILES)
        (line,) = (line for line in made["compose"].asks if "curl " in line)
        here = tmp_path / "bin"
        here.mkdir()
        (here / "docker").write_text(_DOCKER)
        (here / "docker").chmod(0o755)
        (here / "python").symlink_to(shutil.which("python3") or "")
        (here / "key_file.json").write_text('{"inference": {"key": "the-key"}}')
        env = {**os.environ, "PATH": f"{here}:{os.environ['PATH']}", "HERE": str(here)}
        done = subprocess.run(["sh", "-c", line], env=env, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (0, '{"predictions": [1]}'), done.stderr
    (asked,) = server.asked
    assert (asked.method, asked.path, asked.headers.get("Authorization")) == ("POST", path, header)
    assert json.loads(asked.body) == {"instances": [["it's", 2]]}
