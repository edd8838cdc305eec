"""The wheel and the source archive: the same bytes each time, with what they should hold."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from trust import packaging
from trust.rows import Scale


def test_they_are_reproducible() -> None:
    """Made in two folders, under other circumstances, from a tree with litter in it."""
    rows = list(packaging.run(Scale.QUICK))
    assert [row.details for row in rows if not row.well] == []
    assert len(rows) == 2


def test_a_wheel_with_litter_is_noticed(tmp_path: Path) -> None:
    """A file that nobody committed, and one that is missing."""
    wheel = tmp_path / "servespec-0-py3-none-any.whl"
    with ZipFile(wheel, "w") as file:
        file.writestr("servespec/.env", "TOKEN=x")
    found = packaging.strays(wheel)
    assert f"{wheel.name}: servespec/.env is in it" in found
    assert f"{wheel.name}: servespec/__main__.py is missing" in found


def test_a_time_in_them_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A backend that keeps the times of files makes other bytes."""
    root = tmp_path / "root"
    (root / "servespec").mkdir(parents=True)
    (root / "servespec" / "__init__.py").write_text('__version__ = "1"\n')
    project = '[project]\nname = "servespec"\nversion = "1"\n'
    (root / "pyproject.toml").write_text(
        f'[build-system]\nrequires = []\nbuild-backend = "hatchling.build"\n{project}'
        "[tool.hatch.build]\nreproducible = false\n"
    )
    for command in (["init", "-q"], ["add", "-A"]):
        subprocess.run(["git", *command], cwd=root, check=True)
    made = [packaging.packed(root, tmp_path / item.name, item) for item in packaging.CIRCUMSTANCES[:2]]
    assert made[0][0].read_bytes() != made[1][0].read_bytes()


def test_it_installs(tmp_path: Path) -> None:
    """The source archive can be unpacked as installers do it, and says its version."""
    (archive,) = (
        path for path in packaging.packed(packaging.ROOT, tmp_path, packaging.CIRCUMSTANCES[0]) if path.suffix == ".gz"
    )
    shutil.unpack_archive(archive, tmp_path / "unpacked", filter="data")
    (tree,) = (tmp_path / "unpacked").iterdir()
    done = subprocess.run([sys.executable, "-m", "servespec", "--version"], cwd=tree, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
