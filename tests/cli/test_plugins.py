"""A target of another package: found by its entry point, asked like ours, and what is wrong with it is told."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.projects import HEAD, write

_CODE = """
from servespec.artifacts import Artifact, Bundle, Language, Structured
from servespec.deployment.workloads import REALTIME
from servespec.node import Node
from servespec.spec.common import Many
from servespec.targets.contract import KEPT, UNRELATED, Lowered, Target


class Options(Node):
    datacenters: Many[str] = ("dc1",)


def lower(deployment, context):
    task = {"Driver": "docker", "Config": {"image": str(context.images[REALTIME].reference)}}
    job = {"ID": deployment.name, "Datacenters": list(context.options.datacenters), "Task": task}
    return Lowered(Bundle("nomad", (Artifact("job.json", Structured({"Job": job}), Language.JSON),)))


NOMAD = Target(
    name="nomad",
    summary="a job of Nomad",
    options=Options,
    supports={"name": KEPT, "apiVersion": UNRELATED, "pattern": UNRELATED, "model": UNRELATED, "targets": UNRELATED},
    lower=lower,
    requires=lambda deployment: ("docker",),
)
"""
_SPEC = HEAD + "model: { format: onnx, uri: ./model.onnx }\nowner: risk\ntargets: { nomad: { datacenters: [eu] } }\n"


def _install(site: Path, name: str = "nomad-target", code: str = _CODE, point: str = "nomad = acme_{}:NOMAD") -> None:
    """A package with an entry point, as pip lays it out."""
    module = name.replace("-", "_")
    (site / f"acme_{module}.py").write_text(code)
    about = site / f"{module}-1.2.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.2\n")
    (about / "entry_points.txt").write_text(f"[servespec.targets]\n{point.format(module)}\n")


def _run(tmp_path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    site, cache = str(tmp_path / "site"), str(tmp_path / "cache")
    environment = {**os.environ, "PYTHONPATH": site, "XDG_CACHE_HOME": cache, "TMPDIR": str(tmp_path)}
    command = [sys.executable, "-m", "servespec", *arguments]
    return subprocess.run(command, cwd=tmp_path / "project", env=environment, capture_output=True, text=True)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Where packages are installed, beside a project whose spec asks for one's target."""
    write(tmp_path / "project", _SPEC, {"model.onnx": b""})
    (tmp_path / "site").mkdir()
    return tmp_path / "site"


def test_it_is_built_with_what_it_requires(site: Path, tmp_path: Path) -> None:
    """Its options are read, its files written by the image's name, and a block of which it says nothing told lost."""
    _install(site)
    ran = _run(tmp_path, "build", "--strict", "serving.yaml")
    assert ran.returncode == 1
    assert "owner  in nomad  dropped: the target does not say what it does with it" in ran.stderr
    ran = _run(tmp_path, "build", "serving.yaml")
    assert (ran.returncode, ran.stderr) == (0, "")
    made = tmp_path / "project" / "deploy" / "fraud-detector"
    assert {"docker", "nomad", "onnxruntime"} <= {path.name for path in made.iterdir()}
    job = json.loads((made / "nomad/job.json").read_text())["Job"]
    assert job["Datacenters"] == ["eu"]
    assert job["Task"]["Config"]["image"].startswith("fraud-detector:0.1.0-")


def test_its_options_are_checked(site: Path, tmp_path: Path) -> None:
    """A mistake in them is told at its line, as in those of our targets."""
    _install(site)
    spec = tmp_path / "project" / "serving.yaml"
    spec.write_text(spec.read_text().replace("datacenters", "datacentres"))
    ran = _run(tmp_path, "validate", "serving.yaml")
    assert ran.returncode == 1
    assert "did you mean `datacenters`?" in ran.stdout + ran.stderr


def test_it_is_shown_among_ours(site: Path, tmp_path: Path) -> None:
    """`targets` has its column, and a name that is nearly right is told the right one."""
    _install(site)
    assert "nomad\n" in _run(tmp_path, "targets").stdout
    assert "did you mean `nomad`?" in _run(tmp_path, "build", "-t", "nomat").stderr


def test_its_code_is_watched(site: Path, tmp_path: Path) -> None:
    """A change of it is seen where nothing of the spec has changed."""
    _install(site)
    for _ in range(2):
        assert _run(tmp_path, "build", "serving.yaml").returncode == 0
    assert _run(tmp_path, "build", "--check", "serving.yaml").returncode == 0
    module = site / "acme_nomad_target.py"
    module.write_text(module.read_text().replace('"docker", "Config"', '"podman", "Config"'))
    assert _run(tmp_path, "build", "--check", "serving.yaml").returncode == 3


@pytest.mark.parametrize(
    ("code", "point", "said"),
    [
        ("import nowhere", "nomad = acme_{}:NOMAD", "can't be loaded: ModuleNotFoundError: No module named 'nowhere'"),
        (_CODE, "nomad = acme_{}:lower", "is a function, not a servespec.targets.contract.Target"),
        (_CODE.replace('name="nomad"', 'name="noma"'), "nomad = acme_{}:NOMAD", "calls itself `noma`"),
    ],
    ids=["import", "kind", "name"],
)
def test_one_that_is_broken(site: Path, tmp_path: Path, *, code: str, point: str, said: str) -> None:
    """It is named with its package, nothing is written, and no bug of servespec is spoken of."""
    _install(site, code=code, point=point)
    ran = _run(tmp_path, "build", "serving.yaml")
    assert ran.returncode == 5
    assert ran.stderr.startswith("servespec: the target `nomad` of nomad-target 1.2 ")
    assert said in ran.stderr
    assert not (tmp_path / "project" / "deploy").exists()


def test_two_of_one_name(site: Path, tmp_path: Path) -> None:
    """Nobody guesses which of them was meant."""
    _install(site)
    _install(site, name="other-target")
    ran = _run(tmp_path, "validate", "serving.yaml")
    assert ran.returncode == 5
    assert "both nomad-target 1.2 and other-target 1.2 add a target `nomad`" in ran.stderr


def test_ours_do_not_load_it(site: Path, tmp_path: Path) -> None:
    """A spec that names none of its targets never runs its code."""
    _install(site, code="raise SystemExit('loaded')")
    spec = tmp_path / "project" / "serving.yaml"
    spec.write_text(spec.read_text().replace("nomad: { datacenters: [eu] }", "docker: "))
    assert _run(tmp_path, "build", "serving.yaml").returncode == 0


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[REALTIME]", "['elsewhere']", "servespec: the target `nomad` failed: KeyError: 'elsewhere', at "),
        ('"docker", "Config"', 'b"docker", "Config"', "servespec: what the target `nomad` makes does not read back: "),
    ],
    ids=["raises", "data"],
)
def test_one_that_fails(site: Path, tmp_path: Path, *, old: str, new: str, said: str) -> None:
    """It is told by its name, its own words and the place in its code; nothing is written."""
    _install(site, code=_CODE.replace(old, new))
    ran = _run(tmp_path, "build", "serving.yaml")
    assert (ran.returncode, ran.stderr.startswith(said)) == (5, True), ran.stderr
    assert not (tmp_path / "project" / "deploy").exists()


def test_its_folder_is_its_own(site: Path, tmp_path: Path) -> None:
    """Files for another target's folder are refused: they could lie over those of that target."""
    _install(site, code=_CODE.replace('Bundle("nomad"', 'Bundle("docker"'))
    ran = _run(tmp_path, "build", "serving.yaml")
    assert ran.returncode == 5
    assert "the target `nomad` makes files of `docker`" in ran.stderr
