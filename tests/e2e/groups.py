"""Which end-to-end tests run one after the other, in one process: those of a folder share servers, ports and images."""

from __future__ import annotations

import re

from xdist.scheduler import LoadScopeScheduling

# The groups that take longest, in this order: begun last, they would be what all wait for.
_FIRST = ("airflow3", "airflow2", "image", "batch")
# TorchServe listens on ports of its own that no setting moves, so there is one at a time.
_WITH_TORCHSERVE = ("torchserve", "client", "run", "test_documents")
_BELOW = re.compile(r"tests/e2e/(?P<name>\w+)")
_VERSION = re.compile(r"\[(airflow[0-9])\b")


def group(nodeid: str) -> str:
    """The group of a test: its folder, or its module where that is in none. Each Airflow has a database of its own."""
    below, version = _BELOW.match(nodeid), _VERSION.search(nodeid)
    name = below["name"] if below else "elsewhere"
    if name == "airflow" and version:
        return version[1]
    return _WITH_TORCHSERVE[0] if name in _WITH_TORCHSERVE else name


def place(nodeid: str) -> int:
    """How early a test begins."""
    name = group(nodeid)
    return _FIRST.index(name) if name in _FIRST else len(_FIRST)


class Groups(LoadScopeScheduling):  # type: ignore[misc]  # xdist has no types
    """Hands out whole groups. xdist's own way marks the names of tests, which pytest 9.2 takes no more."""

    def _split_scope(self, nodeid: str) -> str:
        return group(nodeid)
