"""The rules: one module each, with its code, its severity, a docstring that is its manual page, and `check`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic
from servespec.facts import Facts

Check: TypeAlias = Callable[[Deployment, Facts], Iterator[Diagnostic]]
