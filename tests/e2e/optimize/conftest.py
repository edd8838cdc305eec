"""Specs that ask for a conversion, built, and the emitted program run as a person would."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.oip import program

_EXAMPLE = Path(__file__).parents[3] / "examples" / "07-optimize-sklearn-to-onnx"
_PROGRAMS = Path(__file__).parents[1] / "programs"
_HEAD = "apiVersion: servespec/v1\nname: fraud-detector\npattern: realtime\n"


@dataclass(frozen=True)
class Conversion:
    """A built project, and the interpreter that has the converters."""

    project: Any
    python: Path

    @property
    def folder(self) -> Path:
        """Where the result is written."""
        folder: Path = self.project.folder / "onnx"
        return folder

    @property
    def result(self) -> Path:
        """The ONNX file."""
        return self.folder / f"{self.project.spec['name']}.onnx"

    @property
    def report(self) -> Any:
        """What was reported."""
        return json.loads(self.result.with_suffix(".report.json").read_text())

    def run(self, *words: str, planted: str = "") -> subprocess.CompletedProcess[str]:
        """The outcome of the emitted program, with a converter that does wrong in this way if one is named."""
        convert = str(self.project.emitted("optimize/convert.py"))
        argv = [str(self.python), *([str(_PROGRAMS / "planted.py"), planted] if planted else []), convert, *words]
        return subprocess.run(argv, cwd=self.project.folder, capture_output=True, text=True, timeout=300)

    def asked(self, **feed: Any) -> Any:
        """The faces of the ONNX file and its answers, by a program of its own."""
        return program(self.python, "onnx_says.py", self.result, asked=feed)


@pytest.fixture(scope="session")
def converters(environment: Callable[[str], Path]) -> Path:
    """An interpreter with all converters."""
    return environment("optimize")


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory, converters: Path) -> Path:
    """A folder of small models, saved by the libraries that made them."""
    folder = tmp_path_factory.mktemp("models")
    program(converters, "make_convertible.py", folder)
    return folder


@pytest.fixture
def conversion(
    tmp_path: Path, models: Path, converters: Path, build: Callable[[Path], Any]
) -> Callable[[str], Conversion]:
    """Builds the blocks of a spec beside the models."""

    def make(blocks: str) -> Conversion:
        shutil.copytree(models, tmp_path / "project")
        (tmp_path / "project" / "serving.yaml").write_text(_HEAD + blocks)
        return Conversion(build(tmp_path / "project"), converters)

    return make


@pytest.fixture
def example(tmp_path: Path, converters: Path, build: Callable[[Path], Any]) -> Conversion:
    """A copy of the example, without what was made of it."""
    shutil.copytree(_EXAMPLE, tmp_path / "project", ignore=shutil.ignore_patterns("deploy", "onnx"))
    return Conversion(build(tmp_path / "project"), converters)
