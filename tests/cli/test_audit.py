"""`servespec audit`: days that have passed fail there, and so does what is accepted for nothing; and only there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from servespec.checks.registry import FROM_ELSEWHERE
from servespec.cli import work
from tests.projects import FILES, SPEC, Ran, servespec, write

_SUPPRESS = 'suppress: [{rule: runtime-end-of-life, reason: known, until: "2027-01-01"}]\n'
_WAIVER = (
    "policy:\n  forbidden: {servers: [torchserve]}\n  waivers:\n"
    '    - {service: fraud-detector, rule: forbidden-by-policy, reason: it moves, until: "2027-01-01"}\n'
)


@pytest.fixture
def dated(project: Path) -> Path:
    """A project with a suppression and a waiver, both until the first day of 2027."""
    write(project, SPEC + _SUPPRESS, files={})
    (project / "servespec.yaml").write_text(_WAIVER)
    return project


def test_a_day_that_passed(dated: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On the last day all is well; on the next one `audit` fails with both, while `validate` and `build` pass."""
    monkeypatch.setattr(work, "today", lambda: "2027-01-01")
    assert (servespec(dated, "audit").exit, servespec(dated, "audit").out) == (0, "")
    monkeypatch.setattr(work, "today", lambda: "2027-01-02")
    done = servespec(dated, "audit")
    assert done.exit == 1
    assert "warning[suppression-expired]" in done.out
    assert "warning[waiver-expired]" in done.out
    assert "runtime-end-of-life]" not in done.out, "other warnings are not its business"
    assert servespec(dated, "validate").exit == 0
    assert servespec(dated, "build").exit == 0


def test_errors_fail_too(dated: Path) -> None:
    """A spec that can't be read hides no date: it fails as well."""
    write(dated, SPEC + "replicas: 2\n", files={})
    assert servespec(dated, "audit").exit == 1


_IDLE = "suppress: [{rule: privileged-port, reason: known}]\n"
_PRIVILEGED = "runtime: {protocols: {rest: 80}}\n"
_OWNED = "policy:\n  required: [owner]\n  waivers:\n"


def _waiver(service: str, *, until: str = "2099-01-01") -> str:
    return f'    - {{service: {service}, rule: required-by-policy, reason: new, until: "{until}"}}\n'


def _told(done: Ran) -> list[str]:
    """The codes that are told, each with the file and the line."""
    assert done.exit == (1 if done.out else 0)
    return re.findall(r"^(\S+:\d+):\d+: warning\[(.*?)\]", done.out, re.MULTILINE)


def _audit(project: Path, *arguments: str) -> list[str]:
    return _told(servespec(project, "audit", "--format", "concise", *arguments))


def test_what_is_accepted_for_nothing(project: Path) -> None:
    """A suppression of a warning that is not given fails the audit, and only that; once it is given all is well."""
    write(project, SPEC + _IDLE)
    assert _audit(project) == [("serving.yaml:6", "idle-suppression")]
    assert "idle-suppression" not in servespec(project, "validate").out
    write(project, SPEC + _IDLE + _PRIVILEGED)
    assert _audit(project) == []


def test_a_warning_of_one_environment(project: Path) -> None:
    """What one environment gets is accepted for something, whichever was asked for; what none gets is told once."""
    write(project, f"{SPEC}{_IDLE}environments: {{prod: {{runtime: {{protocols: {{rest: 80}}}}}}, test: {{}}}}\n")
    assert _audit(project) == _audit(project, "-e", "test") == []
    write(project, f"{SPEC}{_IDLE}environments: {{prod: {{}}, test: {{}}}}\n")
    assert _audit(project) == [("serving.yaml:6", "idle-suppression")]
    assert _audit(project, "-e", "test") == []


def test_what_the_root_file_accepts_for_all(project: Path) -> None:
    """A suppression among the defaults is for those that need it: the others get no word."""
    write(project, SPEC)
    (project / "servespec.yaml").write_text("defaults: {suppress: [{rule: privileged-port, reason: known}]}\n")
    assert _audit(project) == []


@pytest.mark.parametrize("rule", FROM_ELSEWHERE)
def test_a_warning_that_hangs_on_more_than_the_spec(project: Path, rule: str) -> None:
    """It may be given where there are other files, or other specs: nothing is said of its suppression."""
    write(project, f"{SPEC}suppress: [{{rule: {rule}, reason: known}}]\n")
    assert _audit(project) == []


def test_a_spec_with_errors(project: Path) -> None:
    """What it gets is not known before they are mended."""
    write(project, f"{SPEC}{_IDLE}replicas: 2\n")
    assert "idle-suppression" not in servespec(project, "audit").out


def test_an_expired_one_is_told_once(project: Path) -> None:
    """Its day has passed: whether it is needed is not asked as well, as of one that is needed."""
    write(project, SPEC + _IDLE.replace("known", 'known, until: "2020-01-01"') + "owner: me\n")
    (project / "servespec.yaml").write_text(_OWNED + _waiver("fraud-detector", until="2020-01-01"))
    assert sorted(code for _, code in _audit(project)) == ["suppression-expired", "waiver-expired"]


@pytest.fixture
def waived(tmp_path: Path) -> Path:
    """Two specs below a root file that waives a rule for both, and for one that there is not; one needs it."""
    for name, more in (("needs", ""), ("keeps", "owner: me\n")):
        write(tmp_path / name, SPEC.replace("fraud-detector", name) + more, files=FILES)
    (tmp_path / "servespec.yaml").write_text(_OWNED + _waiver("needs") + _waiver("keeps") + _waiver("gone"))
    return tmp_path


def test_a_waiver_for_nothing(waived: Path) -> None:
    """One of a rule that is kept, and one for no spec, fail the audit of all specs; one that is needed does not."""
    assert _audit(waived, ".") == [("servespec.yaml:5", "idle-waiver"), ("servespec.yaml:6", "idle-waiver")]
    assert "idle-waiver" not in servespec(waived, "validate", ".").out


def test_a_waiver_that_others_may_need(waived: Path) -> None:
    """Nothing is said when specs of the root file were not looked at, or have errors, or one has another file's name."""
    assert _audit(waived, "keeps") == []
    (waived / "keeps" / "other.yaml").write_text(SPEC.replace("fraud-detector", "gone"))
    assert _audit(waived, ".") == [("servespec.yaml:5", "idle-waiver")]
    write(waived / "needs", SPEC.replace("fraud-detector", "needs") + "replicas: 2\n")
    assert "idle-waiver" not in servespec(waived, "audit", ".").out
