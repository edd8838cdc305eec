"""Every text of the spec that says everything, every key that a person chose, the payloads that are tried in each, and what may come of one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from zlib import crc32

from tests.injection.leaves import keys, renamed, texts
from tests.injection.payloads import PAYLOADS
from tests.injection.schema import KEY, Field, field_of
from tests.injection.trying import Outcome, Place, Project

_ROOT = Path(__file__).parents[2]
EVERYTHING = Project(_ROOT / "tests" / "golden" / "everything")
_WATCHED = {"namespace": "ml", "prometheus": {"namespace": "monitoring", "labels": {"release": "prometheus"}}}
_OTHERWISE = Project(
    EVERYTHING.folder,
    (
        (("signature", "inputs"), {"columns": {"amount": "FP32", "category": "FP32", "hour": "FP32", "day": "FP32"}}),
        (("signature", "outputs"), {"tensors": [{"name": "scores", "datatype": "FP32", "shape": [-1, 2]}]}),
        (("scaling",), {"replicas": 2}),
        (("network", "expose"), {"host": "fraud.example.com", "gateway": {"name": "public", "namespace": "gateways"}}),
        (("examples", 0, "request"), {"inputs": [{"name": "input", "data": ["a"]}]}),
        (("examples", 0, "expect"), {"outputs": {"species": "setosa"}}),
        (("targets", "kserve"), _WATCHED),
        (("targets", "seldon"), _WATCHED),
        (("environments",), {"staging": {"owner": "risk-ml"}}),
    ),
)
_LABELLED = Project(_ROOT / "examples" / "05-tf-serving-fraud-detector")


def _places(projects: Iterable[Project]) -> Iterator[Place]:
    """The texts and the chosen keys of each project, but of fields of which one before has none."""
    known: set[tuple[Field, bool]] = set()
    for project in projects:
        new = [place for place in _of(project) if (field_of(place.route), place.is_key) not in known]
        yield from new
        known |= {(field_of(place.route), place.is_key) for place in new}


def _of(project: Project) -> Iterator[Place]:
    for route, text in texts(project.spec):
        yield Place(project, route, text)
    for route, key in keys(project.spec):
        if field_of(route)[-1] == KEY:
            yield Place(project, route, key, renamed)


PROJECTS = (EVERYTHING, _OTHERWISE, _LABELLED)
PLACES = tuple(_places(PROJECTS))

_CPUSET = "services.fraud-detector-steady.cpuset"
DERIVED = {
    "model.name": "Seldon's graph takes the name of Kubernetes where it can't take this one",
    "connections[3].auth.secret": "names of environment variables are made of it",
    "connections[5].auth.secret": "names of environment variables are made of it",
    "batch.env.AWS_REGION": "the DAG's pods double each dollar sign, which Kubernetes halves",
    "batch.input.uri": "the DAG waits in its folder",
    "connections[0].auth.secret": "names of environment variables are made of it",
    "connections[0].auth.keys.accessKeyId": "names of environment variables are made of it",
    "connections[0].auth.keys.secretAccessKey": "names of environment variables are made of it",
    "connections[0].tls.ca.secret": "names of environment variables are made of it",
    "connections[0].tls.ca.key": "names of environment variables are made of it",
    "connections[5].auth.keys.token": "names of environment variables are made of it",
    "model.framework.version": "it is a number: no text that means nothing may stand there",
    "resources.requests.cpu": "it is a quantity: no text that means nothing may stand there",
    "resources.limits.cpu": "it is a quantity: no text that means nothing may stand there",
    "placement.sharedMemory": "it is a quantity: no text that means nothing may stand there",
    "suppress[0].until": "it is a date: no text that means nothing may stand there",
    f"overrides[0].merge.{_CPUSET}": "it is written in the language of Compose, where two dollar signs are one",
}
"""Texts of which something is made that is another text, with what that is: the shape of each file stays as it is."""
_PORT = (("12:30",), "it is port 30 of a host, which a network policy opens")
MEANT: dict[str, tuple[tuple[str, ...], str]] = {
    "connections[3].brokers[0]": _PORT,
    "connections[3].brokers[1]": _PORT,
    "connections[4].brokers[0]": _PORT,
    f"overrides[0].merge.{_CPUSET}": (
        ("$HOME", "${HOME}", "${{ github.token }}"),
        "it is written in the language of Compose, which puts variables there",
    ),
}
"""Payloads that mean something in a text of the spec, with what that is: a file may have another shape by them."""
_PATHS = ("streaming.features", "streaming.sink.key")
"""Texts in which a dot leads into a map: with one a worker is told two names, or more."""


def share(place: Place, number: int) -> Iterator[str]:
    """Some of the payloads, other ones for each place, always the same."""
    first = crc32(place.name.encode()) % len(PAYLOADS)
    step = len(PAYLOADS) // number
    payloads = (PAYLOADS[(first + step * index) % len(PAYLOADS)] for index in range(number))
    path = place.name.startswith(_PATHS)
    return (payload for payload in payloads if not (path and "." in payload))


def escape(place: Place, payload: str) -> tuple[Outcome, str]:
    """What comes of a payload, and where it is more or less than the text it is; empty when it is nowhere."""
    outcome = place.put(payload)
    allowed = outcome.kind in ("refused", "kept") or (outcome.kind == "derived" and place.name in DERIVED)
    meant = place.name in MEANT and payload in MEANT[place.name][0]
    return outcome, "" if allowed or meant else outcome.where
