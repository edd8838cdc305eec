"""A person and servespec at work in one folder, in any order: no byte of the person's is lost without force."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from servespec.artifacts import Artifact, Content, Language
from servespec.writer import MANIFEST, Refused, Tree, apply, plan
from servespec.writer.settling import remove

PATHS = ("a", "docker/x", "docker/y.sh", "deep/er/z", "docker/sub/w")
FOREIGN = ("notes", "docker/notes", "other/notes", "deep/notes")
paths = st.sampled_from(PATHS)
anywhere = st.sampled_from((*PATHS, *FOREIGN, MANIFEST))
folders = st.sampled_from(("docker", "deep", "deep/er", "docker/sub", ""))
texts = st.sampled_from(("1\n", "2\n", "3\n"))


class Desk(RuleBasedStateMachine):
    """What stands in `DIR/<name>`, and a model of what in it is a person's."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.out = Path(self.folder.name) / "out"
        self.root = self.out / "fraud"
        self.files: dict[str, str] = {}
        self.theirs: dict[str, object] = {}
        self.revision = 0

    def teardown(self) -> None:
        remove(str(self.out))
        self.folder.cleanup()

    def tree(self) -> Tree:
        files = {
            path: Artifact(path, Content(text, (), None), Language.SHELL, executable=path.endswith(".sh"))
            for path, text in self.files.items()
        }
        return Tree("fraud", files, f"{self.revision:064}", "0" * 64)

    @initialize()
    def start(self) -> None:
        self.files = {"a": "1\n", "docker/x": "1\n"}
        apply(plan(self.tree(), self.out))

    @rule(path=paths, text=texts)
    def spec_makes(self, path: str, text: str) -> None:
        self.files[path] = text
        self.revision += 1

    @rule(path=paths)
    def spec_drops(self, path: str) -> None:
        self.files.pop(path, None)
        self.revision += 1

    @rule(path=anywhere, text=st.sampled_from(("mine", "mine too", "1\n", "2\n")))
    def person_writes(self, path: str, text: str) -> None:
        with contextlib.suppress(NotADirectoryError, FileExistsError, IsADirectoryError):
            goal = self.root / path
            goal.parent.mkdir(parents=True, exist_ok=True)
            if goal.is_symlink() or goal.is_fifo():
                goal.unlink()
            goal.write_text(text)
            if text.startswith("mine"):
                self.theirs[path] = text.encode()
            else:
                self.theirs.pop(path, None)  # what a build could have written proves nothing

    @rule(path=anywhere, leads_to=st.sampled_from(("nowhere", "..", "../../elsewhere")))
    def person_links(self, path: str, leads_to: str) -> None:
        with contextlib.suppress(OSError):
            (self.root / path).symlink_to(leads_to)
            self.theirs[path] = ("link", leads_to)

    @rule(path=folders)
    def person_moves_a_folder_behind_a_link(self, path: str) -> None:
        elsewhere = self.out.parent / f"moved-{len(os.listdir(self.out.parent))}"
        place = self.root / path if path else self.root
        if place.is_dir() and not place.is_symlink():
            place.rename(elsewhere)
            place.symlink_to(elsewhere)
            self.force(must_refuse=self.needs(path))
            assert place.is_symlink()
            place.unlink()
            elsewhere.rename(place)

    def needs(self, folder: str) -> bool:
        return any(path.startswith(f"{folder}/" if folder else "") for path in (*self.files, MANIFEST))

    @rule(path=anywhere)
    def person_deletes(self, path: str) -> None:
        with contextlib.suppress(OSError):
            (self.root / path).unlink()
        self.theirs.pop(path, None)

    @rule(path=anywhere, mode=st.sampled_from((0o644, 0o755, 0o600)))
    def person_changes_mode(self, path: str, mode: int) -> None:
        if (self.root / path).is_file() and not (self.root / path).is_symlink():
            (self.root / path).chmod(mode)

    @rule(path=st.sampled_from(("empty", "docker/empty")))
    def person_makes_folder(self, path: str) -> None:
        with contextlib.suppress(NotADirectoryError):
            (self.root / path).mkdir(parents=True, exist_ok=True)
            self.theirs[path] = "folder"

    @rule()
    def build(self) -> None:
        planned = plan(self.tree(), self.out)
        if apply_or_refuse(self, force=False):
            assert not planned.conflicts
            self.check_built()

    @rule()
    def build_with_force(self) -> None:
        if self.force():
            self.check_built()

    def force(self, *, must_refuse: bool = False) -> bool:
        conflicts = {file.path for file in plan(self.tree(), self.out).conflicts}
        built = apply_or_refuse(self, force=True)
        assert not (built and must_refuse)
        for path in conflicts if built else ():
            self.theirs.pop(path, None)
        return built

    def check_built(self) -> None:
        assert plan(self.tree(), self.out).up_to_date
        for path, text in self.files.items():
            assert (self.root / path).read_text() == text
            assert bool((self.root / path).stat().st_mode & 0o100) is path.endswith(".sh")

    @invariant()
    def nothing_of_theirs_is_lost(self) -> None:
        for path, value in self.theirs.items():
            place = self.root / path
            if value == "folder":
                assert place.is_dir(), path
            elif isinstance(value, tuple):
                assert os.readlink(place) == value[1], path
            else:
                assert place.read_bytes() == value, path

    @invariant()
    def no_litter(self) -> None:
        assert not self.out.exists() or [name for name in os.listdir(self.out) if name != "fraud"] == []


def apply_or_refuse(desk: Desk, *, force: bool) -> bool:
    """Whether it was built; when not, nothing at all has changed."""
    before = snapshot(desk.out)
    try:
        done = apply(plan(desk.tree(), desk.out), force=force)
    except Refused:
        assert snapshot(desk.out) == before
        return False
    assert done.rescued == ()
    return True


def snapshot(folder: Path) -> dict[str, object]:
    """Content, link target and mode of all below a folder."""
    seen: dict[str, object] = {}
    for place, names, files in os.walk(folder):
        for name in (*names, *files):
            path = os.path.join(place, name)
            info = os.lstat(path)
            what = os.readlink(path) if os.path.islink(path) else info.st_mtime_ns
            seen[path] = (info.st_mode, info.st_ino, what)
    return seen


@pytest.mark.parametrize("examples", [120, pytest.param(1500, marks=pytest.mark.e2e)])
def test_a_person_and_servespec_in_one_folder(examples: int) -> None:
    """Edits, links, deletions, new specs, builds with and without force: only force loses, and only conflicts."""
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Desk,
        settings=settings(
            max_examples=examples,
            stateful_step_count=25,
            deadline=None,
            database=None,
            derandomize=examples < 1000,
            suppress_health_check=list(HealthCheck),
        ),
    )
