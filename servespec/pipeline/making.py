"""Checked → bundles → verified: what a sound spec compiles to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from servespec.artifacts import Bundle
from servespec.deployment.types import Deployment
from servespec.deployment.workloads import of_workload
from servespec.pipeline.analysis import Sound, targets_of
from servespec.records import dataclass, replace
from servespec.targets.container import BuiltImage, of_part
from servespec.targets.contract import Context, Lowered, Output, Target
from servespec.targets.docker.naming import built
from servespec.targets.override import overridden
from servespec.targets.plugins import Unusable, called
from servespec.targets.registry import NAMES, closure
from servespec.targets.serialize import serialized
from servespec.targets.variants import retold_artifact
from servespec.verify import verify


class Corrupt(Exception):
    """What was made does not read back as what was meant: our bug, and nothing may be written."""


@dataclass(frozen=True)
class Made:
    """The verified bundles of a spec, in the order of their making, and the images that they speak of, by workload."""

    bundles: tuple[Bundle, ...]
    images: Mapping[str, BuiltImage]


def make(analysis: Sound, output: Output, *, targets: Iterable[str] | None = None) -> Made:
    """What a spec compiles to: all its targets, or the named ones with what those require.

    Raises `Corrupt` when an artefact does not read back.
    """
    deployment = analysis.deployment
    chosen = targets_of(deployment) if targets is None else closure(deployment, targets)
    made = lowered(analysis, output, chosen)
    for bundle in made.bundles:
        if mismatches := verify(bundle):
            said = "; ".join(f"{bundle.folder}/{item}" for item in mismatches)
            if bundle.target not in NAMES:
                raise Unusable(f"what the target `{bundle.target}` makes does not read back: {said}")
            raise Corrupt(said)
    return made


def lowered(analysis: Sound, output: Output, targets: Iterable[Target]) -> Made:
    """What the targets make of a spec, written out but not yet read back."""
    deployment, facts = analysis.deployment, analysis.facts
    bundles: list[Bundle] = []
    images: dict[str, BuiltImage] = {}
    for target in targets:
        options = target.options_in(analysis.options)
        context = Context(facts, options, output, images)
        for lowered in _lowered(target, deployment, context):
            changed = overridden(lowered.bundle, deployment.overrides)
            bundles.append(serialized(changed, facts=facts, project=output.project))
            if lowered.container is not None:
                own = of_workload(deployment, lowered.container.workload)
                image = built(own, lowered.container, facts=facts, output=output, emitted=bundles[-1])
                images = {**images, image.container.workload: image}
    return Made(tuple(bundles), images)


def _lowered(target: Target, deployment: Deployment, context: Context) -> Iterator[Lowered]:
    """What a target makes of the deployment: a server's once for each variant that it serves."""
    served = [variant.name for variant in deployment.variants if variant.runtime.server == target.name]
    for name in served:
        yield _of_variant(target, deployment, context, name=name)
    if not served:
        yield target.lower(deployment, context) if target.name in NAMES else called(target, deployment, context)


def _of_variant(target: Target, deployment: Deployment, context: Context, *, name: str) -> Lowered:
    inside = replace(context, output=replace(context.output, part=name))
    made = target.lower(of_workload(deployment, name), inside)
    assert made.container is not None, f"{target.name} is no server"
    artifacts = tuple(retold_artifact(item, deployment, name) for item in made.bundle.artifacts)
    return Lowered(replace(made.bundle, artifacts=artifacts, part=name), of_part(made.container, name))
