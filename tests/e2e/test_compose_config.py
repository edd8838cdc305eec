"""Every compose file that is committed, read by the real Docker Compose: no engine is needed for that."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

pytestmark = pytest.mark.e2e

_ROOT = Path(__file__).parents[2]
_COMPOSE = Path(__file__).parent / "engine" / "compose.sh"
_FILES = sorted(
    (
        *_ROOT.glob("examples/*/deploy/**/compose.yaml"),
        _ROOT / "tests" / "golden" / "everything" / "tree" / "compose" / "compose.yaml",
    )
)


def _config(path: Path) -> Any:
    """What Compose makes of a file, every variable that it insists on being set."""
    variables = dict.fromkeys(re.findall(r"\$\{(\w+)", path.read_text()), "set")
    done = subprocess.run(
        [_COMPOSE, "--file", path, "config", "--format", "json"],
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert "level=warning" not in done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("path", _FILES, ids=lambda path: path.relative_to(_ROOT).parts[1])
def test_compose_reads_it(path: Path) -> None:
    """It takes every key, and finds the services, their images and their commands as they are written."""
    found, written = _config(path), YAML(typ="safe").load(path)
    assert found["name"] == written["name"]
    assert set(found["services"]) == set(written["services"])
    for name, service in written["services"].items():
        assert found["services"][name]["image"] == service["image"]
        assert found["services"][name].get("healthcheck", {}).get("test") == service.get("healthcheck", {}).get("test")


def test_gpus() -> None:
    """GPUs are devices that Compose would ask the engine for."""
    services = _config(_FILES[-1])["services"].values()
    held = [service["deploy"]["resources"].get("reservations", {}).get("devices") for service in services]
    ((device,),) = filter(None, held)
    assert device == {"capabilities": ["gpu"], "driver": "nvidia", "count": 2}


def test_a_key_that_is_none(tmp_path: Path) -> None:
    """The planted bad twin: a key that Compose does not know is refused."""
    bad = tmp_path / "compose.yaml"
    bad.write_text(_FILES[0].read_text().replace("    image:", "    imagination: x\n    image:", 1))
    done = subprocess.run([_COMPOSE, "--file", bad, "config"], capture_output=True, text=True)
    assert done.returncode != 0
    assert "imagination" in done.stderr
