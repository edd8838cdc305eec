"""The table of forms: what asking for one loads."""

from __future__ import annotations

import subprocess
import sys

import pytest

from servespec.diagnostics import formats

_NEEDED = {"json": {"json"}, "sarif": {"json"}, "gitlab": {"json"}, "junit": {"xml"}}


@pytest.mark.parametrize("name", formats.FORMATS)
def test_a_form_loads_nothing_that_it_does_not_need(name: str) -> None:
    """Start-up: no form pays for another one's imports, and none for difflib, rich or Unicode tables."""
    unwanted = {"difflib", "rich", "unicodedata", "yaml", "pydantic", "click", "json", "xml"} - _NEEDED.get(name, set())
    code = (
        "import sys; before = set(sys.modules); from servespec.diagnostics import formats, suggest;"
        "from servespec.diagnostics.types import *; from servespec.spans import *;"
        "found = Findings(Document('a', None, {}, {}), Report((error('x', 'x', Label(Span('a', 0, 1))),)));"
        f"assert formats.render({name!r}, [found], formats.Options());"
        f"assert suggest.closest('nmae', ['name']) == 'name';"
        f"print(*sorted((set(sys.modules) - before) & {unwanted!r}))"
    )
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert loaded.stdout.split() == []
