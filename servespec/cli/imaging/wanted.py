"""The images of a spec, from what was written for it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from servespec import writer
from servespec.cli.tree import make
from servespec.cli.work import Work, out_folder
from servespec.deployment.images import ImageReference
from servespec.deployment.workloads import dockerfile_name, of_workload
from servespec.facts import Kind
from servespec.pipeline import Sound
from servespec.records import dataclass
from servespec.targets.container import BuiltImage
from servespec.targets.docker.building import build_options, platform_options

_TARGET = "docker"


class Stale(Exception):
    """What was written is not what the spec says today; the message is a sentence."""


@dataclass(frozen=True)
class WantedImage:
    """One image: its name, and what `docker build` is to be told."""

    reference: ImageReference
    spec: str
    environment: str | None
    workload: str
    options: tuple[str, ...]
    platforms: tuple[str, ...]
    """What it is for; empty: for what builds it."""
    project: Path
    untold: tuple[str, ...]
    """The files in it of which its name tells nothing."""
    told: Mapping[str, str]
    """The digests by which its name tells of files that nobody has looked at so far."""
    pointers: tuple[str, ...]
    """The files in it in whose place a Git LFS pointer stands in this checkout."""


def wanted(work: Work) -> Iterator[WantedImage]:
    """The images of a sound spec in each of its environments. Raises Stale."""
    out = out_folder(work.source, None)
    made = make(work, out, (_TARGET,))
    plan = writer.plan(made.tree, out)
    if not plan.up_to_date:
        folder = os.path.relpath(plan.out / plan.tree.name)
        raise Stale(f"{folder} is not what {work.source.shown} says today; run `servespec build`, and review it")
    for analysis, images in made.images:
        for workload in images:
            yield _image(work, analysis, images, workload)


def _image(work: Work, analysis: Sound, images: Mapping[str, BuiltImage], workload: str) -> WantedImage:
    folder = out_folder(work.source, None) / work.name / (analysis.environment or "")
    file = folder / _TARGET / dockerfile_name(workload, images)
    deployment, reference = of_workload(analysis.deployment, workload), images[workload].reference
    options = build_options(deployment, file=os.path.relpath(file, work.source.project), reference=reference)
    return WantedImage(
        reference=reference,
        spec=work.source.shown,
        environment=analysis.environment,
        workload=workload,
        options=(*options, *platform_options(deployment)),
        platforms=deployment.image.platforms,
        project=work.source.project,
        untold=images[workload].untold,
        told={path: digest for path, digest in images[workload].unread.items() if digest and _is_here(path, analysis)},
        pointers=images[workload].pointers,
    )


def _is_here(path: str, analysis: Sound) -> bool:
    """Whether the file itself is in this checkout."""
    fact = analysis.facts.file(path)
    return fact.kind is Kind.FILE and not fact.lfs_pointer
