"""The projects that are compiled: copies of an example, in a folder that is thrown away."""

from __future__ import annotations

import shutil
import time
from dataclasses import dataclass
from pathlib import Path

_EXAMPLE = Path(__file__).parents[1] / "examples" / "01-torchserve-fraud-detector"
_NAME = "name: fraud-detector\n"

# What a build has just written is too young for stat data to prove it unchanged: `servespec.edge.remember`.
_SETTLE = 0.1


@dataclass(frozen=True)
class Lab:
    """A folder for one kind of run, with its own cache, so that no run profits from another's."""

    root: Path

    @property
    def cache(self) -> Path:
        """What `XDG_CACHE_HOME` is set to."""
        return self.root / "cache"

    @property
    def projects(self) -> Path:
        """The folder of the projects."""
        return self.root / "projects"

    def fill(self, count: int, *, more: str = "") -> Lab:
        """This lab, with as many projects in it, which differ by name only, and have more lines than the example."""
        for number in range(count):
            project = self.projects / f"p{number:03}"
            shutil.copytree(_EXAMPLE, project, ignore=shutil.ignore_patterns("deploy", "__pycache__", "*.whl"))
            spec = project / "serving.yaml"
            text = spec.read_text(encoding="utf-8")
            assert _NAME in text
            spec.write_text(text.replace(_NAME, f"name: fraud-detector-{number:03}\n") + more, encoding="utf-8")
        settle()
        return self

    def change_one(self) -> None:
        """Say something else in one of the specs."""
        spec = self.projects / "p000" / "serving.yaml"
        spec.write_text(f"{spec.read_text(encoding='utf-8')}# once more\n", encoding="utf-8")

    def forget(self) -> None:
        """Make the next run a first one: no output, nothing remembered."""
        shutil.rmtree(self.cache, ignore_errors=True)
        for project in self.projects.iterdir():
            shutil.rmtree(project / "deploy", ignore_errors=True)


def plain_writing(lab: Lab) -> float:
    """The seconds that a plain loop takes to write what the builds wrote: what the file system alone costs."""
    made = [(path, path.read_bytes()) for path in sorted(lab.projects.glob("*/deploy/**/*")) if path.is_file()]
    again = lab.root / "again"
    began = time.perf_counter()
    for path, data in made:
        copy = again / path.relative_to(lab.projects)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(data)
    return time.perf_counter() - began


def settle() -> None:
    """Wait until what was written last is old enough to be remembered."""
    time.sleep(_SETTLE)
