"""Mirrors: of all that is emitted, nothing names a registry or an index outside of them."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from servespec.cli.find import find
from servespec.cli.reading import read
from servespec.edge.gather import gather
from servespec.pipeline import Analyses, File, Texts, World, analyse
from tests.projects import HEAD, MODEL, TODAY, made, write

_EXAMPLES = Path(__file__).parents[2] / "examples"
_SPECS = sorted(_EXAMPLES.rglob("serving.yaml"))
_ROOT = File(
    "servespec.yaml",
    b"""
mirrors:
  images:
    docker.io: mirror.example.com/hub
    nvcr.io: mirror.example.com/nvcr
    registry.example.com: mirror.example.com/team
  pip: {url: https://mirror.example.com/pypi/simple}
  apt: {ftp.debian.org: https://mirror.example.com/apt, security.debian.org: https://mirror.example.com/apt}
""",
)
_BEHIND = "mirror.example.com/"


def _analyse(spec: Path, mirrors: bytes = _ROOT.data) -> Analyses:
    texts, _ = read(find([str(spec)])[0])
    world = World(lambda wanted: gather(spec.parent, wanted), TODAY)
    return analyse(Texts(texts.spec, texts.overlays, _root(texts.root, mirrors)), world)


def _root(own: File | None, mirrors: bytes) -> File:
    """The mirrors, for the clusters that an example's own root file describes."""
    clusters = yaml.safe_load(own.data).get("platforms", {}) if own else {}
    return File(_ROOT.shown, mirrors + f"platforms: {json.dumps(clusters)}\n".encode())


def _images(path: str, text: str) -> Iterator[str]:
    """The images that a file starts from or runs, those that it builds left out."""
    if "Dockerfile" in path:
        stages = set(re.findall(r"^FROM \S+ AS (\S+)", text, re.MULTILINE))
        yield from (name for name in re.findall(r"^FROM (\S+)", text, re.MULTILINE) if name not in stages)
    if path.endswith(".yaml"):
        for document in yaml.safe_load_all(text):
            yield from _in_data(document)


def _in_data(data: object) -> Iterator[str]:
    if isinstance(data, dict):
        if "build" not in data:
            yield from (
                value for key, value in data.items() if key.lower().endswith("image") and isinstance(value, str)
            )
        for item in data.values():
            yield from _in_data(item)
    elif isinstance(data, list):
        for item in data:
            yield from _in_data(item)


@pytest.mark.parametrize("spec", _SPECS, ids=lambda path: path.parent.relative_to(_EXAMPLES).as_posix())
def test_nothing_comes_from_outside(spec: Path) -> None:
    """Of each example: base images, images that are run, the indexes of pip and the hosts of apt,
    without a mirror of which what needs one of their packages is no sound spec."""
    found = _analyse(spec)
    assert found.ok, found.findings
    seen, built, debian = 0, False, False
    for analysis in found.each:
        assert analysis.deployment is not None
        ours = analysis.deployment.image.repository
        for path, text in made(analysis).items():
            images = [name for name in _images(path, text) if name.partition(":")[0] != ours]
            seen += len(images)
            assert [name for name in images if not name.startswith(_BEHIND)] == [], path
            assert not re.search(r"pypi\.org|docker\.io|nvcr\.io|ghcr\.io|quay\.io", text), path
            installs = [line for line in text.splitlines() if " pip " in line and " install " in line]
            if "Dockerfile" in path:
                built = True
                assert all("--index-url=https://mirror.example.com/pypi/simple" in line for line in installs), path
            if "apt-get update" in text:
                debian = True
                assert text.index("https://mirror.example.com/apt/") < text.index("apt-get update"), path
    without = _analyse(spec, re.sub(rb"  apt: .*\n", b"", _ROOT.data))
    codes = {item.code for analysis in without.each for item in analysis.report.diagnostics if item.severity == "error"}
    assert codes == ({"outside-mirror"} if debian else set())
    # A spec without an image, such as that of a job for Spark, names none.
    assert seen > 0 or not built


_LIST = "deb http://ftp.debian.org/debian bookworm main\ndeb https://security.debian.org/debian-security x main\n"
_DEB822 = "Types: deb\nURIs: http://ftp.debian.org/debian\nSuites: bookworm\nComponents: main\n"


def _dockerfile(folder: Path) -> str:
    """That of a spec with packages of Debian, behind the mirrors."""
    project = write(folder, f"{HEAD}{MODEL}".replace("image: {", "image: {systemPackages: [libgomp1], "))
    return made(_analyse(project / "serving.yaml").each[0])["docker/Dockerfile"]


def test_apt_asks_the_mirror(tmp_path: Path) -> None:
    """The emitted command, run by a real find and sed, changes both forms of source lists and nothing else."""
    text = _dockerfile(tmp_path / "project")
    command = (
        next(line for line in text.splitlines() if "find /etc/apt" in line).strip().removeprefix("&& ").rstrip("\\")
    )
    apt = tmp_path / "apt"
    (apt / "sources.list.d").mkdir(parents=True)
    (apt / "sources.list").write_text(_LIST)
    (apt / "sources.list.d" / "debian.sources").write_text(_DEB822)
    (apt / "apt.conf").write_text(_LIST)
    subprocess.run(["sh", "-c", command.replace("/etc/apt", str(apt))], check=True)
    changed = (apt / "sources.list").read_text() + (apt / "sources.list.d" / "debian.sources").read_text()
    assert re.findall(r"https?://\S+", changed) == [
        "https://mirror.example.com/apt/debian",
        "https://mirror.example.com/apt/debian-security",
        "https://mirror.example.com/apt/debian",
    ]
    assert (apt / "apt.conf").read_text() == _LIST


@pytest.mark.skipif(shutil.which("apt-get") is None, reason="no apt: this machine is neither Debian nor Ubuntu")
@pytest.mark.parametrize(
    ("lists", "asked"),
    [
        ("deb http://ftp.debian.org/debian x main\n# deb http://old.example/debian x main\n", []),
        ("deb https://mirror.example.com/base x main\ndeb [trusted=yes] file:/srv/own ./\n", []),
        ("deb http://ftp.debian.org/debian x main\ndeb-src http://vendor.example x main\n", ["http://vendor.example"]),
        ("deb http://ftp.de.debian.org/debian x main\n", ["http://ftp.de.debian.org"]),
        ("deb http://mirrorXexample.com/debian x main\n", ["http://mirrorxexample.com"]),
        (f"{_DEB822}\nTypes: deb\nURIs: https://a.example/x\n http://b.example/\nSuites: x\nComponents: main\n",
         ["http://b.example", "https://a.example"]),
        (f"{_DEB822}\nTypes: deb\nEnabled: no\nURIs: https://a.example/x\nSuites: x\nComponents: main\n", []),
    ],
    ids=["mirrored", "own", "source", "twin", "pattern", "deb822", "disabled"],
)  # fmt: skip
def test_a_host_without_a_mirror_stops_the_build(tmp_path: Path, lists: str, asked: list[str]) -> None:
    """With the emitted commands apt's own reading of the lists decides: what it would ask beside the mirrors is named,
    and nothing is asked."""
    words = _dockerfile(tmp_path / "project").partition("&& find /etc/apt")[2].partition("&& apt-get update")[0]
    (tmp_path / "etc" / "sources.list.d").mkdir(parents=True)
    (tmp_path / "etc" / "sources.list.d" / f"a.{'sources' if 'URIs' in lists else 'list'}").write_text(lists)
    (tmp_path / "lists" / "partial").mkdir(parents=True)
    (tmp_path / "apt.conf").write_text(f'Dir::Etc "{tmp_path}/etc";\nDir::State::lists "{tmp_path}/lists";\n')
    script = f"find {tmp_path}/etc{words} && echo goes on"
    environment = {**os.environ, "APT_CONFIG": str(tmp_path / "apt.conf")}
    done = subprocess.run(["sh", "-c", script], env=environment, capture_output=True, text=True)
    assert done.returncode == (1 if asked else 0), done
    assert [line.lower() for line in done.stdout.splitlines()] == ([f"'{host}" for host in asked] or ["goes on"])
    assert ("which have no mirror: name them under mirrors.apt" in done.stderr) == bool(asked)


def test_a_mirror_changes_nothing_else(tmp_path: Path) -> None:
    """An empty root file makes the same files as none."""
    project = write(tmp_path)
    texts, _ = read(find([str(project / "serving.yaml")])[0])
    world = World(lambda wanted: gather(project, wanted), TODAY)
    with_one, without = (analyse(Texts(texts.spec, {}, root), world) for root in (File("r", b"policy: {}\n"), None))
    assert made(with_one.each[0]) == made(without.each[0])
