"""One interval of a batch on this machine: the scorer as a process, or its image in an engine."""

from __future__ import annotations

import os
from pathlib import Path

from servespec.deployment.scorer import scorer
from servespec.deployment.workloads import BATCH
from servespec.edge import process
from servespec.edge.engine import Engine
from servespec.running import stack
from servespec.running.compiled import Compiled
from servespec.running.place import variables
from servespec.runtimes import batch as facts
from servespec.targets.batch.variables import variables as of_scorer


def as_process(made: Compiled, python: Path, *, model: str, interval: str) -> int:
    """The exit code of the scorer in a virtual environment; paths of data start from the project folder."""
    script = made.folder.emitted / BATCH / "score.py"
    argv = [str(python / "bin" / "python"), str(script), f"--data={made.project}", f"--interval-start={interval}"]
    # A job of the user's: what leads to storage and registries is where it always is.
    return process.show([*argv, f"--model={model}"], env={**os.environ, **_of_the_spec(made)}, cwd=made.project)


def in_engine(made: Compiled, engine: Engine, *, interval: str) -> int:
    """The exit code of the scorer in a container, to which the project folder is the data."""
    stack.build(made, engine)
    limit = scorer(made.deployment).resources.limits.memory
    options = [
        "--read-only",
        "--cap-drop=ALL",
        "--security-opt=no-new-privileges",
        # The results are the user's, and so is the folder that they go to.
        f"--user={os.getuid()}:{os.getgid()}",
        *(f"--tmpfs={folder}:mode=1777" for folder in made.container.writable),
        f"--volume={made.project}:{facts.DATA.value}",
        *(f"--env={name}" for name in _of_the_spec(made)),
        *([f"--memory={-(-limit.thousandths // 1000)}"] if limit else []),
    ]
    given = [str(made.image.reference), f"--interval-start={interval}"]
    return engine.run([*options, *given], env=_of_the_spec(made), project=made.project)


def _of_the_spec(made: Compiled) -> dict[str, str]:
    given = {item.name: item.value for item in of_scorer(made.deployment)}
    return variables(given, os.environ)
