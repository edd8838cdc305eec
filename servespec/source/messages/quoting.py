"""Findings about text that lacks quotes, or has them wrong."""

from __future__ import annotations

from servespec.diagnostics.types import Diagnostic, Edit, Fix, Label, error
from servespec.source.messages.shown import proposed, shown
from servespec.spans import Span


def unclosed_quote(span: Span, quote: str) -> Diagnostic:
    """A quote is never closed, or closed only by the next text's quote.

    Everything up to there belongs to the text then.

    Bad:
        name: "fraud-detector
        pattern: realtime
    Good:
        name: "fraud-detector"
        pattern: realtime
    """
    return error(
        "unclosed-quote",
        f"the quote `{quote}` is not closed on its line",
        Label(span, "the text begins here"),
        help=f"close it with `{quote}` where the text ends",
    )


def bad_escape(span: Span, escape: str) -> Diagnostic:
    """A backslash between double quotes makes no known character.

    Between double quotes a backslash begins an escape, such as `\\\\n`. Between single quotes it is only itself.

    Bad:
        base: "C:\\models"
    Good:
        base: 'C:\\models'
    """
    if escape[1:] in ("x", "u", "U"):
        return error(
            "bad-escape",
            f"the escape {shown(escape)} is not a character",
            Label(span, "an incomplete or impossible code"),
            help="write the character itself, or its code with 2 (`\\x`), 4 (`\\u`) or 8 (`\\U`) digits; no surrogates",
        )
    return error(
        "bad-escape",
        f"the escape {shown(escape)} is not known",
        Label(span, "an escape, because of the double quotes"),
        help="write `\\\\` for a backslash, or put single quotes around the text",
        fix=Fix("Double the backslash", (Edit(Span(span.path, span.start, span.start), "\\"),), safe=False),
    )


def colon_in_value(span: Span) -> Diagnostic:
    """A value without quotes has a colon and a space in it.

    A colon and a space make a field, and two fields can't stand on one line.

    Bad:
        description: fraud: the detector
    Good:
        description: "fraud: the detector"
    """
    return error(
        "colon-in-value",
        "a second `: ` on one line",
        Label(span, "needs quotes"),
        help="put quotes around the value; a block goes on the next line, indented",
    )


def text_after_value(span: Span, single: bool) -> Diagnostic:
    """Something stands behind a value that is already complete.

    A quoted text ends with its quote, a list with `]`, a mapping with `}`. Only a comment may follow.

    Bad:
        owner: 'ml' team
    Good:
        owner: "ml team"
    """
    apostrophe = "; an apostrophe between single quotes is written twice: `''`" if single else ""
    return error(
        "text-after-value",
        "something stands behind a complete value",
        Label(span, "left over"),
        help=f"put quotes around all of the value{apostrophe}",
    )


def reserved_character(span: Span, rest: str) -> Diagnostic:
    """A text without quotes starts with a character that means something else there.

    `@`, `%`, a backtick, `*`, `&`, `|`, `>`, `,` and closing brackets can't begin a text.

    Bad:
        python: >=3.11
    Good:
        python: ">=3.11"
    """
    if rest == ",":
        help_ = "take it out; a text that begins with it needs quotes"
        return error("reserved-character", "nothing stands before this comma", Label(span, "one too many"), help=help_)
    sign = "a backtick" if rest[:1] == "`" else f"`{rest[:1]}`"
    block = "; a block of text begins on the next line" if rest[:1] in ("|", ">") else ""
    return error(
        "reserved-character",
        f"text can't start with {sign} without quotes",
        Label(span, "has a meaning of its own here"),
        help=f"write {proposed(rest)}{block}",
    )
