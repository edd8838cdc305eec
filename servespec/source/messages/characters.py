"""Findings about bytes and characters, before YAML begins."""

from __future__ import annotations

from servespec.diagnostics.types import Diagnostic, Label, error
from servespec.spans import Span

_NAMES = {
    0x00: "NUL",
    0x08: "backspace",
    0x0C: "form feed",
    0x1B: "escape",
    0x7F: "delete",
    0x85: "next line",
    0x2028: "line separator",
    0x2029: "paragraph separator",
    0xFEFF: "byte order mark",
}


def too_large(span: Span, size: int, limit: int) -> Diagnostic:
    """The file is larger than 1 MiB.

    A spec is a few hundred lines. A file of this size is something else, often a model or a log that was named
    by mistake.

    Bad:
        # two megabytes of data
        apiVersion: servespec/v1
    Good:
        # a spec, with the data in files of its own that it names
        apiVersion: servespec/v1
    """
    return error(
        "too-large",
        f"the file has {size:,} bytes; at most {limit:,} are read",
        Label(span, "this file"),
        help="keep data, models and code in files of their own and name their paths in the spec",
    )


def not_utf8(span: Span, byte: int) -> Diagnostic:
    """The file holds bytes that are not UTF-8.

    The same bytes are different letters in different encodings, so what was meant can't be known. Nearly always
    the file was saved as Latin-1 or Windows-1252.

    Bad:
        # saved as Windows-1252
        owner: René
    Good:
        # saved as UTF-8
        owner: René
    """
    return error(
        "not-utf8",
        "the file is not UTF-8",
        Label(span, f"byte 0x{byte:02X}: the first that is not UTF-8"),
        help="save the file as UTF-8, and look at this place again: letters may have changed",
    )


def utf16_text(span: Span) -> Diagnostic:
    """The file is UTF-16 and not UTF-8.

    Some editors and shells of Windows write UTF-16 by default. Specs are read as UTF-8 only, with or without a
    byte order mark.

    Bad:
        # written by `> serving.yaml` in Windows PowerShell 5
        name: fraud-detector
    Good:
        # written by `| Out-File -Encoding utf8 serving.yaml`
        name: fraud-detector
    """
    return error(
        "utf16-text",
        "the file is UTF-16, not UTF-8",
        Label(span, "two bytes a character from here on"),
        help="save the file as UTF-8",
    )


def control_character(span: Span, character: str, unseen: int) -> Diagnostic:
    """An invisible control character stands in the text.

    It can't be seen in an editor, and what was emitted from it would mean something else to a shell or a terminal.
    It often comes from copied terminal output.

    Bad:
        # an escape character before the bracket, which can't be seen
        description: "[1mfraud"
    Good:
        description: "fraud"
    """
    return error(
        "control-character",
        f"control character {_named(character)} in the text",
        Label(span, "can't be seen, but stands here"),
        help="delete it; one that is meant is written as an escape between double quotes, such as `\\x1b`",
        notes=_unseen(unseen),
    )


def line_separator(span: Span, character: str, unseen: int) -> Diagnostic:
    """A U+0085, U+2028 or U+2029 stands in the text.

    YAML 1.1 ends the line there, YAML 1.2 does not: two readers of this file see two different specs.

    Bad:
        # a U+2028 between the words, which can't be seen
        description: "fraud detection"
    Good:
        description: "fraud\\u2028detection"
    """
    return error(
        "line-separator",
        f"{_named(character)} in the text",
        Label(span, "ends a line for some YAML readers only"),
        help=f'delete it, or write it as an escape between double quotes: "\\u{ord(character):04x}"',
        notes=_unseen(unseen),
    )


def carriage_return(span: Span, count: int) -> Diagnostic:
    """A carriage return stands alone, without a line feed.

    Lines end with LF or CRLF. Where a lone CR stands, editors, git and YAML readers disagree on which line is which.

    Bad:
        # line ends as on a Mac of 1999
        name: fraud-detector
    Good:
        # line ends LF or CRLF
        name: fraud-detector
    """
    return error(
        "carriage-return",
        "a carriage return without a line feed",
        Label(span, "the first one" if count > 1 else "stands here"),
        help="save the file with line ends LF (or CRLF)",
        notes=(f"there are {count} of them",) if count > 1 else (),
    )


def _named(character: str) -> str:
    code = f"U+{ord(character):04X}"
    return f"`{code}` ({_NAMES[ord(character)]})" if ord(character) in _NAMES else f"`{code}`"


def _unseen(count: int) -> tuple[str, ...]:
    return (f"{count} more such places are not shown",) if count else ()
