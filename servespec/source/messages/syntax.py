"""Findings about text that is not YAML."""

from __future__ import annotations

from servespec.diagnostics.types import Diagnostic, Edit, Fix, Label, error
from servespec.source.messages.shown import shown
from servespec.spans import Span


def yaml_syntax(span: Span) -> Diagnostic:
    """The text is not YAML from here on, for a reason that has no page of its own.

    Nothing behind this place could be understood.

    Bad:
        model: ? x
    Good:
        model: x
    """
    return error(
        "yaml-syntax",
        "the text can't be understood from here on",
        Label(span, "not expected here"),
        help="look for a missing quote, bracket, comma or colon here and above; quote text with signs in it",
    )


def missing_colon(span: Span, line: str) -> Diagnostic:
    """A line stands where a field is needed, and has no colon.

    A field is `name: value`. A line that continues a text must be indented deeper than the name of that text.

    Bad:
        name fraud-detector
        pattern: realtime
    Good:
        name: fraud-detector
        pattern: realtime
    """
    return error(
        "missing-colon",
        f"a colon is missing: {shown(line)}",
        Label(span, "no `:` here"),
        help="write `name: value`; indent a line that continues a text, and write `- ` before an item",
    )


def missing_space(span: Span, start: str) -> Diagnostic:
    """There is no space after the colon of a field.

    Without the space, `name:value` is one word.

    Bad:
        name:fraud-detector
        pattern: realtime
    Good:
        name: fraud-detector
        pattern: realtime
    """
    return error(
        "missing-space",
        f"a space is missing after {shown(start)}",
        Label(span, "one word with what follows"),
        help=f"write a space after {shown(start)}",
        fix=Fix("Put a space after the colon", (Edit(Span(span.path, span.end, span.end), " "),), safe=False),
    )


def missing_comma(span: Span, word: str, opening: Span) -> Diagnostic:
    """Between brackets or braces something stands where a comma is needed.

    Items of `[…]` and fields of `{…}` are separated by commas; a text with signs in it needs quotes there.

    Bad:
        model: {format: onnx uri: ./model.onnx}
    Good:
        model: {format: onnx, uri: ./model.onnx}
    """
    return error(
        "missing-comma",
        f"a comma is missing before {shown(word)}",
        Label(span, "not expected here"),
        Label(opening, "opened here"),
        help="separate items and fields with `, `, and put quotes around text that has `:`, brackets or braces in it",
    )


def unclosed_bracket(span: Span, bracket: str) -> Diagnostic:
    """A bracket or brace is never closed.

    Everything up to the end of the file belongs to it then.

    Bad:
        targets: [docker, compose
        name: fraud-detector
    Good:
        targets: [docker, compose]
        name: fraud-detector
    """
    return error(
        "unclosed-bracket",
        f"`{bracket}` is never closed",
        Label(span, "opened here"),
        help=f"close it with `{dict(zip('[{', ']}', strict=True)).get(bracket, bracket)}`",
    )


def tab_indentation(span: Span) -> Diagnostic:
    """A line is indented with a tab.

    YAML allows only spaces, because a tab is as wide as each editor likes.

    Bad:
        model:
        \tformat: onnx
    Good:
        model:
          format: onnx
    """
    return error(
        "tab-indentation",
        "a tab can't indent a line",
        Label(span, "a tab"),
        help="indent with spaces, two for each level",
    )


def wrong_indentation(span: Span) -> Diagnostic:
    """A line is indented like no line above it that it could belong to.

    Fields of one block start in the same column, and the items of a list too.

    Bad:
        model:
            format: onnx
          uri: ./model.onnx
    Good:
        model:
          format: onnx
          uri: ./model.onnx
    """
    return error(
        "wrong-indentation",
        "this line lines up with no block above it",
        Label(span, "starts in the wrong column"),
        help="indent it like its siblings; a value above that is already complete can have nothing below it",
    )


def list_beside_key(span: Span) -> Diagnostic:
    """A list starts on the line of its key.

    Each item of a list stands on a line of its own, or all of them in brackets.

    Bad:
        targets: - docker
    Good:
        targets:
          - docker
    """
    return error(
        "list-beside-key",
        "a list can't start on the line of its key",
        Label(span, "an item"),
        help="put it on the next line, or the whole list in brackets: `[a, b]`; put quotes around a text",
    )


def merge_conflict(span: Span) -> Diagnostic:
    """Git could not merge two changes of the file, and left both in it, between markers.

    What is meant is only known when one of them, or what is right of both, is left.

    Bad:
        name: fraud-detector
        <<<<<<< HEAD
        release: 1.4.0
        =======
        release: 1.5.0
        >>>>>>> main
    Good:
        name: fraud-detector
        release: 1.5.0
    """
    return error(
        "merge-conflict",
        "a merge conflict is unresolved",
        Label(span, "git's marker"),
        help="keep what is right of both sides; take the lines with `<<<<<<<`, `|||||||`, `=======` and `>>>>>>>` out",
    )
