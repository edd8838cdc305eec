"""Trees in few words, a picture of a folder, and a person who works while a build runs."""

from __future__ import annotations

import builtins
import hashlib
import os
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest

from servespec.artifacts import Artifact, Content, Language, Recipe
from servespec.writer import Tree, exchange

CALLS = (
    *("open", "read", "write", "close", "fchmod", "chmod", "chown", "mkdir", "rmdir", "link", "symlink"),
    *("rename", "unlink", "utime", "scandir", "listdir", "stat", "lstat", "fstat", "readlink"),
)


def _artifact(path: str, content: str | Recipe) -> Artifact:
    made = content if isinstance(content, Recipe) else Content(content, (), None)
    return Artifact(path, made, Language.SHELL, executable=path.endswith(".sh"))


def _tree(files: Mapping[str, str | Recipe], *, spec: str = "", **more: object) -> Tree:
    """A tree of those files, from a spec that differs when `spec` or the files do."""
    seed = spec or repr(sorted((path, str(content)) for path, content in files.items()))
    made = {path: _artifact(path, content) for path, content in files.items()}
    settings: dict[str, object] = {"inputs": "0" * 64, **more}
    return Tree("fraud", made, hashlib.sha256(seed.encode()).hexdigest(), **settings)  # type: ignore[arg-type]


def _picture(folder: Path) -> dict[str, object]:
    """What a person sees below a folder: content, link target or kind, and the executable bit."""
    seen: dict[str, object] = {}
    for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
        mode, name = path.lstat().st_mode, str(path.relative_to(folder))
        if stat.S_ISLNK(mode):
            seen[name] = ("link", os.readlink(path))
        elif stat.S_ISREG(mode):
            seen[name] = (path.read_bytes(), bool(mode & 0o100))
        else:
            seen[name] = stat.S_IFMT(mode)
    return seen


@contextmanager
def _before_call(act: Callable[[int, str], None]) -> Iterator[None]:
    """`act` is told the number and name of each call to the system that is about to be made."""
    count = 0

    def wrap(name: str, call: Callable[..., object]) -> Callable[..., object]:
        def wrapped(*args: object, **kwargs: object) -> object:
            nonlocal count
            count += 1
            if name == "close":  # on Linux a file is closed also when that fails
                call(*args, **kwargs)
            act(count, name)
            return None if name == "close" else call(*args, **kwargs)

        return wrapped

    with pytest.MonkeyPatch.context() as patch:
        for name in CALLS:
            patch.setattr(os, name, wrap(name, getattr(os, name)))
        patch.setattr(exchange, "_renameat2", wrap("renameat2", exchange._renameat2))
        patch.setattr(builtins, "open", wrap("builtin open", open))
        yield


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """An output folder that does not exist yet."""
    return tmp_path / "deploy"


@pytest.fixture(scope="session")
def lab() -> SimpleNamespace:
    """The words of these tests."""
    return SimpleNamespace(tree=_tree, picture=_picture, before_call=_before_call)


@pytest.fixture(params=["one call", "two calls"])
def system(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both ways to exchange: a system that swaps two folders in one call, and one that does not."""
    if request.param == "two calls":
        monkeypatch.setattr(exchange, "_renameat2", lambda *_: False)
    return str(request.param)
