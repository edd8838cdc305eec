"""The plan says for each file what would happen and why, and writes nothing."""

from __future__ import annotations

import dataclasses
import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from servespec.artifacts import Recipe
from servespec.writer import MANIFEST, Cause, PlannedFile, State, Tree, apply, plan
from servespec.writer.disk import Live, Sight

FILES = {"docker/Dockerfile": "FROM scratch\n", "docker/run.sh": "exit 0\n", "compose/compose.yaml": "a: 1\n"}


def verdicts(tree: Tree, out: Path) -> dict[str, tuple[State, Cause | None]]:
    """What the plan says of each file that is not as it should be, the manifest apart."""
    files = plan(tree, out).files
    return {f.path: (f.state, f.cause) for f in files if f.state != "unchanged" and f.path != MANIFEST}


@pytest.fixture
def root(lab: SimpleNamespace, out: Path) -> Path:
    apply(plan(lab.tree(FILES), out))
    return out / "fraud"


def test_first_plan_creates_everything_and_touches_nothing(lab: SimpleNamespace, out: Path) -> None:
    """A plan for an output folder that does not exist leaves it that way."""
    found = plan(lab.tree(FILES), out)
    assert {file.cause for file in found.files} == {Cause.NEW}
    assert [file.path for file in found.changes] == sorted([MANIFEST, *FILES])
    assert not out.exists()


def test_second_plan_is_up_to_date(lab: SimpleNamespace, out: Path, root: Path) -> None:
    """Straight after a build there is nothing to do, and no content to hold for it."""
    planned = plan(lab.tree(FILES), out)
    assert planned.up_to_date
    assert planned.files == tuple(PlannedFile(path, State.UNCHANGED) for path in sorted([MANIFEST, *FILES]))
    assert apply(plan(lab.tree(FILES), out)).files == ()


def test_spec_changed(lab: SimpleNamespace, out: Path, root: Path) -> None:
    """Another deployment explains another file."""
    tree = lab.tree({**FILES, "docker/Dockerfile": "FROM python\n"})
    assert verdicts(tree, out) == {"docker/Dockerfile": (State.UPDATE, Cause.SPEC_CHANGED)}


def test_spec_changed_without_a_file(lab: SimpleNamespace, out: Path, root: Path) -> None:
    """A change of the deployment that reaches no file is drift of the manifest, and only of it."""
    found = plan(lab.tree(FILES, spec="another owner"), out)
    assert [(f.path, f.cause) for f in found.changes] == [(MANIFEST, Cause.SPEC_CHANGED)]


def test_inputs_changed(lab: SimpleNamespace, out: Path) -> None:
    """With the same deployment, other code explains another file."""
    apply(plan(lab.tree(FILES, spec="s"), out))
    tree = lab.tree({**FILES, "docker/Dockerfile": "FROM python\n"}, spec="s", inputs="1" * 64)
    assert verdicts(tree, out) == {"docker/Dockerfile": (State.UPDATE, Cause.INPUTS_CHANGED)}


def test_generator_changed(lab: SimpleNamespace, out: Path) -> None:
    """With the same deployment and inputs, only servespec itself explains another file."""
    apply(plan(lab.tree(FILES, spec="s"), out))
    tree = lab.tree({**FILES, "docker/Dockerfile": "FROM python\n"}, spec="s")
    assert verdicts(tree, out) == {"docker/Dockerfile": (State.UPDATE, Cause.GENERATOR_CHANGED)}


def test_new_version_alone_is_no_drift(
    lab: SimpleNamespace, out: Path, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An upgrade that changes no byte of the outputs turns no repository red."""
    monkeypatch.setattr("servespec.writer.manifest.__version__", "99.0")
    assert plan(lab.tree(FILES), out).up_to_date


@pytest.mark.parametrize("spec", ["", "changed"])
def test_edited_by_hand(lab: SimpleNamespace, out: Path, root: Path, spec: str) -> None:
    """An edited file is a conflict, whether or not the spec changed as well."""
    (root / "docker/Dockerfile").write_text("mine\n")
    assert verdicts(lab.tree(FILES, spec=spec), out) == {"docker/Dockerfile": (State.CONFLICT, Cause.EDITED_BY_HAND)}


def test_missing(lab: SimpleNamespace, out: Path, root: Path) -> None:
    """A deleted file of ours is missing; one that no build has made yet is new."""
    (root / "docker/Dockerfile").unlink()
    assert verdicts(lab.tree({**FILES, "more": ""}), out) == {
        "docker/Dockerfile": (State.CREATE, Cause.MISSING),
        "more": (State.CREATE, Cause.NEW),
    }


def test_not_ours(lab: SimpleNamespace, out: Path, root: Path) -> None:
    """A file of a person in the way is a conflict, unless it has the very bytes."""
    (root / "notes").write_text("theirs")
    assert verdicts(lab.tree({**FILES, "notes": "ours"}), out) == {"notes": (State.CONFLICT, Cause.NOT_OURS)}
    assert verdicts(lab.tree({**FILES, "notes": "theirs"}), out) == {}


@pytest.mark.parametrize("kind", ["link", "pipe", "folder"])
def test_what_is_no_file_is_never_taken_for_an_empty_one(lab: SimpleNamespace, out: Path, kind: str) -> None:
    """It is not ours, also where a file without a byte would be written."""
    apply(plan(lab.tree({"a": ""}), out))
    path = out / "fraud/a"
    path.unlink()
    {"link": lambda: path.symlink_to("b"), "pipe": lambda: os.mkfifo(path), "folder": path.mkdir}[kind]()
    assert verdicts(lab.tree({"a": ""}), out) == {"a": (State.CONFLICT, Cause.NOT_OURS)}


def test_another_build_finishes_meanwhile(
    lab: SimpleNamespace, out: Path, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder that is exchanged and emptied while it is looked at is looked at anew: nobody edited anything."""
    others = lab.tree({"docker/Dockerfile": "another\n"})
    opened = Live.look

    def look(live: Live, path: str) -> Sight:
        monkeypatch.setattr(Live, "look", opened)
        root.rename(out / "aside")
        (out / "aside" / MANIFEST).unlink()  # what goes first
        apply(plan(others, out))
        return live.look(path)

    monkeypatch.setattr(Live, "look", look)
    assert not plan(lab.tree({**FILES, "docker/Dockerfile": "mine\n"}), out).conflicts


def test_executable_bit(lab: SimpleNamespace, out: Path, root: Path) -> None:
    """A lost executable bit is reported and mended; other bits of the mode are the user's."""
    (root / "docker/run.sh").chmod(0o644)
    (root / "docker/Dockerfile").chmod(0o600)
    assert verdicts(lab.tree(FILES), out) == {"docker/run.sh": (State.UPDATE, Cause.MODE_CHANGED)}
    apply(plan(lab.tree(FILES), out))
    assert (root / "docker/run.sh").stat().st_mode & 0o777 == 0o755


def test_an_executable_manifest(lab: SimpleNamespace, out: Path, root: Path) -> None:
    """The manifest is a file like the others: git would tell of its mode."""
    (root / MANIFEST).chmod(0o755)
    assert [(file.path, file.cause) for file in plan(lab.tree(FILES), out).changes] == [(MANIFEST, Cause.MODE_CHANGED)]
    apply(plan(lab.tree(FILES), out))
    assert (root / MANIFEST).stat().st_mode & 0o777 == 0o644
    assert plan(lab.tree(FILES), out).up_to_date


def test_orphans(lab: SimpleNamespace, out: Path, root: Path) -> None:
    """A file no longer made is an orphan; an edited one is a conflict."""
    (root / "compose/compose.yaml").write_text("mine")
    tree = lab.tree({"docker/Dockerfile": FILES["docker/Dockerfile"]})
    assert verdicts(tree, out) == {
        "docker/run.sh": (State.ORPHAN, Cause.ORPHAN),
        "compose/compose.yaml": (State.CONFLICT, Cause.EDITED_BY_HAND),
    }


def test_scope_keeps_the_rest(lab: SimpleNamespace, out: Path, root: Path) -> None:
    """A build of one target leaves the others' files, and the full build still knows that the spec changed."""
    narrow = lab.tree({"docker/Dockerfile": "FROM python\n"}, spec="v2", scope=("docker",))
    assert verdicts(narrow, out) == {
        "docker/Dockerfile": (State.UPDATE, Cause.SPEC_CHANGED),
        "docker/run.sh": (State.ORPHAN, Cause.ORPHAN),
    }
    apply(plan(narrow, out))
    assert plan(narrow, out).up_to_date
    assert (root / "compose/compose.yaml").read_text() == "a: 1\n"
    full = {"docker/Dockerfile": "FROM python\n", "compose/compose.yaml": "a: 2\n"}
    assert verdicts(lab.tree(full, spec="v2"), out) == {"compose/compose.yaml": (State.UPDATE, Cause.SPEC_CHANGED)}


@pytest.mark.parametrize("scope", ["docker", "docker/"])
def test_scope_is_whole_names(lab: SimpleNamespace, out: Path, scope: str) -> None:
    """`docker` speaks for what is in it, and not for `docker-extra`."""
    apply(plan(lab.tree({"docker-extra/a": "1", "docker/a": "1"}), out))
    assert verdicts(lab.tree({"docker/b": "2"}, scope=(scope,)), out) == {
        "docker/a": (State.ORPHAN, Cause.ORPHAN),
        "docker/b": (State.CREATE, Cause.NEW),
    }


def test_recipe_runs_only_when_needed(lab: SimpleNamespace, out: Path) -> None:
    """An archive is streamed into place, and an unchanged one is not made again to find that out."""
    runs: list[int] = []

    def recipe(fingerprint: str) -> Recipe:
        def chunks():  # type: ignore[no-untyped-def]
            runs.append(1)
            yield from (b"x" * 1000, fingerprint.encode())

        return Recipe(chunks, fingerprint)

    apply(plan(lab.tree({"a.mar": recipe("1")}, spec="s"), out))
    assert (out / "fraud/a.mar").read_bytes() == b"x" * 1000 + b"1"
    assert plan(lab.tree({"a.mar": recipe("1")}, spec="s"), out).up_to_date
    assert len(runs) == 1
    assert verdicts(lab.tree({"a.mar": recipe("2")}, spec="s"), out) == {
        "a.mar": (State.UPDATE, Cause.GENERATOR_CHANGED)
    }
    apply(plan(lab.tree({"a.mar": recipe("2")}, spec="s"), out))
    (out / "fraud" / MANIFEST).unlink()
    assert verdicts(lab.tree({"a.mar": recipe("2")}, spec="s"), out) == {}
    assert verdicts(lab.tree({"a.mar": recipe("3")}, spec="s"), out) == {"a.mar": (State.CONFLICT, Cause.NOT_OURS)}


@pytest.mark.parametrize("path", ["/etc/x", "../x", "a/../b", "a//b", "./a", "a\\b", "a\nb", "NUL.txt", "a."])
def test_bad_names_are_our_bug(lab: SimpleNamespace, out: Path, path: str) -> None:
    """A path that could leave the tree, or cannot be checked out everywhere, never reaches the disk."""
    with pytest.raises(ValueError, match="output path"):
        plan(lab.tree({path: ""}), out)


@pytest.mark.parametrize("paths", [("a/b", "A/c"), ("x", "X"), ("a", "a/b")])
def test_clashes_are_our_bug(lab: SimpleNamespace, out: Path, paths: tuple[str, str]) -> None:
    """Names that differ only in case, or a file and a folder of one name, never reach the disk."""
    with pytest.raises(ValueError, match="clash"):
        plan(lab.tree(dict.fromkeys(paths, "")), out)


def test_watched_paths(lab: SimpleNamespace, out: Path, root: Path) -> None:
    """What the fast path must look at: every file and folder, and the places a killed build would leave."""
    assert plan(lab.tree(FILES), out).watched() == (
        out / ".servespec-fraud.new",
        out / ".servespec-fraud.journal",
        root,
        root / MANIFEST,
        root / "compose",
        root / "compose/compose.yaml",
        root / "docker",
        root / "docker/Dockerfile",
        root / "docker/run.sh",
    )


@pytest.mark.parametrize("name", ["a/b", "", ".", "..", "nul", "a\\b", "a "])
def test_a_bad_name_of_the_folder_is_our_bug(lab: SimpleNamespace, out: Path, name: str) -> None:
    """What a spec makes stands in one folder of the output folder, and nowhere else."""
    with pytest.raises(ValueError, match="output folder cannot be named"):
        plan(dataclasses.replace(lab.tree(FILES), name=name), out)


@pytest.mark.parametrize(
    ("files", "scope"), [({"docker/a": ""}, "dock"), ({"a": "", "b": ""}, "a"), ({MANIFEST: ""}, "")]
)
def test_a_file_outside_of_the_scope_is_our_bug(
    lab: SimpleNamespace, out: Path, files: dict[str, str], scope: str
) -> None:
    """Nobody writes for another target, nor the manifest."""
    with pytest.raises(ValueError, match="outside of the scope"):
        plan(lab.tree(files, scope=(scope,)), out)


@pytest.mark.parametrize(("always", "number"), [(True, 5), (False, 1)])
def test_other_builds_that_never_end_stop_nobody(
    lab: SimpleNamespace, out: Path, root: Path, monkeypatch: pytest.MonkeyPatch, always: bool, number: int
) -> None:
    """What was seen at the fifth look is the plan: it is made again under the lock. One look is enough otherwise."""
    looks: list[bool] = []

    def exchanged(_: Live) -> bool:
        looks.append(always)
        return always

    monkeypatch.setattr(Live, "was_exchanged", exchanged)
    assert plan(lab.tree(FILES), out).up_to_date
    assert len(looks) == number


@pytest.mark.parametrize("path", ["docker/Dockerfile", MANIFEST])
def test_what_is_in_the_way_of_a_file_is_named(lab: SimpleNamespace, out: Path, root: Path, path: str) -> None:
    """A folder can't be overwritten, also where the manifest belongs; a link is no file of ours."""
    (root / path).unlink()
    (root / path).mkdir()
    (file,) = plan(lab.tree(FILES), out).conflicts
    assert (file.path, file.cause) == (path, Cause.NOT_OURS)
    assert file.note == f"`{root}/{path}` is a folder where a file must be; move it away"
    (root / path).rmdir()
    (root / path).symlink_to("elsewhere")
    found = plan(lab.tree(FILES), out)
    (file,) = (each for each in found.conflicts if each.path == path)
    assert (file.cause, file.note, file.seen) == (Cause.NOT_OURS, "", "link:elsewhere")
