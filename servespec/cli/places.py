"""The virtual environment that a process runs in: one of the user's, or one that servespec makes."""

from __future__ import annotations

from pathlib import Path

from servespec.cli.asked import Python
from servespec.cli.console import show
from servespec.deployment.workloads import REALTIME
from servespec.running import python
from servespec.running.cannot import CannotRun
from servespec.running.compiled import Compiled
from servespec.running.furnish import python_step


def place(made: Compiled, asked: Python, *, workload: str = REALTIME) -> Path:
    """The folder of the environment for what was compiled, which is made when that was asked for. Raises `CannotRun`
    when there is none, or one that will not do."""
    if asked.venv:
        return python.existing(made.deployment, asked.venv, workload=workload)
    found = python.interpreter(made.deployment, asked=asked.interpreter, workload=made.container.workload)
    sources = python.Sources(made.project, made.folder.emitted)
    wanted = python.environment(made.deployment, python_step(made.container), sources, python=found)
    if not wanted.is_there:
        if not asked.install:
            raise CannotRun(
                f"{made.deployment.name} has no environment yet; --install makes it, or this does:\n{wanted.line}"
            )
        show(f"making {wanted.folder} with Python {found.version}", err=True)
        wanted.make()
    return wanted.folder
