"""What images of emitted Python programs that load the model themselves have in common."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping

from servespec.artifacts import Origin
from servespec.deployment.types import Deployment
from servespec.facts import Kind
from servespec.targets.batch.model import PROJECT, ModelFiles
from servespec.targets.container import Copy, Input, Step
from servespec.targets.contract import Context
from servespec.targets.image import PATH, digest_check, locked_check


def copied_scripts(scripts: Iterable[str], home: str, *, target: str, why: Origin) -> Iterator[Step]:
    """A target's program, and its modules in their folders."""
    folders: dict[str, list[Input]] = {}
    for path in scripts:
        folders.setdefault(posixpath.dirname(path), []).append(Input(path, why, target))
    for folder, inputs in folders.items():
        yield Copy(tuple(inputs), posixpath.join(home, folder, ""))


def copied_model(deployment: Deployment, context: Context, files: ModelFiles, home: str) -> Iterator[Step]:
    """The model's files, where the program looks for them."""
    # Whatever the modes of the checkout are, the program's user must be able to read it.
    for item in files.inputs:
        mode = "0755" if context.facts.file(item.path).kind is Kind.FOLDER else "0644"
        yield Copy((item,), posixpath.join(home, PROJECT, item.path), mode=mode)
    model = deployment.model
    yield from locked_check(model, [(model.uri, posixpath.join(home, PROJECT, model.uri))])
    yield from digest_check(model, posixpath.join(home, files.in_image))


def environment(scratch: str, *, why: Origin, scratch_why: Origin) -> Mapping[str, tuple[str, Origin]]:
    """The variables of such an image: everything that is written goes to the scratch folder."""
    return {"PATH": (PATH, why), "HOME": (scratch, scratch_why), "TMPDIR": (scratch, scratch_why)}
