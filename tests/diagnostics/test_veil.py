"""Secrets in what other findings show and say: stars, whatever the finding is about."""

from __future__ import annotations

import pytest

from servespec.diagnostics.formats import Options, render
from servespec.diagnostics.types import Edit, Findings, Fix, Label, Report, error
from servespec.source import load

_TOKEN = "ghp_" + "a" * 36


def _findings(text: str, headline: str, *, fix: str = "") -> Findings:
    document = load("serving.yaml", text.encode()).document
    fixes = Fix("write it", (Edit(("a",), fix),)) if fix else None
    item = error("wrong", headline, Label(("a",), f"this is {_TOKEN}"), help=f"not {_TOKEN}", fix=fixes)
    return Findings(document, Report((item,)))


@pytest.mark.parametrize("name", ["text", "concise", "json", "sarif", "github", "gitlab", "junit"])
def test_it_is_neither_shown_nor_said(name: str) -> None:
    """Not in the source, the headline, the label or the help, nor the beginning that a headline has room for."""
    found = _findings(f"a: {_TOKEN}\n", f"`{_TOKEN[:27]}…` is wrong", fix=f"'{_TOKEN}'")
    shown = render(name, (found,), Options(width=200))
    assert _TOKEN[:12] not in shown
    assert "is wrong" in shown


def test_what_stands_around_it_is_shown() -> None:
    """Of an address only the login is hidden, and a line without secrets is as it is."""
    shown = render("text", (_findings("a: https://user:opensesame@example.com/x\n", "`a` is wrong"),), Options())
    assert "a: http********************example.com/x" in shown
    plain = render("text", (_findings("a: {secret: feature-store}\n", "`a` is wrong"),), Options())
    assert "a: {secret: feature-store}" in plain


def test_names_tell_where_nothing_can_be_read() -> None:
    """In a text that is no YAML there are no values to look at, only lines."""
    text = "runtime: {env: {DB_PASSWORD: opensesame}\n"
    shown = render("text", (load("serving.yaml", text.encode()),), Options())
    assert "runtime: {env: {DB_PASSWORD: *" in shown
    assert "opensesame" not in shown


@pytest.mark.parametrize(
    "env",
    [
        "DB_PASSWORD: x\n    DB_PASSWORD: opensesame",
        "DB_PASSWORD: &a !secret opensesame\n    B: *a",
        "? {DB_PASSWORD: opensesame}\n    : x",
    ],
)
def test_names_tell_of_values_that_are_not_taken(env: str) -> None:
    """The second value of a key, one after an anchor and a tag, and one in a key are in no document."""
    shown = render("text", (load("serving.yaml", f"runtime:\n  env:\n    {env}\n".encode()),), Options())
    assert "DB_PASSWORD: " in shown
    assert "opensesame" not in shown
