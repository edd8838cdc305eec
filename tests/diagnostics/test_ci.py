"""The forms that CI systems read: annotations of GitHub, GitLab's report, JUnit's XML."""

from __future__ import annotations

import json
import os
from xml.etree import ElementTree

from hypothesis import example, given
from hypothesis import strategies as st

from servespec.diagnostics import github, gitlab, junit, sarif
from servespec.diagnostics.types import Diagnostic, Findings, Label, Report, error, warning
from servespec.diagnostics.visible import escaped
from servespec.spans import Document, Span, Text
from tests import runner

_TEXT = "a: 1\nb: 2\n"
_EVIL = "x\n::error file=/etc/passwd::gone%0A::stop-commands::y, z\r"


def _found(*items: Diagnostic, path: str = "a.yaml") -> Findings:
    return Findings(Document(path, None, {}, {path: Text(path, _TEXT)}), Report(items))


def _wrong(words: str = "wrong", *, path: str = "a.yaml", start: int = 5) -> Diagnostic:
    return error("some-code", words, Label(Span(path, start, start + 1), "here"), help="mend it")


def test_an_annotation_stands_at_its_line() -> None:
    """A runner shows it in the file, from the first character to the last."""
    line = "::error file=a.yaml,line=2,endLine=2,col=1,endColumn=2,title=some-code::wrong%0Ahere%0Amend it%0A"
    assert github.render([_found(_wrong())]) == f"{line}servespec explain some-code\n"


_ANY = st.lists(st.sampled_from([*"%,=:;]\n\r \x1bé", "0A", "25", "::", "##[", "error"])).map("".join)


@given(path=_ANY, words=_ANY)
@example(path=f"b,line=1::{_EVIL}.yaml", words=_EVIL)
def test_no_value_becomes_a_command(path: str, words: str) -> None:
    """Whatever a spec or a file's name holds, the runner sees one error, in that file, in those words. A file that it
    could not find is named in them."""
    path = f"a{path}.yaml"
    (command,) = runner.commands(github.render([_found(_wrong(words, path=path), path=path)]))
    place = {"file": path, "line": "2", "endLine": "2", "col": "1", "endColumn": "2"} if escaped(path) == path else {}
    assert (command.name, dict(command.properties)) == ("error", {**place, "title": "some-code"})
    named = [] if place else [escaped(f"{path}:2")]
    told = [*named, *filter(None, (escaped(words), "here", "mend it", "servespec explain some-code"))]
    assert command.data == "\n".join(told)


_NO_TEXT = os.fsdecode(b"caf\xe9/serving.yaml")


def test_a_name_that_is_no_text() -> None:
    """A folder may be called by any bytes: an address has them, and what has text alone names no other file."""
    found = [_found(_wrong(path=_NO_TEXT), path=_NO_TEXT)]
    (result,) = json.loads(sarif.render(found))["runs"][0]["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "caf%E9/serving.yaml"
    assert github.render(found).startswith("::error title=some-code::caf\\udce9/serving.yaml:2%0Awrong%0A")
    (issue,) = json.loads(gitlab.render(found))
    assert issue["location"]["path"] == "caf\\udce9/serving.yaml"
    assert ElementTree.fromstring(junit.render(found))[0][0].attrib["name"] == "caf\\udce9/serving.yaml"


def test_a_warning_and_several_lines() -> None:
    """A warning is one; what spans lines has no columns, which the runner would misread."""
    item = warning("w", "old", Label(Span("a.yaml", 0, 7)))
    assert github.render([_found(item)]).startswith("::warning file=a.yaml,line=1,endLine=2,title=w::old")


def test_fingerprints_are_unique_and_stay() -> None:
    """Two findings that are alike differ, and one that moved to another line is the same finding."""
    twice = json.loads(gitlab.render([_found(_wrong(), _wrong(start=0))]))
    assert len({item["fingerprint"] for item in twice}) == 2
    (before,), (after,) = (json.loads(gitlab.render([_found(_wrong(start=start))])) for start in (0, 5))
    assert before["fingerprint"] == after["fingerprint"]
    assert (before["location"]["lines"]["begin"], after["location"]["lines"]["begin"]) == (1, 2)


def test_junit_fails_what_has_errors() -> None:
    """A file with an error fails, one with a warning says it, and one without findings is counted too."""
    warned = warning("w", "old", Label(Span("b.yaml", 0, 1)))
    text = junit.render([_found(_wrong(_EVIL)), _found(warned, path="b.yaml"), _found(path="c.yaml")])
    suite = ElementTree.fromstring(text)[0]
    assert suite.attrib | {"name": ""} == {"name": "", "tests": "3", "failures": "1", "errors": "0", "skipped": "0"}
    bad, odd, good = suite
    (failure,) = bad.iter("failure")
    assert failure.attrib["message"].startswith("a.yaml:2:1: error[some-code]: x\\n::error")
    assert "old" in (odd.findtext("system-out") or "")
    assert [child.tag for child in good] == []
