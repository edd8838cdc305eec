"""What the emitted clients are as text: typed, sound, and whole whatever a spec says."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.targets.client.conftest import SPECS, Clients

_TOOLS = Path(sys.executable).parent
Make = Callable[[str], Clients]


def _all(clients: Make, folder: Path) -> list[Path]:
    """Every form of the clients, a file each."""
    folder.mkdir()
    for spec in SPECS:
        made = clients(spec)
        for path in made.folder.glob("*.py"):
            (folder / f"{path.stem}_{spec.replace('-', '_')}.py").write_text(path.read_text())
            path.unlink()
    return sorted(folder.iterdir())


def test_every_form(clients: Make, tmp_path: Path) -> None:
    """mypy finds nothing in its strictest mode, ruff neither, and both find a name that nobody defines."""
    paths = _all(clients, tmp_path / "all")
    assert len(paths) > len(SPECS)
    twin = tmp_path / "twin.py"
    twin.write_text(f"{paths[0].read_text()}nobody_defines_this()\n")
    types = [_TOOLS / "mypy", "--strict", "--config-file=", f"--cache-dir={tmp_path / 'cache'}"]
    lint = [_TOOLS / "ruff", "check", "--isolated", "--no-cache", "--line-length=120", "--select=E,F,W,I,UP,B,SIM,PLE"]
    for command in (types, lint):
        done = subprocess.run([*command, *paths], capture_output=True, text=True)
        assert done.returncode == 0, done.stdout
        done = subprocess.run([*command, twin], capture_output=True, text=True)
        assert done.returncode == 1
        assert "nobody_defines_this" in done.stdout


_HOSTILE = (
    "'''; import os; os.abort() #",
    '"""\nimport os\nos.abort()\n"""',
    "\\N{BULLET}\\",
    "{{ 7 * 7 }}",
    "%(default)s %s",
    "\u202egnp\u2028\x7f",
    "-",
)


def _spec(name: str) -> str:
    def quoted(text: str) -> str:
        return '"' + "".join(f"\\u{ord(sign):04x}" for sign in text) + '"'

    text = quoted(name)
    tensor = f"{{ name: {text}, datatype: FP32, shape: [-1, 2] }}"
    return (
        "model: { format: onnx, uri: m.onnx }\n"
        f"signature: {{ inputs: {{ tensors: [{tensor}] }}, outputs: {{ tensors: [{tensor}] }} }}\n"
        f"description: {quoted(''.join(sign for sign in name if sign.isprintable()))}\n"
        f"examples: [{{ name: {text}, request: {{ inputs: [{{ name: {text}, datatype: {text}, shape: [1, 2], data: [1, 2] }}] }} }}]\n"
    )


def _literal(tree: ast.Module) -> Any:
    (node,) = (item for item in tree.body if isinstance(item, ast.AnnAssign) and ast.unparse(item.target) == "SPEC")
    assert node.value is not None
    return ast.literal_eval(node.value)


def _without_literal(tree: ast.Module) -> str:
    return ast.dump(ast.Module([item for item in tree.body if not isinstance(item, ast.AnnAssign)], []))


def test_hostile_text_stays_text(clients: Make) -> None:
    """Whatever names, types and requests are, the program is the same, and its literal and document have just them."""
    made = clients(_spec("x"))
    plain = {name: _without_literal(ast.parse(made.text(name))) for name in ("rest.py", "rpc.py")}
    for text in _HOSTILE:
        made = clients(_spec(text))
        for name in ("rest.py", "rpc.py"):
            tree = ast.parse(made.text(name))
            assert _without_literal(tree) == plain[name]
            found = _literal(tree)
            assert list(found["inputs"]) == [text]
        assert found["example"] == {text: [[1, 2]]}
        (operation,) = (item["post"] for item in made.openapi["paths"].values() if "post" in item)
        content = operation["requestBody"]["content"]["application/json"]
        assert list(content["examples"]) == [text]
        assert content["examples"][text]["value"]["inputs"][0]["datatype"] == text
        done = subprocess.run([sys.executable, "-I", made.folder / "rest.py", "--help"], capture_output=True, text=True)
        assert (done.returncode, done.stderr) == (0, "")
