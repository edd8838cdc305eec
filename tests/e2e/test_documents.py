"""The commands of the examples' READMEs, typed as they stand, by somebody who has the packages that they install."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.documents import PLAYED, ROOT, typed

pytestmark = pytest.mark.e2e

_SERVERS = {
    "01": "torchserve",
    "02": "onnxruntime",
    "03": "mlserver",
    "04": "mlflow",
    "07": "onnxruntime",
    "14": "mlserver",
}
# What the README shows as an answer of the served model, rounded.
_ANSWERS = {"02": "0.990820", "03": "0.9", "04": "0.9983"}
# What the README says comes out the same again, byte for byte.
_SAME = {"01": "model/*.pt", "02": "model/*.onnx", "03": "model/*.joblib", "08": "models/2.onnx", "07": "onnx/*.onnx"}

# `python -m venv` and `pip install` find what is there already: no test waits for a download that another one makes.
_PYTHON = """#!/bin/sh
if [ "$1 $2" = "-m venv" ]; then
  mkdir -p "$3/bin" && : > "$3/bin/activate"
  for name in python pip; do ln -sf "{bin}/$name" "$3/bin/$name"; done
else
  exec "{python}" "$@"
fi
"""
_PIP = '#!/bin/sh\nexec "{python}" -m pip "$@" --dry-run --no-deps --no-index --quiet\n'
_SERVESPEC = """#!/bin/bash
environment={server}
for word in "$@"; do case $word in --interval-start*) environment={tools} ;; esac; done
exec {python} -m servespec "${{@/#--install/--venv=$environment}}"
"""


@dataclass(frozen=True)
class Reader:
    """Somebody who reads the README of an example, with a copy of it."""

    folder: Path
    variables: Mapping[str, str]

    def types(self, line: str) -> str:
        """What a command says; it ends well."""
        done = subprocess.run(
            ["bash", "-c", line], cwd=self.folder, env=self.variables, capture_output=True, text=True, timeout=600
        )
        assert done.returncode == 0, f"{line}\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}"
        return done.stdout

    @contextmanager
    def serving(self) -> Iterator[None]:
        """The server runs."""
        command = ["servespec", "run", "--install"]
        log = self.folder.parent / "server.log"
        with (
            log.open("w") as told,
            subprocess.Popen(command, cwd=self.folder, env=self.variables, stdout=-1, stderr=told, text=True) as run,
        ):
            try:
                assert run.stdout is not None
                assert run.stdout.readline().startswith("ready: "), log.read_text()[-4000:]
                yield
            finally:
                run.terminate()
                run.wait(timeout=60)


@pytest.fixture
def reader(
    tmp_path: Path, environment: Callable[[str], Path], free_ports: Callable[[int], list[int]]
) -> Callable[[str], Reader]:
    """A reader of an example, whose server takes ports that are free."""

    def make(example: str) -> Reader:
        folder, programs = tmp_path / example, tmp_path / "bin"
        shutil.copytree(ROOT / "examples" / example, folder, ignore=shutil.ignore_patterns("deploy", "data", ".venv"))
        tools = environment(PLAYED[example])
        if server := _SERVERS.get(example[:2]):
            ports = dict(zip(("rest", "grpc"), free_ports(2), strict=True))
            kept = ports if server != "mlflow" else {"rest": ports["rest"]}
            (folder / "servespec.yaml").write_text(f"defaults: {{runtime: {{protocols: {kept}}}}}\n".replace("'", ""))
        used = environment(server) if server else tools
        texts = {
            "python": _PYTHON.format(python=tools, bin=programs),
            "python3": _PYTHON.format(python=tools, bin=programs),
            "pip": _PIP.format(python=tools),
            "servespec": _SERVESPEC.format(server=used.parents[1], tools=_batch(environment), python=sys.executable),
        }
        programs.mkdir()
        for name, text in texts.items():
            (programs / name).write_text(text)
            (programs / name).chmod(0o755)
        path = f"{programs}:{tools.parent}:{os.environ['PATH']}"
        cache = {"XDG_CACHE_HOME": str(tmp_path / "cache")}
        return Reader(folder, {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT), **cache})

    return make


def _batch(environment: Callable[[str], Path]) -> Path:
    return environment("batch").parents[1]


@pytest.mark.parametrize("example", PLAYED)
def test_the_commands_of_an_example(example: str, reader: Callable[[str], Reader]) -> None:
    """Each does what it is there for, in the order of the README: it compiles, trains, serves, asks, converts, scores."""
    somebody = reader(example)
    number = example[:2]
    for item in typed():
        if item.document != example or item.elsewhere:
            continue
        if "/client/" in item.line:
            with somebody.serving():
                assert _ANSWERS[number] in somebody.types(item.line)
        else:
            somebody.types(item.line)
    if number in _SAME:
        (kept,) = (ROOT / "examples" / example).glob(_SAME[number])
        assert (somebody.folder / kept.relative_to(ROOT / "examples" / example)).read_bytes() == kept.read_bytes()
