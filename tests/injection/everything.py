"""Every text of the spec that says everything, the payloads that are tried in each, and what may come of one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from zlib import crc32

from servespec.spans import dotted
from tests.injection.leaves import texts
from tests.injection.payloads import PAYLOADS
from tests.injection.trying import Outcome, Place, Project

EVERYTHING = Project(Path(__file__).parents[1] / "golden" / "everything")
PLACES = tuple(Place(EVERYTHING, route, text) for route, text in texts(EVERYTHING.spec))

DERIVED = {
    "model.name": "Seldon's graph takes the name of Kubernetes where it can't take this one",
    "connections[3].auth.secret": "names of environment variables are made of it",
    "connections[5].auth.secret": "names of environment variables are made of it",
    "batch.env.AWS_REGION": "the DAG's pods double each dollar sign, which Kubernetes halves",
    "batch.input.uri": "the DAG waits in its folder",
}
"""Texts of which something is made that is another text, with what that is: the shape of each file stays as it is."""
_PATHS = ("streaming.features", "streaming.sink.key")
"""Texts in which a dot leads into a map: with one a worker is told two names, or more."""


def share(place: Place, number: int) -> Iterator[str]:
    """Some of the payloads, other ones for each place, always the same."""
    first = crc32(dotted(place.route).encode()) % len(PAYLOADS)
    step = len(PAYLOADS) // number
    payloads = (PAYLOADS[(first + step * index) % len(PAYLOADS)] for index in range(number))
    path = dotted(place.route).startswith(_PATHS)
    return (payload for payload in payloads if not (path and "." in payload))


def escape(place: Place, outcome: Outcome) -> str:
    """Where a payload is more or less than the text it is; empty when it is nowhere."""
    allowed = outcome.kind in ("refused", "kept") or (outcome.kind == "derived" and dotted(place.route) in DERIVED)
    return "" if allowed else outcome.where
