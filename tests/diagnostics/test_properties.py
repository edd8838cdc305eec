"""What holds for any findings in any text, in every form."""

from __future__ import annotations

import json
import re
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from servespec.diagnostics import formats
from servespec.diagnostics.formats import Options
from servespec.diagnostics.locate import locate
from servespec.diagnostics.types import Diagnostic, Edit, Findings, Fix, Label, Report, Severity
from servespec.diagnostics.visible import cells
from servespec.spans import Document, Span, Text

NASTY = "\t\r\x00\x1b\x07\x7f\x85\x9b\u061c\u200b\u200d\u202a\u202e\u2066\u2028\u3164\ufe0f\ufeff\ud800\U000e0041"
WIDE = "模é\u0301한\u1112\u1161\u11ab\U0001f600"
texts = st.text(st.sampled_from(NASTY + WIDE + "\n\nab :") | st.characters(), max_size=60)
lines = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), min_size=1, max_size=60)
PATHS = ("a.yaml", "b\x1b[2J.yaml", "missing.yaml")
spans = st.builds(Span, st.sampled_from(PATHS), st.integers(-3, 70), st.integers(-3, 70))
labels = st.builds(Label, spans, texts)
fixes = st.builds(Fix, texts, st.lists(st.builds(Edit, spans, texts), max_size=2).map(tuple))
diagnostics = st.builds(
    Diagnostic,
    st.sampled_from(("unknown-field", "bad-value")),
    st.sampled_from(Severity),
    texts,
    st.lists(labels, min_size=1, max_size=4).map(tuple),
    help=texts,
    notes=st.lists(texts, max_size=2).map(tuple),
    fix=st.none() | fixes,
)
findings = st.builds(
    lambda a, b, items: Findings(
        Document(PATHS[0], None, {}, {PATHS[0]: Text(PATHS[0], a), PATHS[1]: Text(PATHS[1], b)}),
        Report(items),
    ),
    texts,
    texts,
    st.lists(diagnostics, max_size=4).map(tuple),
)

HOSTILE = Diagnostic(
    "bad-value",
    Severity.ERROR,
    NASTY,
    (Label(Span(PATHS[1], 2, 4), NASTY), Label(Span(PATHS[0], 0, 1), NASTY)),
    help=f"{NASTY}\n{NASTY}",
    notes=(NASTY,),
    fix=Fix(NASTY, (Edit(Span(PATHS[1], 2, 4), NASTY),)),
)
EVERYWHERE = Findings(Document(PATHS[0], None, {}, {path: Text(path, NASTY) for path in PATHS}), Report((HOSTILE,)))

# Written by hand from ECMA-48, UAX #9 and UAX #44, so that it does not share a mistake with the code.
FORBIDDEN = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e0fff]"
)
OUR_COLOURS = re.compile(r"\x1b\[(?:0|1|1;3[1346])m")


@pytest.mark.parametrize("name", formats.FORMATS)
@example(found=EVERYWHERE, color=False, width=80)
@given(found=findings, color=st.booleans(), width=st.integers(-5, 200))
def test_no_trick_reaches_the_terminal(name: str, found: Findings, color: bool, width: int) -> None:
    """Nothing raises, everything can be encoded, and only our own colour codes and line ends are controls."""
    rendered = formats.render(name, [found], Options(color, width))
    assert not FORBIDDEN.search(OUR_COLOURS.sub("", rendered) if color else rendered)
    assert rendered.endswith("\n") or rendered == ""
    rendered.encode()


@given(found=findings)
def test_every_finding_once_and_in_order(found: Findings) -> None:
    """The findings come by file and place, none twice, none lost, and every extent lies in its file."""
    located = locate([found, found])
    assert all(before.identity < after.identity for before, after in pairwise(located))
    assert {item.diagnostic.headline for item in located} == {i.headline for i in found.report.diagnostics}
    for item in located:
        for extent in (*item.labels, *item.edits):
            assert 0 <= extent.span.start <= extent.span.end <= len(extent.text.content)


@given(found=findings)
def test_the_gravest_of_the_same_stays(found: Findings) -> None:
    """Where an error and a warning are otherwise the same, the error is what is shown."""
    items = [Findings(found.document, Report(tuple(_with(i, s) for i in found.report.diagnostics))) for s in Severity]
    assert all(item.diagnostic.severity is Severity.ERROR for item in locate(items[::-1]))


@given(found=findings)
def test_byte_ranges_cut_the_same_piece(found: Findings) -> None:
    """The JSON parses, and its bytes, lines and columns all mean the same piece of the UTF-8 text."""
    answer = json.loads(formats.render("json", [found], Options()))
    for item, located in zip(answer["diagnostics"], locate([found]), strict=True):
        for label, extent in zip(item["labels"], located.labels, strict=True):
            content = extent.text.content
            piece = content[extent.span.start : extent.span.end]
            start, end = label["range"]["start"], label["range"]["end"]
            raw = content.encode("utf-8", "surrogatepass")[start["byte"] : end["byte"]]
            assert raw == piece.encode("utf-8", "surrogatepass")
            rows = content.split("\n")
            begin = sum(len(row) + 1 for row in rows[: start["line"] - 1]) + start["column"] - 1
            assert content[begin : begin + len(piece)] == piece
    assert sum(answer["summary"].values()) == len(answer["diagnostics"])


@given(line=lines, data=st.data())
def test_the_caret_stands_at_the_reported_column(line: str, data: st.DataObject) -> None:
    """In the long form the first caret is where the column says, and there is one for each character."""
    start = data.draw(st.integers(0, len(line)))
    end = data.draw(st.integers(start, len(line)))
    source, carets, column = _shown(line, start, end, width=200)
    assert source == line.rstrip()
    assert (len(carets) - len(carets.lstrip()), carets.count("^")) == (column - 1, max(1, end - start))


@given(before=texts, data=st.data(), width=st.integers(30, 90))
def test_windows_show_what_is_marked(before: str, data: st.DataObject, width: int) -> None:
    """However the line is cut, it fits the terminal, and the carets begin under the marked characters."""
    line = before.replace("\n", "") * 3 + "BAD" + data.draw(texts).replace("\n", "")
    start = line.index("BAD")
    source, carets, _ = _shown(line, start, start + 3, width=width)
    assert cells(source) <= width - len("1 | ")
    indent = len(carets) - len(carets.lstrip())
    assert carets.strip() == "^^^"
    assert any(cells(source[:i]) == indent and source[i:].startswith("BAD") for i in range(len(source)))


def _shown(line: str, start: int, end: int, *, width: int) -> tuple[str, str, int]:
    """The source line and the carets without the frame, and the column that is reported."""
    document = Document("a", None, {}, {"a": Text("a", line)})
    item = Diagnostic("x", Severity.ERROR, "x", (Label(Span("a", start, end)),))
    rows = formats.render("text", [Findings(document, Report((item,)))], Options(width=width)).splitlines()
    return rows[3].removeprefix("1 |")[1:], rows[4].removeprefix("  | "), int(rows[1].rpartition(":")[2])


def _with(item: Diagnostic, severity: Severity) -> Diagnostic:
    return Diagnostic(item.code, severity, item.headline, item.labels, item.help, item.notes, item.fix)
