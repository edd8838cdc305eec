"""All that a lock of a spec wants to know, asked once for all environments, with every question that had no answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from servespec.cli.locking.models import model_of
from servespec.deployment.images import ImageReference
from servespec.deployment.types import Deployment
from servespec.deployment.variants import view
from servespec.edge.registry import digest_of
from servespec.edge.web import Unanswered
from servespec.pipeline import Sound
from servespec.pipeline.images import images_of
from servespec.pipeline.lockable import known_of, requirements_of
from servespec.pipeline.locktext import Found, FoundModel
from servespec.runtimes.edition import edition

Digests = Callable[[str], str]
"""The digest that an image's name stands for. Raises Unanswered."""


@contextmanager
def _noting(amiss: list[str]) -> Iterator[None]:
    """Keeps the sentence of a question that has no answer, so that the others are asked too."""
    try:
        yield
    except Unanswered as silence:
        amiss.append(str(silence))


class Unlockable(Exception):
    """Questions that had no answer, as sentences."""

    def __init__(self, sentences: tuple[str, ...]) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = sentences


def given(known: Mapping[str, str], source: str) -> Digests:
    """Digests from a map that somebody made where there is a network; `source` is how to call it."""

    def find(name: str) -> str:
        if name not in known:
            raise Unanswered(f"{source} has no digest of {name}")
        return known[name]

    return find


@cache
def asked(name: str) -> str:
    """The digest that the image's registry tells."""
    digest = digest_of(ImageReference.of(name))
    if digest is None:
        raise Unanswered(f"there is no image {name} in its registry")
    return digest


def look_up(analysis: Sound, project: Path, digests: Digests) -> Found:
    """What the names in a spec mean now. Raises Unlockable with all that could not be told."""
    deployment = analysis.deployment
    amiss: list[str] = []
    models: dict[str, FoundModel] = {}
    for each in _views(deployment):
        if each.model.uri not in models:
            with _noting(amiss):
                models[each.model.uri] = model_of(each, analysis.facts, project)
    images: dict[str, str] = {}
    for name in images_of(analysis):
        with _noting(amiss):
            images[name] = digests(name)
    if amiss:
        raise Unlockable(tuple(amiss))
    return Found(
        facts={name: edition(name) for name in known_of(deployment)},
        images=images,
        requirements={path: f"sha256:{analysis.facts.file(path).sha256}" for _, path in requirements_of(deployment)},
        models=models,
    )


def _views(deployment: Deployment) -> Iterator[Deployment]:
    """The deployment, and each of its variants as one of its own."""
    yield deployment
    yield from (view(deployment, variant) for variant in deployment.variants)
