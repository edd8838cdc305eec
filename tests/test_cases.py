"""Bad specs, each with its codes at the end of the guilty lines: exactly those are found, and nothing else.

A case is a file below `cases/`: `NAME.yaml` with `# error[code]` or `# warning[code]` where the diagnostic points, or
`NAME.yaml.hex` for bytes that no editor would keep, with `# line N: error[code]` above its hexadecimal digits; or a
folder of that kind, whose `serving.yaml` is the spec, with its overlays and maybe a root file and a lock beside it. The files that the specs name are
in `cases/_project`. Beside the cases stands in `said.txt` what a person is told about each; `SERVESPEC_UPDATE_GOLDENS=1`
writes it anew: read the difference as that person would.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from servespec.checks.registry import RULES, rules_about
from servespec.diagnostics.locate import Extent, locate
from servespec.edge.gather import gather
from servespec.pipeline import Analyses, File, Texts, World, analyse

_CASES = Path(__file__).parent / "cases"
_PROJECT = _CASES / "_project"
_SPEC = "serving.yaml"
_ROOT = "servespec.yaml"
_LOCK = "serving.lock"
_FILES = sorted(path for path in _CASES.glob("*/*") if path.suffixes[:1] == [".yaml"])
_FOLDERS = sorted(path.parent for path in _CASES.glob(f"*/*/{_SPEC}") if path.parent.parent != _PROJECT)
_TODAY = "2026-11-23"
_MARK = re.compile(r"# (error|warning)\[([a-z0-9-]+)\]")
_SAID = "said.txt"
_UPDATE = os.environ.get("SERVESPEC_UPDATE_GOLDENS") == "1"
_HEX_MARK = re.compile(r"# line ([0-9]+): (error|warning)\[([a-z0-9-]+)\]")

Expected = Counter[tuple[str, int, str, str]]


def _read(path: Path) -> tuple[Texts, Expected]:
    """A case's texts, and file, line, severity and code of each diagnostic that it must give."""
    if path.is_dir():
        files = {item.name: item.read_bytes() for item in sorted(path.iterdir())}
        beside = [name for name in files if name.startswith("serving.") and name not in (_SPEC, _LOCK)]
        overlays = {name.removeprefix("serving.").removesuffix(".yaml"): File(name, files[name]) for name in beside}
        marks = Counter(mark for name, data in files.items() for mark in _marks(name, data))
        root = File(_ROOT, files[_ROOT]) if _ROOT in files else None
        lock = File(_LOCK, files[_LOCK]) if _LOCK in files else None
        return Texts(File(_SPEC, files[_SPEC]), overlays, root, lock), marks
    if path.suffix == ".hex":
        lines = path.read_text().splitlines()
        found = [match for line in lines if (match := _HEX_MARK.fullmatch(line))]
        data = bytes.fromhex("".join(line for line in lines if not line.startswith("#")))
        return Texts(File(_SPEC, data)), Counter((_SPEC, int(mark[1]), mark[2], mark[3]) for mark in found)
    return Texts(File(_SPEC, path.read_bytes())), Counter(_marks(_SPEC, path.read_bytes()))


def _analysed(texts: Texts) -> Analyses:
    return analyse(texts, World(lambda paths: gather(_PROJECT, paths), _TODAY))


def _marks(name: str, data: bytes) -> Iterator[tuple[str, int, str, str]]:
    for number, line in enumerate(data.decode().split("\n"), 1):
        yield from ((name, number, severity, code) for severity, code in _MARK.findall(line))


@pytest.mark.parametrize(
    "path", [*_FILES, *_FOLDERS], ids=lambda path: f"{path.parent.name}/{path.name.partition('.')[0]}"
)
def test_a_case_gives_what_it_says(path: Path) -> None:
    """Every mistake of a spec is found in one run, at its line, with its code and severity, and no other."""
    texts, expected = _read(path)
    analyses = _analysed(texts)
    found = Counter(
        (item.primary.path, item.primary.start.line, item.diagnostic.severity.value, item.diagnostic.code)
        for item in locate(analyses.findings)
    )
    assert found == expected
    assert analyses.ok == all(severity == "warning" for _, _, severity, _ in expected)


def test_every_rule_has_a_case() -> None:
    """A rule without a bad spec could stop working unnoticed."""
    shown = {code for path in _FILES for _, _, _, code in _read(path)[1]}
    assert {rule.CODE for rule in RULES.values()} - shown == set()


def test_there_are_many_cases() -> None:
    """The folders are walked: a wrong path here would make every other test pass."""
    assert len(_FILES) >= 60
    assert len(_FOLDERS) >= 5


@pytest.mark.parametrize(
    "path", [*_FILES, *_FOLDERS], ids=lambda path: f"{path.parent.name}/{path.name.partition('.')[0]}"
)
def test_a_rule_that_is_not_asked_would_find_nothing(path: Path) -> None:
    """Rules about what a spec does not say are not loaded; they must have nothing to say of it either."""
    analyses = _analysed(_read(path)[0])
    for analysis in analyses.each:
        if analysis.deployment is not None:
            asked = {rule.CODE for rule in rules_about(analysis.deployment)}
            silent = [rule for rule in RULES.values() if rule.CODE not in asked]
            assert [rule.CODE for rule in silent if list(rule.check(analysis.deployment, analysis.facts))] == []


def _said(path: Path) -> Iterator[str]:
    """A line for each finding of a case: where it stands, the headline, each place and what is there, help and fix."""
    for item in locate(_analysed(_read(path)[0]).findings):
        found = item.diagnostic
        labels = (f"{_place(at)} {label.message}" for at, label in zip(item.labels, found.labels, strict=True))
        edits = zip(item.edits, found.fix.edits, strict=True) if found.fix else ()
        fixes = (f"fix: {found.fix and found.fix.title} {_place(at)} {edit.text!r}" for at, edit in edits)
        words = (found.headline, *labels, *found.notes, found.help, *fixes)
        yield f"{path.name.partition('.')[0]}:{item.primary.start.line}: {' | '.join(filter(None, words))}\n"


def _place(extent: Extent) -> str:
    """Line and columns; of another file than the spec, its name too."""
    file = "" if extent.path == _SPEC else f"{extent.path}:"
    start, end = extent.start, extent.end
    return f"{file}{start.line}:{start.column}-{end.column if end.line == start.line else f'{end.line}:{end.column}'}"


@pytest.mark.parametrize(
    "folder", sorted({path.parent for path in [*_FILES, *_FOLDERS]}), ids=lambda folder: folder.name
)
def test_what_is_said_stays(folder: Path) -> None:
    """Every word that a person reads about a mistake was once read in review, and does not change by accident."""
    said = "".join(line for path in [*_FILES, *_FOLDERS] if path.parent == folder for line in _said(path))
    if _UPDATE:
        (folder / _SAID).write_text(said, encoding="utf-8")
    assert (folder / _SAID).read_text(encoding="utf-8") == said
