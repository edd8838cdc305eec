"""Verdicts as text for people and as JUnit's XML for machines."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from servespec.diagnostics.visible import escaped
from servespec.running.compare import excerpt
from servespec.running.smoke import Verdict, milliseconds

_ANSWER = 160


def line(verdict: Verdict) -> str:
    """One verdict: a line, and the reason below it."""
    took = f"  {milliseconds(verdict.seconds)}" if verdict.seconds is not None else ""
    word = "FAIL" if verdict.problem else "ok"
    head = f"  {word:4}  {escaped(verdict.example.name)}{took}\n"
    return head + (f"        {verdict.problem.why}: {verdict.problem.text}\n" if verdict.problem else "")


def answer(verdict: Verdict) -> str:
    """What was answered, on a line of its own; nothing where that was not as it should be."""
    if verdict.problem:
        return ""
    return f"        {excerpt(json.dumps(verdict.answer, ensure_ascii=False), _ANSWER)}\n"


def count(verdicts: Sequence[Verdict]) -> str:
    """The last line: how many examples are as the spec says."""
    good = sum(verdict.problem is None for verdict in verdicts)
    noun = "example is" if len(verdicts) == 1 else "examples are"
    return f"{good} of {len(verdicts)} {noun} answered as the spec says\n"


def junit(name: str, verdicts: Iterable[Verdict]) -> str:
    """One test suite, in the form that CI systems read."""
    from xml.etree.ElementTree import Element, SubElement, indent, tostring

    cases = list(verdicts)
    failures = str(sum(case.problem is not None for case in cases))
    suite = Element("testsuite", name=name, tests=str(len(cases)), failures=failures, errors="0", skipped="0")
    for case in cases:
        # `escaped`: XML 1.0 has no way to write most control characters.
        attributes = {"classname": name, "name": escaped(case.example.name), "time": f"{case.seconds or 0:.3f}"}
        element = SubElement(suite, "testcase", attributes)
        if case.problem:
            SubElement(element, "failure", type=str(case.problem.why), message=case.problem.text)
    suites = Element("testsuites")
    suites.append(suite)
    indent(suites)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(suites, encoding="unicode")}\n'
