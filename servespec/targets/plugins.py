"""Targets that other packages add, by entry points of the group `servespec.targets`.

They are looked for when a name is none of ours, and imported when a spec names one: whoever installs such a package
beside servespec trusts its code as much. Nothing else of it is read, and a spec that names only our targets never
notices that it is there.
"""

from __future__ import annotations

import os
import traceback
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

from servespec.records import replace

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

    from servespec.deployment.types import Deployment
    from servespec.targets.contract import Context, Lowered, Target

GROUP = "servespec.targets"
_UNSAID = "the target does not say what it does with it"


class Unusable(Exception):
    """A target that is installed can't be used: the words name the package, and what is wrong with it."""


@cache
def installed() -> Mapping[str, EntryPoint]:
    """The entry points, by the targets' names, sorted. Raises `Unusable` when two packages add one of the same name."""
    from importlib.metadata import entry_points  # start-up: most specs name no target but ours

    found: dict[str, EntryPoint] = {}
    for point in sorted(entry_points(group=GROUP), key=lambda point: (point.name, _package(point))):
        if point.name in found:
            both = f"{_package(found[point.name])} and {_package(point)}"
            raise Unusable(f"both {both} add a target `{point.name}`; uninstall one of them")
        found[point.name] = point
    return found


def load(name: str) -> Target:
    """The target of an entry point; a block of the spec of which it says nothing is lost in it. Raises `Unusable`."""
    from servespec.spec.root import Spec  # start-up: whoever only asks for the names needs no models
    from servespec.targets.contract import Target, dropped

    point = installed()[name]
    try:
        target = point.load()
    except Exception as failure:
        raise Unusable(f"{_what(point)} can't be loaded: {type(failure).__name__}: {failure}") from failure
    if not isinstance(target, Target):
        raise Unusable(f"{_what(point)} is a {type(target).__name__}, not a servespec.targets.contract.Target")
    if target.name != name:
        raise Unusable(f"{_what(point)} calls itself `{target.name}`; both names must be the same")
    return replace(target, supports={**dict.fromkeys(Spec.model_fields, dropped(_UNSAID)), **target.supports})


def called(target: Target, deployment: Deployment, context: Context) -> Lowered:
    """What such a target makes. Raises `Unusable` when it fails, and where it would write over files of ours."""
    try:
        made = target.lower(deployment, context)
    except Exception as failure:
        *_, last = traceback.extract_tb(failure.__traceback__)
        place = f"{last.filename}:{last.lineno}"
        raise Unusable(
            f"the target `{target.name}` failed: {type(failure).__name__}: {failure}, at {place}"
        ) from failure
    if made.bundle.target != target.name:
        raise Unusable(f"the target `{target.name}` makes files of `{made.bundle.target}`")
    return made


def sources(name: str) -> tuple[str, ...]:
    """The files and folders of the package of an installed target: with each of them what it makes may change."""
    from importlib.util import find_spec

    top = installed()[name].module.partition(".")[0]
    spec = find_spec(top)
    places = list(spec.submodule_search_locations or [spec.origin or ""]) if spec else []
    found = list(places)
    for place in places:
        for folder, folders, files in os.walk(place):
            folders[:] = sorted(name for name in folders if name != "__pycache__")
            found += [os.path.join(folder, other) for other in (*folders, *sorted(files))]
    return tuple(found)


def _what(point: EntryPoint) -> str:
    return f"the target `{point.name}` of {_package(point)}"


def _package(point: EntryPoint) -> str:
    return f"{point.dist.name} {point.dist.version}" if point.dist else point.value
