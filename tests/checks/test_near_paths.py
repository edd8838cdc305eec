"""A path with a slip of the pen: what stands beside the place is what was meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.projects import FILES, HEAD, analyse, write


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("model: {format: pytorch, uri: ./model/fraud.pt, code: ./model/modle.py}", "model/model.py"),
        ("model: {format: pytorch, uri: ./model/fruad.pt, code: ./model/model.py}", "model/fraud.pt"),
        ("model: {format: pytorch, uri: ./modle}", "model"),
    ],
    ids=["code", "weights", "folder"],
)
def test_what_was_perhaps_meant(tmp_path: Path, given: str, meant: str) -> None:
    """It is named, whether it is an error that the file is missing or not."""
    files = {"model/fraud.pt": "weights", "model/model.py": FILES["model/model.py"], "requirements.txt": ""}
    project = write(tmp_path, f"{HEAD}{given}\nimage: {{requirements: requirements.txt}}\n", files)
    helps = [item.help for item in analyse(project).report.diagnostics if item.code.startswith("missing-")]
    assert helps == [f"did you mean `{meant}`?"]


def test_nothing_like_it(tmp_path: Path) -> None:
    """Nothing is guessed then."""
    project = write(tmp_path, f"{HEAD}model: {{format: pytorch, uri: ./model}}\nimage: {{requirements: deps/a.txt}}\n")
    (found,) = [item for item in analyse(project).report.diagnostics if item.code == "missing-file"]
    assert "did you mean" not in found.help
