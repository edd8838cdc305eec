"""Analysis → findings: overrides that would change nothing, which only a lowering can tell."""

from __future__ import annotations

from servespec.diagnostics.types import Diagnostic
from servespec.pipeline.analysis import Sound, targets_of
from servespec.pipeline.making import lowered
from servespec.targets.contract import Output
from servespec.targets.override import unmatched
from servespec.targets.registry import closure

_ANYWHERE = Output("/project", "/project/deploy")
"""Where the output lies decides nothing about what an override finds."""


def strays(analysis: Sound) -> list[Diagnostic]:
    """A finding for each override of a spec that would change nothing."""
    deployment = analysis.deployment
    named = {override.target for override in deployment.overrides}
    chosen = closure(deployment, (target.name for target in targets_of(deployment) if target.name in named))
    return unmatched(lowered(analysis, _ANYWHERE, chosen).bundles, deployment.overrides)
