"""The harness that lets coverage lead: atheris runs for some seconds, and a planted bug is found and made small."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from trust import atheris
from trust.fuzzing.corpus import SPEC, Case, corpus
from trust.fuzzing.guided import Guided, Watch
from trust.fuzzing.trial import Answer
from trust.rows import Scale

_PLANTED = """\
import os
import signal
import sys

sys.path[0] = {root!r}
from pathlib import Path

from servespec.diagnostics import suggest
from trust.fuzzing import guided

rank = suggest._rank

def planted(word, name):
    if "qq" in word:
        raise KeyError("planted")
    return rank(word, name)

look = guided.Watch.look

def seen(watch, data):
    look(watch, data)
    if watch.found.exists():
        os.kill(os.getpid(), signal.SIGUSR1)  # libFuzzer ends in order

suggest._rank, guided.Watch.look = planted, seen
guided.TEXT = (lambda rng, data: data + b"qq: 1\\n", *guided.TEXT)
guided.main(int(sys.argv[1]), Path(sys.argv[2]))
"""


def _ask(case: Case) -> Answer:
    return Answer(wrong="KeyError in servespec/diagnostics/suggest.py:x" if b"qq" in case.files[SPEC] else "")


def test_an_input_is_a_spec_in_its_project(tmp_path: Path) -> None:
    """All specs are sown, each to be read again where its files are."""
    cases = corpus()
    inputs = Guided(cases)
    inputs.sow(tmp_path / "reached")
    sown = [inputs.case(path.read_bytes()) for path in (tmp_path / "reached").iterdir()]
    assert {(case.project, case.files[SPEC]) for case in sown} == {(case.project, case.files[SPEC]) for case in cases}
    assert inputs.case(b"").files[SPEC] == b""


def test_each_wrong_answer_is_written_down_once(tmp_path: Path) -> None:
    """What is wrong is written with its input when it is seen for the first time, and nothing else is."""
    watch = Watch(Guided(corpus()), tmp_path / "found.jsonl", _ask)
    for data in (b"\0a: 1", b"\0qq: 1", b"\1qq: 2"):
        watch.look(data)
    (line,) = (tmp_path / "found.jsonl").read_text().splitlines()
    assert json.loads(line) == {"wrong": _ask(watch.inputs.case(b"\0qq")).wrong, "input": b"\0qq: 1".hex()}


@pytest.mark.e2e
def test_a_planted_bug_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Specs are tried, some reach something new, and what raises is told."""
    if not atheris.PYTHON.exists():
        pytest.skip("no .e2e/atheris here: run `make e2e-ready`")
    program = tmp_path / "planted.py"
    program.write_text(_PLANTED.format(root=str(Path(__file__).parents[2])))
    monkeypatch.setattr(atheris, "_QUICK", 300)  # a busy machine may need a while; once it is found that is the end
    (row,) = atheris.run(Scale.QUICK, program=program)
    assert row.found == len(row.details) == 1
    assert "KeyError in servespec/" in row.details[0]
    assert not row.tried.startswith("0 specs")
