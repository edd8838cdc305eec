"""The diff is one that patch can apply."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest

from servespec.artifacts import Recipe
from servespec.writer import MANIFEST, apply, diff, plan

OLD = {"a": "one\ntwo\n", "gone": "1\n", "end": "no newline", "feed": "x\x0cy\u2028z\n", "run.sh": "1\n"}
NEW = {"a": "one\n2\n", "fresh": "new\n", "end": "none\nstill", "feed": "x\x0cy\u2028w\n", "run.sh": "1\n"}


def test_patch_turns_the_old_tree_into_the_new(lab: SimpleNamespace, out: Path, tmp_path: Path) -> None:
    """`patch -p1` over the old tree gives what a build gives, the manifest apart."""
    if shutil.which("patch") is None:
        pytest.skip("no patch on this machine")
    apply(plan(lab.tree(OLD), out))
    lines = "\n".join(diff(plan(lab.tree(NEW), out))) + "\n"
    shutil.copytree(out, tmp_path / "copy")
    subprocess.run(["patch", "-p1", "-s", "-E"], cwd=tmp_path / "copy", input=lines.encode(), check=True)
    apply(plan(lab.tree(NEW), out))
    (out / "fraud" / MANIFEST).unlink()
    (tmp_path / "copy/fraud" / MANIFEST).unlink()
    assert lab.picture(tmp_path / "copy") == lab.picture(out)


def test_what_text_cannot_show(lab: SimpleNamespace, out: Path) -> None:
    """Archives and executable bits are named in git's words."""
    recipe = Recipe(lambda: iter((b"\0",)), "f")
    apply(plan(lab.tree({"run.sh": ""}), out))
    (out / "fraud/run.sh").chmod(0o644)
    assert list(diff(plan(lab.tree({"run.sh": "", "m.mar": recipe}), out))) == [
        "Binary files /dev/null and b/fraud/m.mar differ",
        "diff --git a/fraud/run.sh b/fraud/run.sh",
        "old mode 100644",
        "new mode 100755",
    ]


def test_a_bit_and_a_file_too_large_to_show(lab: SimpleNamespace, out: Path) -> None:
    """The executable bit goes both ways, and what is too large to be kept is not shown as if it were empty."""
    apply(plan(lab.tree({"a": "", "b": ""}), out))
    (out / "fraud/a").chmod(0o755)
    (out / "fraud/b").write_bytes(bytes(9 << 20))
    assert list(diff(plan(lab.tree({"a": "", "b": ""}), out))) == [
        "diff --git a/fraud/a b/fraud/a",
        "old mode 100755",
        "new mode 100644",
        "Binary files a/fraud/b and b/fraud/b differ",
    ]


def test_a_folder_where_a_file_must_be(lab: SimpleNamespace, out: Path) -> None:
    """What stands in the way is there, though it can't be shown: it is not told as a new file."""
    (out / "fraud/a").mkdir(parents=True)
    assert next(iter(diff(plan(lab.tree({"a": "1\n"}), out)))).startswith("--- a/fraud/a")


def test_nothing_to_show(lab: SimpleNamespace, out: Path) -> None:
    """An up-to-date tree has an empty diff."""
    apply(plan(lab.tree(OLD), out))
    assert list(diff(plan(lab.tree(OLD), out))) == []
