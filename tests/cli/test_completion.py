"""`servespec completion`: scripts that real shells take, and that complete."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from servespec.cli.completion import SHELLS
from servespec.cli.main import run
from tests.projects import SPEC, write

_ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("shell", SHELLS)
def test_each_shell_has_a_script(shell: str, capfd: pytest.CaptureFixture[str]) -> None:
    """The script asks servespec itself for words, by the variable that servespec answers to."""
    assert run(["completion", shell]) == 0
    assert f"_SERVESPEC_COMPLETE={shell}_complete" in capfd.readouterr().out


def test_an_unknown_shell_is_refused(capfd: pytest.CaptureFixture[str]) -> None:
    """Another shell is wrong usage, and the known ones are named."""
    assert run(["completion", "tcsh"]) == 2
    message = capfd.readouterr().err
    assert all(shell in message for shell in SHELLS)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("servespec bu", {"build"}),
        ("servespec ex", {"explain"}),
        ("servespec build --ch", {"--check"}),
        ("servespec init --na", {"--name"}),
        ("servespec validate --format js", {"json"}),
        ("servespec completion z", {"zsh"}),
        ("servespec explain unpinned-im", {"unpinned-image"}),
        ("servespec explain runtime.work", {"runtime.workers"}),
        ("servespec build -t kub", {"kubernetes"}),
        ("servespec build -e pro", {"production"}),
        ("servespec validate serving.yaml -e sta", {"staging"}),
        ("servespec show serving.yaml --env p", {"production"}),
        ("servespec build nowhere -e p", set()),
    ],
)
def test_bash_completes(tmp_path: Path, line: str, words: set[str]) -> None:
    """A real bash that has read the script offers the words that fit what was typed."""
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("bash is not installed")
    write(tmp_path, SPEC + "environments: {production: {}, staging: {}}\n")
    program = tmp_path / "servespec"
    program.write_text(f"#!{sys.executable}\nfrom servespec.cli.main import main\nmain()\n")
    program.chmod(0o755)
    script = (
        'eval "$(servespec completion bash)"\n'
        f"COMP_WORDS=({line}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); _servespec_completion servespec\n"
        'printf "%s\\n" "${COMPREPLY[@]}"\n'
    )
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    env = {**os.environ, "PATH": path, "PYTHONPATH": str(_ROOT)}
    done = subprocess.run([bash, "-c", script], cwd=tmp_path, env=env, capture_output=True, text=True, check=True)
    assert words == set(done.stdout.split())
