"""What is wrong with a text: the right code at the right place, all of them in one run."""

from __future__ import annotations

import pytest
import yaml

from servespec.diagnostics.types import Findings
from servespec.source import events, load
from servespec.source.text import MAX_BYTES
from servespec.spans import Span


def places(found: Findings) -> list[tuple[str, int, int]]:
    text = found.document.texts["serving.yaml"]
    starts = [(item.labels[0].span(found.document).start, item.code) for item in found.report.diagnostics]
    positions = [(code, text.position(start)) for start, code in sorted(starts)]
    return [(code, at.line, at.column) for code, at in positions]


def read(text: str | bytes) -> Findings:
    return load("serving.yaml", text.encode() if isinstance(text, str) else text)


# Behind each code: line and column of the primary place.
FATAL = [
    # characters
    (b"a: caf\xe9\n", [("not-utf8", 1, 7)]),
    (b"a: 1\r\nb: \xff\nc: @x\n", [("not-utf8", 2, 4), ("reserved-character", 3, 4)]),
    (b"\x00\x01\x80", [("not-utf8", 1, 3)]),
    (b"a: \xed\xa0\x80\n", [("not-utf8", 1, 4)]),  # a lone surrogate, as UTF-8 would write it
    ("a: 1\n".encode("utf-16"), [("utf16-text", 1, 1)]),
    ("a: 1\n".encode("utf-16-le"), [("utf16-text", 1, 1)]),
    ("a: 1\n".encode("utf-16-be"), [("utf16-text", 1, 1)]),
    ("a: 1\rb: 2\rc: 3\r\n", [("carriage-return", 1, 5)]),
    ("a: x\0y\nb: \x1b[1m\n", [("control-character", 1, 5), ("control-character", 2, 4)]),
    ("a: 1\n\ufeffb: 2\n", [("control-character", 2, 1)]),
    (
        "a: x\u2028y\nb: \x85\nc: \u2029\n",
        [("line-separator", line, column) for line, column in ((1, 5), (2, 4), (3, 4))],
    ),
    (b" " * (MAX_BYTES + 1), [("too-large", 1, 1)]),
    # the whole
    ("", [("empty-spec", 1, 1)]),
    ("# nothing\n", [("empty-spec", 1, 1)]),
    ("---\n", [("empty-spec", 2, 1)]),
    ("- a: 1\n", [("not-a-mapping", 1, 1)]),
    ("hello\n", [("not-a-mapping", 1, 1)]),
    ("a: 1\n---\nb: 1\n", [("several-documents", 2, 1)]),
    ("a: 1\na: 2\n---\n", [("duplicate-key", 2, 1), ("several-documents", 3, 1)]),
    ("a: " + "[" * 200, [("too-deep", 1, 103)]),
    # what stands for something that is not read
    ("a: &x {k: 1}\nb: *x\nc: *x\n", [("yaml-anchor", 1, 4)]),
    ("a: &x {k: 1}\nb:\n  <<: *x\n", [("yaml-merge-key", 3, 3)]),
    ("a: &x {k: 1}\nb:\n  <<: *x\nc: *x\n", [("yaml-anchor", 1, 4), ("yaml-merge-key", 3, 3)]),
    ("a: *hourly\n", [("yaml-alias", 1, 4)]),
    ("a: &a [*a]\n", [("yaml-anchor", 1, 4)]),
    # syntax
    ("name fraud\npattern: x\n", [("missing-colon", 1, 1)]),
    ("a: 1\nname fraud\nb: x\n", [("missing-colon", 2, 1)]),
    ("model\n  format: x\n", [("missing-colon", 1, 1)]),
    ("name:fraud\npattern: x\n", [("missing-space", 1, 1)]),
    ('name: "abc\npattern: x\n', [("unclosed-quote", 1, 7)]),
    ('name: "abc\npattern: "x"\nz: 1\n', [("unclosed-quote", 1, 7)]),
    ('a: "abc\\', [("unclosed-quote", 1, 4)]),
    ("a: 'it's'\n", [("text-after-value", 1, 8)]),
    ("a: 'x' y\n", [("text-after-value", 1, 8)]),
    ("a: [1]]\n", [("text-after-value", 1, 7)]),
    ("a: [1, 2\nb: 3\n", [("unclosed-bracket", 1, 4)]),
    ("a: {x: 1\n", [("unclosed-bracket", 1, 4)]),
    ("a: {x: 1 y: 2}\n", [("missing-comma", 1, 10)]),
    ('{\n"a": 1\n"b": 2\n}\n', [("missing-comma", 3, 1)]),
    ("a:\n    b: 1\n  c: 2\n", [("wrong-indentation", 3, 3)]),
    ("a: x\n  b: 1\n", [("wrong-indentation", 2, 3)]),
    ("  a: 1\nb: 2\n", [("wrong-indentation", 2, 1)]),
    ("a:\n  - x\n  b: 1\n", [("wrong-indentation", 3, 3)]),
    ("a:\n\tb: 1\n", [("tab-indentation", 2, 1)]),
    ("a:\n  b: 1\n\tc: 2\n", [("tab-indentation", 3, 1)]),
    ("a:\n-\tb: 1\n  c: 2\n", [("tab-indentation", 2, 2)]),
    ("a: - b\n", [("list-beside-key", 1, 4)]),
    ("a: b: c\n", [("colon-in-value", 1, 4)]),
    ("a: >=3.11\n", [("reserved-character", 1, 4)]),
    ("a: @x\n", [("reserved-character", 1, 4)]),
    ("a: */5 * * * *\n", [("reserved-character", 1, 4)]),
    ("a: %x\n", [("reserved-character", 1, 4)]),
    ("a: {b: c,, d: e}\n", [("reserved-character", 1, 10)]),
    ("a: {b: *}\n", [("reserved-character", 1, 8)]),
    ('a: "C:\\path"\n', [("bad-escape", 1, 7)]),
    ('a: "\\ud83d"\n', [("bad-escape", 1, 5)]),
    ("a: !x!y 1\n", [("yaml-tag", 1, 4)]),
    ("a: {{ ds }}/x\n", [("template-expression", 1, 4)]),
    ("a: {{ x['y'] }}\n", [("template-expression", 1, 4)]),
    ("a: {% if x %}\n", [("template-expression", 1, 4)]),
    ("a: {interval.start:%Y}/x\n", [("template-expression", 1, 4)]),
    ("a: 1\n<<<<<<< HEAD\nb: 1\n=======\nb: 2\n>>>>>>> main\n", [("merge-conflict", 2, 1)]),
    ("a: 1\nb: 2\n>>>>>>> main\n", [("merge-conflict", 3, 1)]),
    ("a: 1\n||||||| 81e5c22\n=======\nb: 2\n", [("merge-conflict", 2, 1)]),
    ("a: 1\n: b\n", [("key-not-text", 2, 1)]),
    ("a: ? b\n", [("yaml-syntax", 1, 4)]),
]


@pytest.fixture(params=[events._Parser, yaml.SafeLoader], ids=["libyaml", "python"])
def _parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of PyYAML's two parsers, which word their errors differently."""
    monkeypatch.setattr(events, "_Parser", request.param)


@pytest.mark.usefixtures("_parser")
@pytest.mark.parametrize(("text", "expected"), FATAL)
def test_a_text_that_cannot_be_known(text: str | bytes, expected: list[tuple[str, int, int]]) -> None:
    """There is no value, and one finding for each mistake, where a person would look for it."""
    found = read(text)
    assert places(found) == expected
    assert found.document.value is None


READ_ON = [
    ("a: 1\na: 2\na: 3\n", [("duplicate-key", 2, 1), ("duplicate-key", 3, 1)], {"a": 1}),
    ("a:\n  b: 1\n  'b': {c: 1, c: 2}\n", [("duplicate-key", 3, 3), ("duplicate-key", 3, 15)], {"a": {"b": 1}}),
    ("{a: 1, a: [no]}", [("duplicate-key", 1, 8)], {"a": 1}),
    ("1: a\ntrue: b\n~: c\non: d\n12:30: e\n", [("key-not-text", line, 1) for line in range(1, 6)],
     {"1": "a", "true": "b", "~": "c", "on": "d", "12:30": "e"}),
    ("1: a\n'1': b\n", [("duplicate-key", 2, 1), ("key-not-text", 1, 1)], {"1": "a"}),
    ("[a]: 1\n? {b: 1}\n: 2\nc: 3\n", [("collection-as-key", 1, 1), ("collection-as-key", 2, 3)], {"c": 3}),
    ("a: .inf\nb: -.INF\nc: .nan\n", [("number-out-of-range", line, 4) for line in (1, 2, 3)], dict.fromkeys("abc")),
    (f"a: {'9' * 5000}\nb: 1e999\nc: 9223372036854775808\nd: 9223372036854775807\n",
     [("number-out-of-range", line, 4) for line in (1, 2, 3)], {"a": None, "b": None, "c": None, "d": (1 << 63) - 1}),
    ("a: !!str 1.10\nb: !env {x: 1}\nc: ! 12\nd: !!bool maybe\n", [("yaml-tag", line, 4) for line in (1, 2, 3, 4)],
     {"a": "1.10", "b": {"x": 1}, "c": "12", "d": "maybe"}),
    ("a: &x 1\n", [("yaml-anchor", 1, 4)], {"a": 1}),
    ("%YAML 1.2\n%TAG ! x\n---\na: 1\n", [("yaml-directive", 1, 1), ("yaml-directive", 2, 1)], {"a": 1}),
    ("a: {{ ds }}\nb: [{{ x }}, 1]\nc: {interval.start:%Y}\n",
     [("template-expression", 1, 4), ("template-expression", 2, 5), ("template-expression", 3, 4)],
     {"a": "{{ ds }}", "b": ["{{ x }}", 1], "c": "{interval.start:%Y}"}),
]  # fmt: skip


@pytest.mark.usefixtures("_parser")
@pytest.mark.parametrize(("text", "expected", "value"), READ_ON)
def test_a_text_that_later_stages_can_read_on(text: str, expected: list[tuple[str, int, int]], value: object) -> None:
    """The finding is there, and so is the value, so that other mistakes are shown in the same run."""
    found = read(text)
    assert sorted(places(found)) == sorted(expected)
    assert found.document.value == value


def test_both_places_of_a_duplicate_are_shown() -> None:
    """The second is the primary one; the first is named too, and its place stays the route's."""
    found = read("a: 1\nb: 2\na: 3\n")
    second, first = found.report.diagnostics[0].labels
    assert (second.span(found.document).start, first.span(found.document).start) == (10, 0)
    assert found.document.slice(found.document.where[("a",)].value) == "1"


def test_the_anchor_shows_where_it_is_used() -> None:
    """One mistake, however often the anchor is used."""
    found = read("a: &x {k: 1}\nb: *x\nc: [*x]\n")
    labels = found.report.diagnostics[0].labels
    assert [found.document.slice(label.span(found.document)) for label in labels] == ["&x", "*x", "*x"]


def test_mistakes_behind_a_fault_of_syntax_are_found_too() -> None:
    """Each top-level block is read by itself after one that can't be understood."""
    found = read("a: @x\nb: 1\nc: 'x\nd: - y\ne: {k: 1, k: 2}\n1: f\n")
    assert places(found) == [
        ("reserved-character", 1, 4),
        ("unclosed-quote", 3, 4),
        ("list-beside-key", 4, 4),
        ("duplicate-key", 5, 11),
        ("key-not-text", 6, 1),
    ]


def test_the_quotes_that_are_offered_remove_the_problem() -> None:
    """Applying the fix of a key gives a text without findings and the same value."""
    text = "on: 1\n12:30: 2\n1: 3\n"
    found = read(text)
    for problem in reversed(found.report.diagnostics):
        assert problem.fix is not None
        assert problem.fix.safe
        for edit in problem.fix.edits:
            assert isinstance(edit.at, Span)
            text = text[: edit.at.start] + edit.text + text[edit.at.end :]
    assert read(text).report.diagnostics == ()
    assert read(text).document.value == found.document.value


def test_a_flood_of_mistakes_ends() -> None:
    """A hundred findings are enough, and the reader is told that there are more."""
    found = read("".join(f"{number}: x\n" for number in range(5000)))
    assert len(found.report.diagnostics) == 101
    assert found.report.diagnostics[-1].code == "too-many-problems"
    assert "10 more" in read("a: " + "\0 " * 30).report.diagnostics[-1].notes[0]


def test_a_hint_names_our_own_placeholder() -> None:
    """Who writes another system's template learns what to write here."""
    assert "{interval.start:%Y-%m-%d}" in read("batch: {{ ds }}\n").report.diagnostics[0].help


@pytest.mark.parametrize(
    ("text", "is_dated"),
    [
        ("environments: {prod: {batch: {output: {uri: {{ ds }}}}}}\n", True),
        ("environments:\n  prod:\n    batch: # daily\n      output:\n        uri: {{ ds }}/x\n", True),
        ("environments: {prod: {batch: {output: {uri: x}}, owner: {{ team }}}}\n", False),
        ("environments:\n  prod:\n    batch:\n      output: {uri: x}\n    owner: {{ team }}\n", False),
        ("environments: {prod: {owner: {{ team }}}}\n", False),
        ("batch: {output: {uri: x}}\napiVersion: {{ version }}\n", False),
    ],
)
def test_a_hint_of_dates(text: str, is_dated: bool) -> None:
    """The batch of an environment has dates as that of the spec has, and nothing else has."""
    (found,) = read(text).report.diagnostics
    assert (found.code, "interval.start" in found.help) == ("template-expression", is_dated)


@pytest.mark.usefixtures("_parser")
@pytest.mark.parametrize("code", ["uD800", "ud9aB", "udaFF", "uDb00", "udC00", "udDDD", "udeAd", "uDf1F"])
def test_every_code_of_half_a_character(code: str) -> None:
    """A surrogate is shown where it is written, in short or long, whichever parser has read it."""
    for escape in (f"\\{code}", f"\\U0000{code[1:]}"):
        assert places(read(f'a: "x\\u00e9 {escape}"\n')) == [("bad-escape", 1, 13)]


@pytest.mark.usefixtures("_parser")
def test_an_unknown_directive() -> None:
    """One of PyYAML's parsers stops there and the other reads on; the finding is the same."""
    assert places(read("%FOO bar\n---\na: 1\n")) == [("yaml-directive", 1, 1)]


def test_more_values_than_any_spec_has() -> None:
    """The count ends the reading at the value that is one too many, far behind any spec."""
    found = read("a: [" + "1," * 20_000 + "]")
    assert [item.code for item in found.report.diagnostics] == ["too-many-values"]
    assert found.document.value is None
    assert read("a: [" + "1," * 15_000 + "]").report.diagnostics == ()


@pytest.mark.parametrize(
    ("text", "words"), [("", "no field"), ("\n\n", "no field"), ("---\n", "no field"), ("# a\n", "but comments")]
)
def test_an_empty_file_holds_no_comments(text: str, words: str) -> None:
    """A file without a byte is not said to hold comments."""
    (found,) = load("s", text.encode()).report.diagnostics
    assert words in found.labels[0].message


def test_markers_in_a_text_of_its_own() -> None:
    """What looks like git's markers within a block of text is part of that text."""
    text = "a: |\n  <<<<<<< HEAD\n  >>>>>>> main\n"
    assert load("serving.yaml", text.encode()).report.diagnostics == ()
