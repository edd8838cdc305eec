"""`--format`: one on the screen, more in files, in one run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.projects import SPEC, servespec, write

_WRONG = f"{SPEC}runtime: {{workers: two}}\n"


@pytest.mark.parametrize("command", ["validate", "build"])
def test_a_person_and_two_machines(project: Path, command: str) -> None:
    """The terminal shows text while two files hold the same findings in other forms."""
    write(project, _WRONG, files={})
    done = servespec(project, command, "--format", "text", "--format", "sarif=a.sarif", "--format", "junit=b.xml")
    assert done.exit == 1
    assert "error[wrong-type]" in done.out + done.err
    results = json.loads((project / "a.sarif").read_text())["runs"][0]["results"]
    assert "wrong-type" in [item["ruleId"] for item in results]
    assert '<failure type="wrong-type"' in (project / "b.xml").read_text()


def test_a_file_tells_also_of_what_did_not_change(project: Path) -> None:
    """What was remembered to be sound is in the file all the same: it is a whole report, each time."""
    for _ in range(2):
        assert servespec(project, "validate", "--format", "gitlab=report.json").exit == 0
        assert [item["check_name"] for item in json.loads((project / "report.json").read_text())] == [
            "runtime-end-of-life"
        ]
        (project / "report.json").unlink()


def test_annotations_are_lines(project: Path) -> None:
    """GitHub's runner reads them off the job's output."""
    write(project, _WRONG, files={})
    lines = servespec(project, "validate", "--format", "github").out.splitlines()
    assert [line.partition(" ")[0] for line in lines] == ["::warning", "::error"] or lines[-1].startswith("::error ")


@pytest.mark.parametrize(
    "asked", [("--format", "xml"), ("--format", "sarif="), ("--format", "text", "--format", "json")]
)
def test_what_can_t_be_meant(project: Path, asked: tuple[str, ...]) -> None:
    """Usage: an unknown format, a file without a name, two formats for one screen."""
    done = servespec(project, "validate", *asked)
    assert done.exit == 2
    assert done.out == ""


def test_a_file_that_can_t_be_written(project: Path) -> None:
    """5, and the findings are on the screen."""
    done = servespec(project, "validate", "--format", "sarif=nowhere/a.sarif")
    assert done.exit == 5
    assert "nowhere/a.sarif" in done.err
