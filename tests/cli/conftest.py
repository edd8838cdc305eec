"""A project to run commands on, with a memory of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.projects import write


@pytest.fixture(autouse=True)
def memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where earlier runs are remembered: nobody else's runs, and none of another test."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project without mistakes."""
    folder = tmp_path / "project"
    folder.mkdir()
    return write(folder)
