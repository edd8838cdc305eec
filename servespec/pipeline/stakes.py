"""What a sound spec claims in places that it shares with other specs."""

from __future__ import annotations

from collections.abc import Iterator

from servespec.claims import Stake
from servespec.diagnostics.types import Label
from servespec.pipeline.analyses import Analyses
from servespec.pipeline.analysis import Sound, targets_of
from servespec.pipeline.environments import DEFAULTS_NAME
from servespec.spans import Document
from servespec.targets.contract import Claim


def stakes(analyses: Analyses, *, output: str) -> tuple[Stake, ...]:
    """What it claims in all environments that were looked at; `output` is the folder that its own is in.

    With errors it claims nothing: a default may stand where a mistake does, and nobody wants that.
    """
    found = (stake for analysis in analyses.sound for stake in _stakes(analysis, output))
    return tuple(dict.fromkeys(found))


def _stakes(analysis: Sound, output: str) -> Iterator[Stake]:
    deployment, document = analysis.deployment, analysis.findings.document
    name = deployment.name
    yield Stake("output-clash", f"{output}/{name}", f"the folder `{name}`", Label(("name",)).span(document))
    accepted = {item.rule for item in deployment.suppress}
    for claim in _claims(analysis):
        if claim.rule not in accepted and (not claim.chosen or _is_chosen(claim, document)):
            key = "\n".join((deployment.environment or "", *claim.key))
            yield Stake(claim.rule, key, claim.what, claim.at.settled(document).span(document))


def _claims(analysis: Sound) -> Iterator[Claim]:
    for target in targets_of(analysis.deployment):
        yield from target.claims(analysis.deployment, target.options_in(analysis.options))


def _is_chosen(claim: Claim, document: Document) -> bool:
    """Whether the spec itself says it, and not the root file for all specs."""
    route = claim.at.at
    return isinstance(route, tuple) and document.written(route) and document.layers.get(route) != DEFAULTS_NAME
