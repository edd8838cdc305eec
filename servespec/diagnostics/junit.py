"""JUnit's XML: a test case for each file, which fails with its errors and says its warnings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from servespec.diagnostics.locate import Located, locate
from servespec.diagnostics.types import Findings, Severity
from servespec.diagnostics.visible import escaped

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element


def render(findings: Sequence[Findings]) -> str:
    """The XML document: every file that was read has its case, also one without a finding."""
    from xml.etree.ElementTree import Element, indent, tostring

    located = locate(findings)
    files = dict.fromkeys([*(item.document.path for item in findings), *(item.primary.path for item in located)])
    cases = [_case(file, [item for item in located if item.primary.path == file]) for file in files]
    failures = sum(case.find("failure") is not None for case in cases)
    counts = {"tests": str(len(cases)), "failures": str(failures), "errors": "0", "skipped": "0"}
    suites = Element("testsuites")
    suite = Element("testsuite", {"name": "servespec validate", **counts})
    suite.extend(cases)
    suites.append(suite)
    indent(suites)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(suites, encoding="unicode")}\n'


def _case(file: str, located: Sequence[Located]) -> Element:
    from xml.etree.ElementTree import Element, SubElement

    # `escaped`: XML 1.0 has no way to write most control characters.
    case = Element("testcase", classname="servespec", name=escaped(file))
    said = []
    for item in located:
        record, at = item.diagnostic, item.primary.start
        line = escaped(f"{file}:{at.line}:{at.column}: {record.severity}[{record.code}]: {record.headline}")
        if record.severity is Severity.ERROR:
            SubElement(case, "failure", type=record.code, message=line).text = escaped(record.help)
        else:
            said.append(line)
    if said:
        SubElement(case, "system-out").text = "\n".join(said)
    return case
