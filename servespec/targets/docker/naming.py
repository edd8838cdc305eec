"""The name of an image, which is known before the image exists: it follows from all that `docker build` reads."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping

from servespec.artifacts import Bundle, Content
from servespec.deployment.fetching import FETCH
from servespec.deployment.images import ImageReference
from servespec.deployment.locked import loaded, locked_paths
from servespec.deployment.mirrors import placed
from servespec.deployment.types import Deployment, Model
from servespec.deployment.workloads import REALTIME
from servespec.emit.shape import Shape
from servespec.facts import Facts, FileFact, Kind
from servespec.records import replace
from servespec.targets.container import BuiltImage, Container, Input
from servespec.targets.contract import Output
from servespec.targets.docker.dockerfile import written
from servespec.targets.docker.steps import context_path


def built(deployment: Deployment, container: Container, *, facts: Facts, output: Output, emitted: Bundle) -> BuiltImage:
    """The container under its tag: the release, the workload where it is not the realtime one, and 12 hex digits over
    all that goes in.

    That is what the Dockerfile says, comments and the place of the output aside, and for which platforms; the bytes of
    what it copies or mounts, which are the project's code, requirements and wheels and what is emitted; and the model's
    digest where the spec or the lock has one.
    """
    stages = tuple(replace(stage, base=placed(stage.base, deployment)) for stage in container.stages)
    container = replace(container, stages=stages)
    made = {item.path: item.digest() for item in emitted.artifacts}
    read = _read(container, deployment.model, facts=facts)
    dockerfile = written(deployment, container, facts=facts, output=output)
    seed = [
        *_said(dockerfile, {context_path(item, output): _anywhere(item) for item in container.inputs()}),
        list(deployment.image.platforms),
        {item.path: made[item.path] for item in container.inputs() if item.emitted_by is not None},
        read,
        _digest(container, deployment.model),
    ]
    digest = hashlib.sha256(json.dumps(seed, sort_keys=True).encode()).hexdigest()
    parts = (deployment.release, *((container.workload,) if container.workload != REALTIME else ()), digest[:12])
    reference = ImageReference(deployment.image.repository, "-".join(parts))
    pointers = tuple(fact.path for fact in _files(container, facts) if fact.lfs_pointer)
    unread = _unread(container, deployment.model, facts=facts)
    return BuiltImage(container, reference, dockerfile, read, unread, pointers)


def _said(dockerfile: Content, places: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """The lines that BuildKit reads, none of which has a value with a line end, and the values in them."""
    shape = dockerfile.expected
    assert isinstance(shape, Shape), "a Dockerfile is made from a template"
    lines = [line for line in shape.neutral.split("\n") if line and not line.lstrip().startswith("#")]
    return lines, [places.get(value, value) for value in shape.values]


def _anywhere(item: Input) -> str:
    """An input wherever the output lies; no value of a Dockerfile holds NUL."""
    return item.path if item.emitted_by is None else f"{item.emitted_by}\0{item.path}"


def _read(container: Container, model: Model, *, facts: Facts) -> dict[str, str]:
    """What the bytes and modes are of the project's inputs, but of those that nobody looks at, as weights, and of those
    whose digest is known: whether they are in this checkout plays no part. Nor does it of what Git LFS points to."""
    told = {path for path, digest in _told(model, facts).items() if digest}
    read = (fact for fact in _files(container, facts) if fact.sha256 and fact.path not in told)
    return {fact.path: f"{fact.digest} {'x' if fact.executable else '-'}" for fact in read}


def _told(model: Model, facts: Facts) -> dict[str, str | None]:
    """The digests that the spec and its lock have of the model's files."""
    file = loaded(model, facts)
    return {**({file: model.digest} if file else {}), **locked_paths(model)}


def _files(container: Container, facts: Facts) -> Iterator[FileFact]:
    for item in container.inputs():
        if item.emitted_by is None:
            below = f"{item.path}/"
            paths = (path for path in facts.files if path == item.path or path.startswith(below))
            yield from (facts.file(path) for path in paths if facts.file(path).kind is Kind.FILE)


def _unread(container: Container, model: Model, *, facts: Facts) -> dict[str, str | None]:
    """The project's inputs without a hash: weights, and what is not in this checkout."""
    known = _told(model, facts)
    missing = (item.path for item in container.inputs() if item.emitted_by is None and not _is_there(item.path, facts))
    unhashed = (fact.path for fact in _files(container, facts) if not fact.sha256)
    return {path: known.get(path) for path in (*unhashed, *missing)}


def _is_there(path: str, facts: Facts) -> bool:
    return facts.file(path).kind in (Kind.FILE, Kind.FOLDER)


def _digest(container: Container, model: Model) -> str | None:
    """That of the model in an image; nothing where none is, since it is fetched."""
    if container.model_folder is not None or container.workload == FETCH:
        return None
    return model.locked.digest if model.locked else model.digest
