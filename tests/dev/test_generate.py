"""What is derived from the source is in step with it, says so, and is the same wherever it is made."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from servespec.checks.registry import severities
from servespec.dev import __main__ as command
from servespec.dev import generate
from servespec.package_data import root
from servespec.reference.rules import rules
from servespec.runtimes.fits import FITS


def test_nothing_is_out_of_date() -> None:
    """The committed files are what the source says; `python -m servespec.dev generate` mends it when not."""
    assert generate.stale(root()) == ()


def test_drift_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """`--check` writes nothing and names each file that drifted or is missing, until they are written again."""
    monkeypatch.setattr(command, "root", lambda: tmp_path)
    assert command.main(["generate", "--check"]) == 1
    assert not list(tmp_path.iterdir())
    assert command.main(["generate"]) == 0
    (tmp_path / "schema" / "targets.md").write_text("edited")
    capsys.readouterr()
    assert command.main(["generate", "--check"]) == 1
    assert capsys.readouterr().out == "out of date: schema/targets.md\n"
    assert command.main(["generate"]) == 0
    assert command.main(["generate", "--check"]) == 0


@pytest.mark.parametrize("path", generate.DERIVED)
def test_a_derived_file_says_so(path: str) -> None:
    """Whoever opens a derived file reads at its top what it is made of and by what."""
    head = "".join((root() / path).read_text("utf-8").splitlines(keepends=True)[:4])
    assert "erived from" in head
    assert "python -m servespec.dev generate" in head


@pytest.mark.parametrize("seed", ["1", "2"])
def test_it_is_reproducible(seed: str) -> None:
    """Neither the seed of hashes nor the locale leaves a trace."""
    code = "from servespec.dev.generate import DERIVED; print(ascii([make() for make in DERIVED.values()]))"
    env = {**os.environ, "PYTHONHASHSEED": seed, "LC_ALL": "C", "PYTHONPATH": os.pathsep.join(sys.path)}
    made = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True).stdout
    assert made == f"{[make() for make in generate.DERIVED.values()]!a}\n"


def test_all_codes_have_a_page() -> None:
    """The page of diagnostics has every rule that a report can show, with the severity it has there."""
    page = generate.DERIVED["schema/diagnostics.md"]()
    assert page.count("\n## ") == len(rules()) > 80
    missing = [code for code, how in severities().items() if f"\n## {code}\n\n*{how}*\n" not in page]
    assert missing == []


def test_all_targets_servers_and_fits_are_told() -> None:
    """The page of targets has a column for each target, a row for each fit, and facts with their sources."""
    page = generate.DERIVED["schema/targets.md"]()
    targets = json.loads(generate.DERIVED["schema/serving.schema.json"]())["x-targets"]
    assert f"| field | {' | '.join(targets)} |" in page
    assert all(f"| `{fit.format}` | `{fit.server}` |" in page for fit in FITS)
    assert "| `SETTINGS.metrics_mode` | `prometheus` | ran: " in page
    assert "| `resources.requests.cpu` |" in page


def test_all_examples_have_a_line() -> None:
    """The page of the examples links every folder with a spec, also one within another."""
    page = generate.DERIVED["examples/README.md"]()
    folders = [spec.parent.relative_to(root() / "examples") for spec in root().glob("examples/**/serving.yaml")]
    assert len(folders) > 20
    assert [str(folder) for folder in folders if f"]({folder.as_posix()})<br>" not in page] == []
