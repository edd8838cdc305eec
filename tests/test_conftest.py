"""The rules of the test suite about itself."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

_SKIPPED = {
    "a test": "import pytest\n@pytest.mark.e2e\ndef test_it(): pytest.skip('no engine')\n",
    "a fixture": (
        "import pytest\n@pytest.fixture\ndef engine(): pytest.skip('no engine')\n"
        "@pytest.mark.e2e\ndef test_it(engine): pass\n"
    ),
    "a mark": "import pytest\n@pytest.mark.e2e\n@pytest.mark.skipif(True, reason='no engine')\ndef test_it(): pass\n",
    "a module": "import pytest\npytest.skip('no engine', allow_module_level=True)\n",
}


def _run(tmp_path: Path, text: str, *, ci: str) -> subprocess.CompletedProcess[str]:
    (tmp_path / "e2e").mkdir()
    (tmp_path / "e2e" / "test_it.py").write_text(text)
    (tmp_path / "conftest.py").write_bytes(Path(__file__).with_name("conftest.py").read_bytes())
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = e2e\n")
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:hypothesispytest", str(tmp_path)]
    return subprocess.run(command, env={**os.environ, "CI": ci}, capture_output=True, text=True, cwd=tmp_path)


@pytest.mark.parametrize("skipped_by", _SKIPPED)
def test_a_skip_fails_in_ci(tmp_path: Path, skipped_by: str) -> None:
    """However an end-to-end test comes to be skipped, CI is red and says why it was skipped."""
    done = _run(tmp_path, _SKIPPED[skipped_by], ci="true")
    assert done.returncode != 0, done.stdout
    assert "not to be skipped in CI" in done.stdout
    assert "no engine" in done.stdout


def test_a_skip_is_fine_elsewhere(tmp_path: Path) -> None:
    """On a person's machine, what can't be run there is skipped."""
    done = _run(tmp_path, _SKIPPED["a fixture"], ci="")
    assert done.returncode == 0, done.stdout
    assert "1 skipped" in done.stdout
