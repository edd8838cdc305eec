"""The examples that MLServer serves, and specs of its other formats."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.oip import program

_EXAMPLES = Path(__file__).parents[3] / "examples"


@pytest.fixture(scope="session")
def example(build: Callable[[Path], Any]) -> Callable[[str, Path], Any]:
    """Builds a copy of an example in a folder."""

    def make(name: str, folder: Path) -> Any:
        shutil.copytree(_EXAMPLES / name, folder, ignore=shutil.ignore_patterns("deploy"), dirs_exist_ok=True)
        return build(folder)

    return make


@pytest.fixture(scope="session")
def boosters(tmp_path_factory: pytest.TempPathFactory, environment: Callable[[str], Path]) -> Path:
    """A folder of small models, saved by the libraries that made them."""
    folder = tmp_path_factory.mktemp("boosters")
    program(environment("mlserver"), "make_boosters.py", folder)
    return folder
