"""GitLab's Code Quality report: a list of findings in the form that Code Climate had.

A finding is told from others, and found again in the next report, by its fingerprint. It is made of the file, the code
and the words, not of the line: what moved is not new. Of findings that are alike the second has another one.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence

from servespec.diagnostics.locate import Located, locate
from servespec.diagnostics.types import Findings, Severity
from servespec.diagnostics.visible import escaped
from servespec.spans import Value

_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.NOTE: "info"}


def render(findings: Sequence[Findings]) -> str:
    """The JSON document, ASCII only; an empty list when there is nothing."""
    seen: Counter[tuple[str, ...]] = Counter()
    return json.dumps([_issue(item, seen) for item in locate(findings)], indent=2) + "\n"


def _issue(item: Located, seen: Counter[tuple[str, ...]]) -> Value:
    record, extent = item.diagnostic, item.primary
    identity = (extent.path, record.code, record.headline, record.labels[0].message)
    seen[identity] += 1
    words = json.dumps([*identity, seen[identity]])
    return {
        "description": escaped(f"{record.headline} ({record.help})" if record.help else record.headline),
        "check_name": record.code,
        "fingerprint": hashlib.sha256(words.encode()).hexdigest(),
        "severity": _SEVERITIES[record.severity],
        "location": {
            # A name that is no text can't be a path here: JSON is text.
            "path": extent.path.encode(errors="backslashreplace").decode(),
            "lines": {"begin": extent.start.line, "end": extent.end.line},
        },
    }
