"""Which images that others made the emitted files of a spec name: found out by making them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, ValuesView

from servespec.pipeline.analysis import Sound, targets_of
from servespec.pipeline.making import lowered
from servespec.records import replace
from servespec.targets.contract import Output


class _Asked(Mapping[str, str]):
    """Digests that remember which of them were asked for: every image goes through `deployment.mirrors.placed`."""

    def __init__(self, known: Mapping[str, str]) -> None:
        self._known = known
        self.names: dict[str, None] = {}

    def __getitem__(self, name: str) -> str:
        self.names[name] = None
        return self._known[name]

    def values(self) -> ValuesView[str]:
        """All digests; who looks through them asks for no image."""
        return self._known.values()

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)


def images_of(analysis: Sound) -> tuple[str, ...]:
    """The images, by the names that the files of a spec have for them, without those that the spec itself names by a
    digest."""
    deployment = analysis.deployment
    asked = _Asked(deployment.digests)
    made = replace(analysis, deployment=replace(deployment, digests=asked))
    lowered(made, Output("/project", "/project/deploy"), targets_of(deployment))
    return tuple(sorted(asked.names))
