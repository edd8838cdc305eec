"""Overrides: what the spec changes in an emitted file, merged in before the file is written."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from typing import cast

from servespec.artifacts import Artifact, Bundle, Language, Structured
from servespec.deployment.types import Override
from servespec.diagnostics.types import Diagnostic, Label, error
from servespec.diagnostics.wording import shown
from servespec.emit.quoted import Data, Traced, traced, unwrap
from servespec.records import replace

DATA = (Language.YAML, Language.JSON, Language.PROPERTIES)
"""Languages of artefacts that are data, so that a merge means something."""


def unmatched_override(index: int, *, file: str, files: Sequence[str]) -> Diagnostic:
    """An override names a file that its target does not emit as data.

    An override that matches nothing would be a change that silently stopped working.

    Bad:
    ```yaml
    overrides: [{target: compose, file: compose.yml, merge: {name: fraud}, reason: the old project name}]
    ```
    Good:
    ```yaml
    overrides: [{target: compose, file: compose.yaml, merge: {name: fraud}, reason: the old project name}]
    ```
    """
    known = ", ".join(f"`{name}`" for name in files) or "none"
    return error(
        "unmatched-override",
        "this override matches no file",
        Label(("overrides", index, "file"), f"{shown(file)} is not emitted as data"),
        help=f"files of this target that can be overridden: {known}",
    )


def unmatched(bundles: Sequence[Bundle], overrides: Sequence[Override]) -> list[Diagnostic]:
    """One diagnostic for each override that matches no file of what is built."""
    known = [(bundle.target, path) for bundle in bundles for path in _data(bundle)]
    return [
        unmatched_override(
            index, file=override.file, files=[path for target, path in known if target == override.target]
        )
        for index, override in enumerate(overrides)
        if (override.target, override.file) not in known
    ]


def _data(bundle: Bundle) -> Iterator[str]:
    """The paths of a bundle's data, relative to its target's folder."""
    return (posixpath.join(bundle.part, item.path) for item in bundle.artifacts if item.language in DATA)


def overridden(bundle: Bundle, overrides: Sequence[Override]) -> Bundle:
    """The bundle with the overrides of its target merged into its data."""
    artifacts = bundle.artifacts
    for index, override in enumerate(overrides):
        if override.target == bundle.target:
            artifacts = tuple(_apply(item, override, index, part=bundle.part) for item in artifacts)
    return replace(bundle, artifacts=artifacts)


def _apply(artifact: Artifact, override: Override, index: int, *, part: str) -> Artifact:
    if posixpath.join(part, artifact.path) != override.file or not isinstance(artifact.content, Structured):
        return artifact
    merged = merge(cast("Data", artifact.content.data), override.merge, f"overrides[{index}].merge")
    return replace(artifact, content=replace(artifact.content, data=merged))


def merge(data: Data, change: Mapping[str, object], origin: str) -> Data:
    """The data with `change` merged over it: maps by key, anything else replaces, None deletes."""
    value, origins = unwrap(data, ())
    if not isinstance(value, dict):
        return traced(cast("Data", _without_none(change)), origin)
    merged: dict[str, Data] = dict(value)
    for key, new in change.items():
        if new is None:
            merged.pop(key, None)
        elif isinstance(new, Mapping):
            merged[key] = merge(merged.get(key), new, origin)
        else:
            merged[key] = traced(cast("Data", new), origin)
    return Traced(merged, origins)


def _without_none(change: object) -> object:
    if isinstance(change, Mapping):
        return {key: _without_none(value) for key, value in change.items() if value is not None}
    return change
