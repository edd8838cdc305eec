"""What a sound spec claims in places that it shares with other specs."""

from __future__ import annotations

from collections.abc import Iterator

from servespec.claims import Stake
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Label
from servespec.pipeline.analyses import Analyses
from servespec.pipeline.analysis import Analysis, targets_of
from servespec.pipeline.environments import DEFAULTS_NAME
from servespec.spans import Document
from servespec.targets.contract import Claim


def stakes(analyses: Analyses, *, output: str) -> tuple[Stake, ...]:
    """What it claims in all environments that were looked at; `output` is the folder that its own is in."""
    if not analyses.ok:
        return ()  # a default may stand where a mistake does, and nobody wants that
    found = (stake for analysis in analyses.each for stake in _stakes(analysis, output))
    return tuple(dict.fromkeys(found))


def _stakes(analysis: Analysis, output: str) -> Iterator[Stake]:
    deployment, document = analysis.deployment, analysis.findings.document
    assert deployment is not None
    name = deployment.name
    yield Stake("output-clash", f"{output}/{name}", f"the folder `{name}`", Label(("name",)).span(document))
    accepted = {item.rule for item in deployment.suppress}
    for claim in _claims(analysis, deployment):
        if claim.rule not in accepted and (not claim.chosen or _is_chosen(claim, document)):
            key = "\n".join((deployment.environment or "", *claim.key))
            yield Stake(claim.rule, key, claim.what, claim.at.settled(document).span(document))


def _claims(analysis: Analysis, deployment: Deployment) -> Iterator[Claim]:
    for target in targets_of(deployment):
        yield from target.claims(deployment, analysis.options.get(target.name) or target.options())


def _is_chosen(claim: Claim, document: Document) -> bool:
    """Whether the spec itself says it, and not the root file for all specs."""
    route = claim.at.at
    return isinstance(route, tuple) and document.written(route) and document.layers.get(route) != DEFAULTS_NAME
