"""What is said of a text that can't be read, word for word, with every place that is shown and every fix.

`said.txt` has it for the texts below; `SERVESPEC_UPDATE_GOLDENS=1` writes it anew: read the difference as the person
would who wrote the text.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from servespec.diagnostics.types import Findings, Label
from servespec.source import load
from servespec.source.text import MAX_BYTES

_SAID = Path(__file__).with_name("said.txt")
_UPDATE = os.environ.get("SERVESPEC_UPDATE_GOLDENS") == "1"

TEXTS: dict[str, str | bytes] = {
    "latin": b"a: 1\r\nb: caf\xe9\n",
    "utf-16": "a: 1\n".encode("utf-16"),
    "utf-16-le": "a: 1\n".encode("utf-16-le"),
    "utf-16-be": "a: 1\n".encode("utf-16-be"),
    "carriage return": "a: 1\rb: 2\r\n",
    "carriage returns": "a: 1\rb: 2\rc: 3\r\n",
    "controls": "a: \0x\x08\nb: \x0c\x1b\x7f\x0b\x0e\x1f\x80\x84\x86\x9f \ufeff \ufffe \uffff\n",
    "controls beyond counting": "".join(f"- {chr(0)}{number}\n" for number in range(22)),
    "controls just counted": "".join(f"- {chr(0)}{number}\n" for number in range(20)),
    "named controls": "a: \0 \x08 \x0c \x1b \x7f \ufeff\n",
    "controls and more": "a: \0x\u2028\u2028\nb: 1\nb: 2\n",
    "separators": "a: x\u2028y\u2028\u2028\nb: \x85\nc: \u2029\n",
    "too large": b" " * (MAX_BYTES + 1),
    "empty": "",
    "comments": "# a\n",
    "blank lines": "\n\n",
    "a start": "---\n# a\n",
    "list": "- a: 1\n- b\n",
    "flow list": "[a,\n b]\n",
    "word": "hello\n",
    "number": "12\n",
    "several": "a: 1\n---\nb: 1\n",
    "deep": "a: " + "[" * 200,
    "too many values": "a: [" + "1," * 100_000 + "]",
    "too many problems": "".join(f"{number}: x\n" for number in range(102)),
    "anchor": "a: &x {k: 1}\nb: *x\nc: [*x]\n",
    "anchor that is given again": "a: &x 1\nb: *x\nc: &x 2\nd: *x\n",
    "anchor of many uses": "a: &x 1\nb: [*x, *x, *x, *x, *x, *x]\n",
    "anchor of very many uses": f"a: &x 1\nb: [{', '.join(['*x'] * 30)}]\n",
    "many anchors": f"a: [{', '.join(f'&x{number} 1' for number in range(30))}]\n",
    "anchor of five uses": "a: &x 1\nb: [*x, *x, *x, *x, *x]\n",
    "idle anchor": "a: &x-1 1\n",
    "unknown alias": "a: *hourly\n",
    "alias before its anchor": "a: *x\nb: &x 1\n",
    "merge": "a: &x {k: 1}\nb:\n  <<: *x\n  c: 1\n",
    "merge of an unknown one": "a:\n  <<: *x\n",
    "merge of a map": "a:\n  <<: {b: 1, b: 2}\n",
    "merge twice": "a: &x {k: 1}\nb: {<<: *x}\nc: {<<: *x}\n",
    "merge and use": "a: &x {k: 1}\nb: {<<: *x}\nc: *x\n",
    "quoted merge": "a: {'<<': 1}\n",
    "tags": "a: !!str 1.10\nb: !env {x: 1}\nc: ! 12\nd: !<tag:x,1> e\nf: !!map\n  g: 1\n",
    "tag and anchor": "a: !!str &x # why\n  b\nc: &y\n  - !t &z d\n",
    "anchor and tag": "a: &x\n  # !why &not\n  !!str b\nc: &a!b 1\nd: &y !<x,&z> [\u00a0e]\nf: !g\u3000\n",
    "tag in a list": "a: [!x,1]\nb: {!y z: 1}\n",
    "directives": "%YAML 1.2\n%TAG ! x\n---\na: 1\n",
    "merge conflict": "a: 1\n<<<<<<< HEAD\nb: 1\n=======\nb: 2\n>>>>>>> main\n",
    "templates": "a: {{ ds }}\nb: [{{ x }}, 1]\nc: {interval.start:%Y}\n",
    "template in a text": "a: {{ ds }}/x\n",
    "template block": "a: {% if x %}\n",
    "template with quotes": "a: {{ x['y'] }}\n",
    "duplicates": "a: 1\na: 2\na: 3\n",
    "duplicate below": "a:\n  b: 1\n  'b': {c: 1, c: 2}\n",
    "keys": "1: a\ntrue: b\n~: c\non: d\n12:30: e\n1e999: f\n",
    "long key": f"{'1' * 60}: a\n{'2' * 46}: b\n",
    "collections as keys": "[a]: 1\n? {b: 1}\n: 2\n? *x\n: 1\nc: 3\n",
    "numbers": f"a: .inf\nb: {'9' * 5000}\nc: 9223372036854775808\nd: -9223372036854775809\n",
    "no colon": "name fraud\npattern: x\n",
    "no colon before a block": "model\n  format: x\n",
    "no space": "name:fraud\npattern: x\n",
    "no space in a name with signs": "fraud-detector.v_1:x\npattern: x\n",
    "colon before a name": ":fraud\npattern: x\n",
    "no space behind others": "a: 1\nname:fraud\nb: 2\n",
    "open quote": 'name: "abc\npattern: x\n',
    "open single quote": "name: 'abc\npattern: x\n",
    "open quote closed by the next": 'name: "abc\npattern: "x"\nz: 1\n',
    "open quote and backslash": 'a: "abc\\',
    "open quote behind an escape": 'a: "x\\ty\nb: 1\n',
    "unknown escape at the end": 'a: "\\q',
    "quote in a quote": "a: 'it's'\n",
    "after a quote": "a: 'x' y\n",
    "after double quotes": 'a: "x" y\n',
    "after a list": "a: [1]]\n",
    "open list": "a: [1, 2\nb: 3\n",
    "open list without items": "a: [\n\n",
    "open list in a map": "a: {x: 1}\nb: {x: [y, # ] }\n  z, \n",
    "open map without fields": "a: []\nb: {\n# }\n",
    "open list and a comment": "a: [#]\n",
    "open list with a bracket in quotes": 'a: ["]",\n',
    "open list and an anchor": "a: [&\n",
    "closed by another": "a: {x: 1]\n",
    "closed twice": "a: [1]\n]\n",
    "map closed twice": "a: {x: 1}\n}\n",
    "no comma between quotes": "a: ['x' 'y']\n",
    "open map": "a: {x: 1\n",
    "open list to the end": "a: [1, 2",
    "no comma": "a: {x: 1 y: 2}\n",
    "no comma in a list": "a: [x: 1 y: 2]\n",
    "no comma in JSON": '{\n"a": 1\n"b": 2\n}\n',
    "indented less": "a:\n    b: 1\n  c: 2\n",
    "indented more": "a: x\n  b: 1\n",
    "indented first": "  a: 1\nb: 2\n",
    "key in a list": "a:\n  - x\n  b: 1\n",
    "tab": "a:\n\tb: 1\n",
    "tab in a block": "a:\n  b: 1\n\t\tc: 2\n",
    "tab in a list": "a:\n-\tb: 1\n  c: 2\n",
    "list beside a key": "a: - b\n",
    "colon in a value": "a: b: c\n",
    "comparison": "a: >=3.11\n",
    "star and tab": "a: *\tb\n",
    "bracket": "a:\n  b: ]\n",
    "version of YAML": "%YAML 9\n---\na: 1\n",
    "unknown directive": "%FOO bar\n---\na: 1\n",
    "at": "a: @x\n",
    "backtick": "a: `x`\n",
    "cron": "a: */5 * * * *\n",
    "cron between brackets": "a: {b: @daily, c: Europe/Berlin }\n",
    "cron with a comma between brackets": "a: { b: */5 1,15 * * * }\n",
    "cron with a comma": "a: */5 1, 15 * * *\n",
    "star between brackets": "a: {b: *}\n",
    "two commas": "a: {b: c,, d: e}\n",
    "percent": "a: %x\n",
    "comma": "a: ,x\n",
    "path": 'a: "C:\\path"\n',
    "surrogate": 'a: "\\ud83d"\n',
    "long surrogate": 'a: "\\U0000dFFF"\n',
    "half of a code": 'a: "\\x1"\n',
    "impossible code": 'a: "\\UFFFFFFFF"\n',
    "double tag": "a: !x!y 1\n",
    "no key": "a: 1\n: b\n",
    "question": "a: ? b\n",
    "one after the other": "a: @x\nb: 1\nc: 'x\nd: - y\ne: {k: 1, k: 2}\n1: f\n",
    "every kind of key": "a: @a\nZ: @b\n\"c\": @c\n'd': @d\nA:\n  x: @e\n\ny: @f\n",
    "a fault in a list of JSON": '["a", @x,\n"b": {"c": 1, "c": 2}]\n',
    "a fault in JSON": '{"a": @x,\n"b": 1}\n"c": - d\n',
    "long text": f"a: @{'x' * 47}\nb: *{'x' * 47}\n",
    "long word": f"a: {'x' * 100}: y\n",
    "control in what is shown": 'a: "\\\u202ex"\n',
}


def _said(found: Findings) -> Iterator[str]:
    for item in found.report.diagnostics:
        yield f"{item.severity.value}[{item.code}] {item.headline}"
        yield from (f"  {_place(label, found)} {label.message}" for label in item.labels)
        yield from (f"  note: {note}" for note in item.notes)
        yield f"  help: {item.help}"
        for edit in item.fix.edits if item.fix else ():
            assert item.fix is not None
            place = _place(Label(edit.at, ""), found)
            yield f"  {'fix' if item.fix.safe else 'unsafe fix'}: {item.fix.title}: {place} {edit.text!r}"


def _place(label: Label, found: Findings) -> str:
    span, text = label.span(found.document), found.document.texts["serving.yaml"]
    start, end = text.position(span.start), text.position(span.end)
    return f"{start.line}:{start.column}-{end.line}:{end.column}"


def _section(name: str) -> str:
    text = TEXTS[name]
    found = load("serving.yaml", text.encode() if isinstance(text, str) else text)
    lines = list(_said(found))
    # Of many that are alike the last are enough.
    return "".join(f"{line}\n" for line in (lines if len(lines) < 50 else lines[-8:]))


def _written() -> dict[str, str]:
    sections = re.split("^# ", _SAID.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    return {name: text for name, _, text in (section.partition("\n") for section in sections)}


def test_every_text_is_written_down() -> None:
    """The file has a section for each text, in their order, and no other."""
    if _UPDATE:
        _SAID.write_text("".join(f"# {name}\n{_section(name)}" for name in TEXTS), encoding="utf-8")
    assert list(_written()) == list(TEXTS)


@pytest.mark.parametrize("name", TEXTS)
def test_what_is_said_stays(name: str) -> None:
    """Words, places and fixes are those that were read in review."""
    assert _section(name) == _written()[name]
