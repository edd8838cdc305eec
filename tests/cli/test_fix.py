"""`validate --fix`: what can only have been meant in one way is put right in place, and nothing else is touched."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import pytest

from servespec.cli import fixing
from servespec.cli.find import Source
from servespec.edge import putting
from tests.projects import FILES, SPEC, servespec, write

_WRONG = """\
# Payments, scored.
apiVersion: servespec/v1
name:    fraud-detector   # as in the catalogue
pattern: realtime
release: 1.10             # unquoted
model: {format: pytroch, uri: "./model"}   # misspelt
image:
  requirements: 'requirements.txt'
  platforms: [ "linux/x86_64" ,  linux/arm64 ]

runtime: {worker: 2, timeouts: {request: '30 sec'}}
resources: {requests: {memory: 1Gib}}
security: {readOnlyRootFilesystem: 'true'}
suppress: [{rule: runtime-end-of-lif, reason: moves}]
"""
_RIGHT = """\
# Payments, scored.
apiVersion: servespec/v1
name:    fraud-detector   # as in the catalogue
pattern: realtime
release: "1.10"             # unquoted
model: {format: pytorch, uri: "./model"}   # misspelt
image:
  requirements: 'requirements.txt'
  platforms: [ "linux/amd64" ,  linux/arm64 ]

runtime: {workers: 2, timeouts: {request: '30s'}}
resources: {requests: {memory: 1Gi}}
security: {readOnlyRootFilesystem: true}
suppress: [{rule: runtime-end-of-life, reason: moves}]
"""
_MODEL = 'apiVersion: servespec/v1\nname: fraud\npattern: realtime\nmodel: {format: mlflow, uri: "models:/fraud/%s"}\n'
_REGISTRY = "runtime: {env: {MLFLOW_TRACKING_URI: http://mlflow:5000}}\nimage: {requirements: requirements.txt}\n"


@pytest.fixture
def wrong(tmp_path: Path) -> Path:
    """A project with a spec full of slips."""
    return write(tmp_path / "project", _WRONG)


def test_only_what_is_wrong_changes(wrong: Path) -> None:
    """Comments, blanks, quotes and the order stay; what was made is told, and nothing is left to say."""
    done = servespec(wrong, "validate", "--fix")
    assert (wrong / "serving.yaml").read_text() == _RIGHT
    assert (done.exit, done.out) == (0, "")
    assert done.err.startswith("fixed in serving.yaml: ")
    assert "rename it to `workers`" in done.err


def test_again(wrong: Path) -> None:
    """A second time there is nothing to fix, and the file is not even written."""
    servespec(wrong, "validate", "--fix")
    before = (wrong / "serving.yaml").stat()
    done = servespec(wrong, "validate", "--fix")
    assert (done.exit, done.out, done.err) == (0, "", "")
    assert (wrong / "serving.yaml").stat() == before


def test_a_diff(wrong: Path) -> None:
    """It shows the lines that would change and writes nothing; without any it is as without the option."""
    done = servespec(wrong, "validate", "--diff")
    assert done.exit == 1
    changed = {line[1:] for line in done.out.splitlines() if line.startswith("+") and not line.startswith("+++")}
    assert changed == set(_RIGHT.splitlines()) - set(_WRONG.splitlines())
    assert (wrong / "serving.yaml").read_text() == _WRONG
    servespec(wrong, "validate", "--fix")
    assert servespec(wrong, "validate", "--diff").exit == 0


@pytest.mark.parametrize("ends", ["\r\n", "\n"])
def test_bytes_around_it(wrong: Path, ends: str) -> None:
    """A byte order mark, the way lines end, letters of more than one byte and the file's mode stay."""
    path = wrong / "serving.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + _WRONG.replace("Payments", "Überweisungen €").replace("\n", ends).encode())
    path.chmod(0o640)
    assert servespec(wrong, "validate", "--fix").exit == 0
    right = _RIGHT.replace("Payments", "Überweisungen €").replace("\n", ends)
    assert path.read_bytes() == b"\xef\xbb\xbf" + right.encode()
    assert path.stat().st_mode & 0o777 == 0o640


def test_overlays_and_the_root_file(tmp_path: Path) -> None:
    """A slip is mended where it stands, once, however many specs and environments have it."""
    (tmp_path / ".git").mkdir()
    (tmp_path / "servespec.yaml").write_text(
        "defaults: {resources: {requests: {cpus: 500m}}}   # all\npolicy: {requierd: [name]}\n"
    )
    for name in ("a", "b"):
        write(tmp_path / name, _RIGHT.replace("fraud-detector", name))
        (tmp_path / name / "serving.staging.yaml").write_text("resources:\n  limits: {memory: 4GiB}  # more\n")
        (tmp_path / name / "serving.production.yaml").write_text("release: 2.0\n")
    done = servespec(tmp_path, "validate", ".", "--fix")
    assert (done.exit, done.out) == (0, "")
    assert (tmp_path / "servespec.yaml").read_text() == (
        "defaults: {resources: {requests: {cpu: 500m}}}   # all\npolicy: {required: [name]}\n"
    )
    for name in ("a", "b"):
        assert (tmp_path / name / "serving.staging.yaml").read_text() == "resources:\n  limits: {memory: 4Gi}  # more\n"
        assert (tmp_path / name / "serving.production.yaml").read_text() == 'release: "2.0"\n'


def test_one_mistake_behind_the_other(tmp_path: Path) -> None:
    """What a fix brings to light is fixed too."""
    project = write(tmp_path, _RIGHT.replace("runtime: {workers", "rntime: {wrkers").replace("'30s'", "30s"))
    assert servespec(project, "validate", "--fix").exit == 0
    assert "runtime: {workers: 2, timeouts: {request: 30s}}" in (project / "serving.yaml").read_text()


def test_what_may_be_meant_in_two_ways(tmp_path: Path) -> None:
    """Nothing is guessed: two near words, an amount in units of two kinds, a key that is there already."""
    text = _RIGHT.replace("memory: 1Gi", "memory: 1GB").replace("workers: 2", "workers: 2, worker: 3")
    project = write(tmp_path, text)
    done = servespec(project, "validate", "--fix")
    assert done.exit == 1
    assert "error[invalid-quantity]" in done.out
    assert "error[unknown-field]" in done.out
    assert (project / "serving.yaml").read_text() == text


@pytest.mark.parametrize(
    ("block", "code"),
    [
        ("runtime: {worker: 1, wokers: 2}\n", "unknown-field"),
        ("runtme: {workers: 1}\nruntimee: {workers: 2}\n", "unknown-field"),
        ("targets: {dcoker: {}, dockre: {}}\n", "unknown-target"),
        ("targets: {docker: {}, dockre: {}}\n", "unknown-target"),
        ("runtime: {env: {FLAG: null, A: ~}}\nlabels: {team: Null}\n", "unquoted-text"),
    ],
)
def test_what_nobody_can_tell(tmp_path: Path, block: str, code: str) -> None:
    """Of two keys that may be one field neither is renamed, and what is nothing is not made the text `null`."""
    project = write(tmp_path, SPEC + block)
    done = servespec(project, "validate", "--fix")
    assert (done.exit, done.err) == (1, "")
    assert f"error[{code}]" in done.out
    assert (project / "serving.yaml").read_text() == SPEC + block


@pytest.mark.parametrize(("stage", "alias"), [("Production", "@production"), ("Staging", "@staging")])
def test_a_stage_becomes_an_alias(tmp_path: Path, stage: str, alias: str) -> None:
    """Models of a registry have aliases; what is no stage is left alone."""
    project = write(tmp_path, _MODEL % stage + _REGISTRY, {"requirements.txt": "mlflow==3.14.0\n"})
    servespec(project, "validate", "--fix")
    assert f'uri: "models:/fraud{alias}"' in (project / "serving.yaml").read_text()
    write(project, _MODEL % "main" + _REGISTRY, {})
    servespec(project, "validate", "--fix")
    assert 'uri: "models:/fraud/main"' in (project / "serving.yaml").read_text()


def test_changed_meanwhile(wrong: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of what somebody saves while the fixes are made nothing is lost: then no file is written."""
    other = write(wrong / "other", _WRONG.replace("fraud-detector", "other"))
    mine = _WRONG + "# saved just now\n"
    made = fixing._mended

    def meanwhile(sources: Iterable[Source]) -> fixing._Desk:
        desk = made(sources)
        (wrong / "serving.yaml").write_text(mine)
        return desk

    monkeypatch.setattr(fixing, "_mended", meanwhile)
    done = servespec(wrong, "validate", ".", "--fix")
    assert done.exit == 4
    assert "serving.yaml was changed meanwhile" in done.err
    assert (wrong / "serving.yaml").read_text() == mine
    assert (other / "serving.yaml").read_text() == _WRONG.replace("fraud-detector", "other")


def test_a_full_disk(wrong: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that can't be written whole is not written, and nothing is left beside it."""
    before = sorted(path.name for path in wrong.iterdir())

    def full(fd: int) -> None:
        raise OSError(28, os.strerror(28), "serving.yaml")

    monkeypatch.setattr(putting.os, "fsync", full)
    assert servespec(wrong, "validate", "--fix").exit == 5
    assert (wrong / "serving.yaml").read_text() == _WRONG
    assert sorted(path.name for path in wrong.iterdir()) == before


def test_a_secret_is_not_shown(wrong: Path) -> None:
    """A line of a diff that holds one has stars."""
    text = _WRONG.replace("{worker: 2", "{worker: 2, env: {STORE_TOKEN: opensesame}")
    write(wrong, text, FILES)
    out = servespec(wrong, "validate", "--diff").out
    assert "opensesame" not in out
    assert "STORE_TOKEN: **********" in out


def test_a_number_without_its_unit_is_left(tmp_path: Path) -> None:
    """Quotes alone would make another mistake of it: nobody but its author knows the unit."""
    spec = SPEC + "runtime: {timeouts: {request: 30}}\n"
    write(tmp_path, spec)
    done = servespec(tmp_path, "validate", "--fix")
    assert done.exit == 1
    assert "`30` lacks its unit" in done.out + done.err
    assert "`30s`" in done.out + done.err
    assert (tmp_path / "serving.yaml").read_text() == spec
