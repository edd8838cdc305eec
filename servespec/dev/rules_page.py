"""The page of all diagnostics: code, severity, manual page."""

from __future__ import annotations

from servespec.reference.markdown import derived, table
from servespec.reference.rules import Rule, rules


def text() -> str:
    """The page: a table of all codes, then each rule's own text."""
    known = rules().values()
    rows = ((f"[`{rule.code}`](#{rule.code})", rule.severity, _short(rule)) for rule in known)
    index = table(("code", "severity", "in short"), rows)
    pages = "\n".join(f"## {rule.code}\n\n*{rule.severity}*\n\n{_spaced(rule.page)}\n" for rule in known)
    head = "# Diagnostics\n\n`servespec explain CODE` prints these pages.\n"
    return "\n".join([derived("the docstrings of the rules"), head, index, pages])


def _short(rule: Rule) -> str:
    return " ".join(rule.page.partition("\n\n")[0].split())


def _spaced(page: str) -> str:
    """The page with blank lines around its examples, as Markdown readers like them."""
    return page.replace(":\n```yaml", ":\n\n```yaml").replace("```\nGood:", "```\n\nGood:")
