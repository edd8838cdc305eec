"""Analysis → analysis: overrides that would change nothing, which only a lowering can tell."""

from __future__ import annotations

from servespec.pipeline.analysis import Analysis, targets_of
from servespec.pipeline.making import lowered
from servespec.records import replace
from servespec.targets.contract import Output
from servespec.targets.override import unmatched
from servespec.targets.registry import closure

_ANYWHERE = Output("/project", "/project/deploy")
"""Where the output lies decides nothing about what an override finds."""


def matched(analysis: Analysis) -> Analysis:
    """A sound analysis with a finding for each of its overrides that would change nothing."""
    deployment = analysis.deployment
    assert deployment is not None
    named = {override.target for override in deployment.overrides}
    chosen = closure(deployment, (target.name for target in targets_of(deployment) if target.name in named))
    stray = unmatched(lowered(analysis, _ANYWHERE, chosen).bundles, deployment.overrides)
    return replace(analysis, findings=replace(analysis.findings, report=analysis.report + stray))
