"""Links that whoever sends a change can commit: each kind of text of a spec leads out of the repository.

What it leads to is a secret of the machine, a device without an end, or one that never says anything. Each command
has to come to an end, without having opened that, and without having changed it.
"""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from trust.rows import Row
from trust.strace import CHANGING, traced
from trust.traps import Trapped, trapped
from trust.writing.project import SERVESPEC

EXAMPLE = "02-onnxruntime-fraud-detector"
NAMES = (
    "serving.yaml", "serving.staging.yaml", "serving.lock", "servespec.yaml", "other.yaml", ".gitignore",
    ".servespec/serving.schema.json",
)  # fmt: skip
"""What is a link, one at a time; the last one is a folder that is a link, with the file in it."""
COMMANDS = (
    *(("validate", "."), ("validate", "--fix", "serving.yaml"), ("build", "--summary", "serving.yaml")),
    *(("build", "--check", "--summary", "."), ("list", "."), ("audit", "."), ("show", "serving.yaml")),
    ("schema", "--write", "serving.yaml"),
)
_SAID = "aws_secret: canary\nanother: canary: canary\n"
_SECONDS = 20


def row(root: Path, program: Sequence[str] = SERVESPEC, names: Sequence[str] = NAMES) -> Row:
    """The row of all that was tried."""
    began = time.monotonic()
    wrong = [line for number, name in enumerate(names) for line in _tried(root / str(number), program, name)]
    tried = f"{len(names)} texts as links, {len(COMMANDS)} commands, to a file and to a device"
    what = "follows no link of a spec's text out of the repository"
    return Row(what, tried, len(wrong), 0, time.monotonic() - began, tuple(wrong))


def _tried(root: Path, program: Sequence[str], name: str) -> Iterator[str]:
    project = trapped(EXAMPLE, root / "in")
    (root / "out").mkdir()
    secret = root / "out" / "serving.schema.json"
    secret.write_text(_SAID)
    _link(project.folder / name, secret)
    for command in COMMANDS:
        ran = traced((*program, *command), ("open", *CHANGING), cwd=project.folder, environment=project.environment)
        opened = [call for call in ran.calls if any(os.path.realpath(path) == str(secret) for path in call.paths)]
        yield from (f"{name}: {' '.join(command)}: {call}" for call in opened if call.result[:1] != "-")
        if "canary" in ran.said or "Traceback" in ran.said or ran.exit == 70:
            yield f"{name}: {' '.join(command)}: exit code {ran.exit}: {ran.said[-300:]}"
    if sorted(os.listdir(root / "out")) != [secret.name] or secret.read_text() != _SAID:
        yield f"{name}: something outside of the repository was changed"
    if "/" not in name:
        yield from _endless(project, program, name)


def _endless(project: Trapped, program: Sequence[str], name: str) -> Iterator[str]:
    """A device that gives bytes for ever, in a build: it ends, with little memory."""
    _link(project.folder / name, Path("/dev/zero"))
    command = ("build", "--summary", "serving.yaml")
    limited = ("prlimit", f"--as={2 << 30}", f"--cpu={_SECONDS}", *program, *command)
    ran = subprocess.run(
        limited, cwd=project.folder, env=project.environment, stdin=subprocess.DEVNULL, capture_output=True, text=True
    )
    if ran.returncode not in (0, 1, 5):
        yield f"{name}: {' '.join(command)}: a device without an end: exit code {ran.returncode}: {ran.stderr[-300:]}"


def _link(path: Path, to: Path) -> None:
    """The path is a link; where it has a folder, the folder is."""
    here, there = (path, to) if path.name != to.name else (path.parent, to.parent)
    here.unlink(missing_ok=True)
    here.symlink_to(there)
