"""The example on free ports, and the command line run on it as a person would."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

_PORTS = "  server: torchserve\n"


@dataclass(frozen=True)
class Person:
    """Somebody at a shell in a project folder."""

    folder: Path
    cache: Path
    variables: Mapping[str, str] = field(default_factory=dict)

    @property
    def _environment(self) -> dict[str, str]:
        return {**os.environ, "XDG_CACHE_HOME": str(self.cache), **self.variables}

    def types(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """The outcome of one call of servespec."""
        command = [sys.executable, "-m", "servespec", *arguments]
        return subprocess.run(
            command, cwd=self.folder, env=self._environment, capture_output=True, text=True, timeout=300
        )

    @contextmanager
    def starts(self, *arguments: str) -> Iterator[subprocess.Popen[str]]:
        """A call that goes on until it is stopped."""
        command = [sys.executable, "-m", "servespec", *arguments]
        with subprocess.Popen(command, cwd=self.folder, env=self._environment, stdout=-1, stderr=-1, text=True) as run:
            try:
                yield run
            finally:
                if run.poll() is None:
                    run.terminate()


@pytest.fixture
def person(
    tmp_path: Path, project: Callable[..., Any], free_ports: Callable[[int], list[int]]
) -> Callable[..., Person]:
    """Somebody with a copy of the example, after some texts of its spec were changed."""

    def make(*changes: tuple[str, str], **variables: str) -> Person:
        rest, grpc = free_ports(2)
        ports = (_PORTS, f"{_PORTS}  protocols: {{ rest: {rest}, grpc: {grpc} }}\n")
        made = project(tmp_path / "project", {"serving.yaml": [ports, *changes]})
        return Person(made.folder, tmp_path / "cache", variables)

    return make
