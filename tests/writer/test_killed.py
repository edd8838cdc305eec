"""A real process, killed by the kernel at each of its calls: strace sends SIGKILL at the n-th."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from types import SimpleNamespace

import pytest

from servespec.writer import apply, plan

OLD = {"docker/Dockerfile": "one\n", "docker/run.sh": "1\n", "gone/only.txt": "1\n"}
NEW = {"docker/Dockerfile": "two\n", "docker/run.sh": "1\n", "compose/compose.yaml": "a: 1\n"}
CALLS = "write,mkdir,mkdirat,rename,renameat,renameat2,link,linkat,unlink,unlinkat,rmdir,chmod,fchmod,utimensat"
PROGRAM = """
import sys
from pathlib import Path
from servespec.artifacts import Artifact, Content, Language
from servespec.writer import Tree, apply, plan
files = {p: Artifact(p, Content(t, (), None), Language.SHELL, executable=p.endswith(".sh")) for p, t in %r}
tree = Tree("fraud", files, %r, "0" * 64)
apply(plan(tree, Path(sys.argv[1])))
"""


@pytest.mark.e2e
@pytest.mark.parametrize("first", [True, False], ids=["first build", "rebuild"])
def test_sigkill_at_every_call_that_changes_the_disk(lab: SimpleNamespace, out: Path, first: bool) -> None:
    """The old or the new tree stands after each kill, and the next build leaves nothing else."""
    if shutil.which("strace") is None:
        pytest.skip("strace is not installed")
    tree = lab.tree(NEW)
    program = PROGRAM % (list(NEW.items()), tree.deployment)
    reset(lab, out, first=first)
    old = lab.picture(out / "fraud")
    made = calls_of(program, out)
    new = lab.picture(out / "fraud")
    assert sum(made.values()) >= 15
    seen = set()
    for call, times in made.items():
        for moment in range(1, times + 1):
            reset(lab, out, first=first)
            inject = f"inject={call}:signal=KILL:when={moment}"
            assert run("strace", "-f", "-qq", "-e", f"trace={call}", "-e", inject, program=program, out=out) < 0
            live = lab.picture(out / "fraud")
            assert live in (old, new), (call, moment)
            seen.add(str(live))
            apply(plan(tree, out))
            assert lab.picture(out / "fraud") == new, (call, moment)
            assert os.listdir(out) == ["fraud"], (call, moment)
    # A first build changes nothing more once its tree is in place.
    assert seen == {str(old)} if first else {str(old), str(new)}


def reset(lab: SimpleNamespace, out: Path, *, first: bool) -> None:
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir()
    if not first:
        apply(plan(lab.tree(OLD), out))
        (out / "fraud/docker/mine").write_text("mine")


def run(*before: str, program: str, out: Path) -> int:
    command = [*before, sys.executable, "-B", "-c", program, str(out)]
    return subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode


def calls_of(program: str, out: Path) -> Counter[str]:
    """How often an undisturbed build makes each call."""
    log = out.parent / "calls"
    assert run("strace", "-f", "-qq", "-e", f"trace={CALLS}", "-o", str(log), program=program, out=out) == 0
    return Counter(re.findall(r"^\d+ +(\w+)\(", log.read_text(), re.MULTILINE))
