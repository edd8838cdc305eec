"""The wheel and the source archive: the same bytes wherever and whenever they are made, and nothing by accident."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from zipfile import ZipFile

from trust.rows import Row, Scale

ROOT = Path(__file__).parents[1]
_DATA = {"templates": "servespec/_data/templates", "schema": "servespec/_data/schema"}
_DOCUMENTS = ("docs", "README.md", "LICENSE", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md")
_BY_THE_BACKEND = {"pyproject.toml", ".gitignore", "PKG-INFO"}
_LITTER = {
    "servespec/__pycache__/x.cpython-311.pyc": "",
    "servespec/.env": "TOKEN=x",
    "servespec/notes.txt": "x",
    "deploy/x.yaml": "a: b\n",
}


@dataclass(frozen=True)
class Circumstances:
    """Where, when and by whom packages are made."""

    name: str
    umask: int
    modified: int
    more: Mapping[str, str]


CIRCUMSTANCES = (
    Circumstances("here", 0o022, 1_700_000_000, {"TZ": "UTC", "LC_ALL": "C", "PYTHONHASHSEED": "1"}),
    Circumstances(
        "a longer path", 0o077, 1_000_000_000, {"TZ": "Asia/Tokyo", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "2"}
    ),
    Circumstances(
        "in-2038", 0o002, 2_147_483_000, {"TZ": "America/New_York", "PYTHONHASHSEED": "3", "HOME": "/nowhere"}
    ),
)


def run(scale: Scale) -> Iterator[Row]:
    """Two rows: the bytes, and what is in them."""
    began = time.monotonic()
    circumstances = CIRCUMSTANCES[: scale.of(2, len(CIRCUMSTANCES))]
    with tempfile.TemporaryDirectory(prefix="servespec-trust-") as folder:
        made = [packed(ROOT, Path(folder, item.name), item) for item in circumstances]
        distinct = {
            tuple(sorted((path.name, sha256(path.read_bytes()).hexdigest()) for path in paths)) for paths in made
        }
        seconds = time.monotonic() - began
        tried = (
            f"made {len(made)} times: other folders, times, umasks, locales, hash seeds; and the wheel from the archive"
        )
        yield Row("a wheel and a source archive are the same bytes", tried, len(distinct), 1, seconds)
        stray = [line for path in made[0] for line in strays(path)]
        number = sum(len(names(path)) for path in made[0])
        yield Row("they hold what they should", f"{number:,} files", len(stray), 0, 0.0, tuple(stray))


def packed(root: Path, scratch: Path, circumstances: Circumstances) -> list[Path]:
    """The packages that a checkout makes; the wheel is made from the source archive, as an installer does."""
    tree, out = scratch / "tree", scratch / "dist"
    for name in _committed(root):
        path = tree / name
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(root / name, path, follow_symlinks=False)
        os.utime(path, (circumstances.modified,) * 2, follow_symlinks=False)
    for name, text in _LITTER.items():
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_text(text)
    kept = {name: value for name, value in os.environ.items() if name != "SOURCE_DATE_EPOCH"}
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), str(tree)]
    done = subprocess.run(
        command, env={**kept, **circumstances.more}, umask=circumstances.umask, capture_output=True, text=True
    )
    if done.returncode:
        raise RuntimeError(done.stdout[-2000:] + done.stderr[-2000:])
    return sorted(out.iterdir())


def _committed(root: Path) -> list[str]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, check=True).stdout.decode()
    return [name for name in listed.split("\0") if name and os.path.lexists(root / name)]


def names(package: Path) -> set[str]:
    """The files in a package, without the folder that an archive has around them."""
    if package.suffix == ".whl":
        with ZipFile(package) as wheel:
            return {name for name in wheel.namelist() if ".dist-info/" not in name}
    with tarfile.open(package) as archive:
        members = archive.getmembers()
    return {item.name.partition("/")[2] if item.isfile() else f"{item.name} is no file" for item in members}


def strays(package: Path) -> list[str]:
    """What is in a package and should not be, or is not and should."""
    wheel = package.suffix == ".whl"
    committed = _committed(ROOT)
    if wheel:
        wanted = {name for name in committed if name.startswith("servespec/")}
        wanted |= {
            f"{place}{name.removeprefix(folder)}"
            for folder, place in _DATA.items()
            for name in committed
            if name.startswith(f"{folder}/")
        }
    else:
        packed_ = ("servespec", *_DATA, *_DOCUMENTS)
        wanted = _BY_THE_BACKEND | {name for name in committed if name.partition("/")[0] in packed_}
    found = names(package)
    return [f"{package.name}: {name} is in it" for name in sorted(found - wanted)] + [
        f"{package.name}: {name} is missing" for name in sorted(wanted - found)
    ]
