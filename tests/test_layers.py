"""The layers of DESIGN: imports go downwards only, each library has one door, and start-up stays light."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[1]
_PACKAGE = _ROOT / "servespec"
_EXAMPLE = _ROOT / "examples" / "01-torchserve-fraud-detector"

# From the top down. A module may import its own row's neighbours only where `_NEIGHBOURS` says so.
_ROWS = (
    ("__main__",),
    ("cli", "dev"),
    ("running",),
    ("pipeline", "reference"),
    ("writer", "verify", "targets", "checks", "edge", "suppression"),
    ("inspection",),
    ("deployment", "runtimes"),
    ("spec",),
    ("source",),
    (
        "spans",
        "facts",
        "models",
        "artifacts",
        "emit",
        "diagnostics",
        "node",
        "package_data",
        "records",
        "on_demand",
        "claims",
        "__init__",
    ),
)
_BOTTOM = _ROWS[-1]
_NEIGHBOURS = {("deployment", "runtimes"), *((one, other) for one in _BOTTOM for other in _BOTTOM)}

# Which modules may import a library, as the beginnings of their names.
_DOORS = {
    "click": ("cli.",),
    "pydantic": ("node", "spec.", "targets.*.options", "dev."),
    "pydantic_core": ("node", "spec.", "dev."),
    "yaml": ("source.", "emit.yaml", "verify."),
    "jinja2": ("emit.template",),
    "docker": ("edge.",),
}
_LIBRARIES = frozenset(_DOORS)


@dataclass(frozen=True)
class Import:
    """One import: which module of the package makes it, where, and what is imported."""

    module: str
    line: int
    name: str

    def __str__(self) -> str:
        return f"{self.module}:{self.line} imports {self.name}"


def _imports() -> Iterator[Import]:
    """Every import of the package, those inside of functions and for type checkers too."""
    for path in sorted(_PACKAGE.rglob("*.py")):
        if "_data" in path.relative_to(_PACKAGE).parts:
            continue
        module = ".".join(path.relative_to(_PACKAGE).with_suffix("").parts)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            for name in _names(node):
                yield Import(module, node.lineno, name)  # type: ignore[attr-defined]


def _names(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Import(names=names):
            yield from (item.name for item in names)
        case ast.ImportFrom(module="servespec", names=names):
            yield from (f"servespec.{item.name}" for item in names)
        case ast.ImportFrom(module=str() as module, level=0, names=names):
            whole = ((f"{module}.{item.name}", _ROOT.joinpath(*module.split("."), item.name)) for item in names)
            yield from (name if path.is_dir() or path.with_suffix(".py").is_file() else module for name, path in whole)
        case ast.ImportFrom():
            yield "servespec.<relative>"


def _block(dotted: str) -> str:
    """The block of the picture that a module of the package belongs to."""
    name = dotted.partition(".")[0]
    return name if name in _blocks() else "__init__"


@cache
def _blocks() -> frozenset[str]:
    return frozenset(
        path.stem for path in _PACKAGE.iterdir() if path.suffix == ".py" or (path / "__init__.py").is_file()
    )


def _goes_up(item: Import) -> bool:
    rows = {block: number for number, row in enumerate(_ROWS) for block in row}
    here, there = _block(item.module), _block(item.name.removeprefix("servespec").removeprefix("."))
    return here != there and (here, there) not in _NEIGHBOURS and rows[there] <= rows[here]


def _is_let_in(item: Import) -> bool:
    library = item.name.partition(".")[0]
    return any(_matches(f"{item.module}.", door) for door in _DOORS[library])


def _matches(module: str, door: str) -> bool:
    if "*" not in door:
        return module.startswith(door if door.endswith(".") else f"{door}.")
    head, tail = door.split("*")
    return module.startswith(head) and module.endswith(f"{tail}.")


def test_every_block_has_a_row() -> None:
    """A new folder or module of the package must be given its place among the layers."""
    assert _blocks() <= {block for row in _ROWS for block in row}


def test_the_map_shows_the_layers() -> None:
    """CONTRIBUTING's table has each block in its layer, so that a newcomer reads what holds."""
    text = (_ROOT / "CONTRIBUTING.md").read_text("utf-8")
    shown: dict[int, set[str]] = {}
    for layer, blocks in re.findall(r"^\| (\d+) \| (.*?) \|", text, re.MULTILINE):
        shown.setdefault(int(layer), set()).update(re.findall(r"`(\w+)(?:/|\.py)`", blocks))
    held = [{block for block in row if not block.startswith("__")} for row in _ROWS]
    assert list(shown.items()) == list(enumerate(filter(None, held), start=1))


def test_imports_go_downwards() -> None:
    """No module imports from a row above its own, nor from a sibling, not even inside a function."""
    ours = [item for item in _imports() if item.name.partition(".")[0] == "servespec"]
    assert len(ours) > 200
    assert [str(item) for item in ours if _goes_up(item)] == []


def test_no_two_modules_need_each_other() -> None:
    """Nor do more of them in a ring, not even by an import inside a function."""
    needs: dict[str, set[str]] = {}
    for item in _imports():
        there = item.name.removeprefix("servespec.")
        if item.name.startswith("servespec.") and there != item.module:
            needs.setdefault(item.module, set()).add(there)
    assert len(needs) > 200
    assert list(TopologicalSorter(needs).static_order())  # CycleError names a ring


def test_a_library_has_one_door() -> None:
    """A library is imported only where DESIGN lets it in."""
    theirs = [item for item in _imports() if item.name.partition(".")[0] in _LIBRARIES]
    assert {item.name.partition(".")[0] for item in theirs} >= {"click", "pydantic", "yaml", "jinja2"}
    assert [str(item) for item in theirs if not _is_let_in(item)] == []


def test_nothing_else_is_imported() -> None:
    """The package needs only the standard library and what pyproject.toml names."""
    known = sys.stdlib_module_names | _LIBRARIES | {"servespec"}
    assert [str(item) for item in _imports() if item.name.partition(".")[0] not in known] == []


def _loaded(*arguments: str, cwd: Path, cache: Path) -> frozenset[str]:
    """The libraries that a call of the command line has loaded when it ends well."""
    code = (
        "import json, sys; from servespec.cli.main import run; code = run(sys.argv[1:])\n"
        "print(); print(json.dumps([code, [name for name in sys.modules if '.' not in name]]))"
    )
    env = {**os.environ, "XDG_CACHE_HOME": str(cache)}
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], cwd=cwd, env=env, capture_output=True, text=True, check=True
    )
    exit_code, modules = json.loads(done.stdout.splitlines()[-1])
    assert exit_code == 0, done.stderr
    return _LIBRARIES.intersection(modules)


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["build", "--help"], ["completion", "bash"]])
def test_start_up_loads_click_only(tmp_path: Path, arguments: list[str]) -> None:
    """What only tells about the command line loads no library but the one for command lines."""
    assert _loaded(*arguments, cwd=tmp_path, cache=tmp_path / "cache") == {"click"}


def test_a_build_with_nothing_to_do_is_light(tmp_path: Path) -> None:
    """Once nothing changes any more, a build loads none of the libraries that a first build needs."""
    project = tmp_path / "project"
    shutil.copytree(_EXAMPLE, project, ignore=shutil.ignore_patterns("deploy"))
    (project / ".git").mkdir()  # above it others make folders all the time, and what has just changed is not remembered
    first, _, third = (_loaded("build", "serving.yaml", cwd=project, cache=tmp_path / "cache") for _ in range(3))
    assert first == {"click", "pydantic", "pydantic_core", "yaml", "jinja2"}
    assert third == {"click"}
