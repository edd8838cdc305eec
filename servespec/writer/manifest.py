"""What is ours: the manifest of `DIR/<name>`, read as if an enemy had written it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from servespec import __version__
from servespec.artifacts import Artifact, Recipe
from servespec.records import dataclass, replace
from servespec.writer import names
from servespec.writer.tree import MANIFEST, Tree

_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of ours."""

    sha256: str
    """Of the bytes; empty for a recipe that has yet to run."""
    fingerprint: str = ""
    """Of a recipe; empty for text."""

    def render(self) -> str:
        """The record in JSON, on one line."""
        made = {"fingerprint": self.fingerprint} if self.fingerprint else {}
        return json.dumps({**made, "sha256": self.sha256})


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an earlier build wrote, or what this one would."""

    version: str
    deployment: str
    inputs: str
    files: Mapping[str, Entry]

    def render(self) -> bytes:
        """The file's bytes: sorted, without times, without text of the spec."""
        # One line a file: easy to merge, and ten times as fast as json's own indentation.
        lines = (f"    {json.dumps(path)}: {self.files[path].render()}" for path in sorted(self.files))
        files = "{\n" + ",\n".join(lines) + "\n  }" if self.files else "{}"
        heads = (self.deployment, self.inputs, self.version)
        deployment, inputs, version = (json.dumps(head) for head in heads)
        return (
            f'{{\n  "deployment": {deployment},\n  "files": {files},\n'
            f'  "inputs": {inputs},\n  "servespec": {version}\n}}\n'
        ).encode()

    def completed(self, hashes: Mapping[str, str]) -> Manifest:
        """The manifest with the hashes that only running the recipes could tell."""
        done = {path: replace(entry, sha256=hashes.get(path, entry.sha256)) for path, entry in self.files.items()}
        return replace(self, files=done)


def parse(data: bytes) -> Manifest | None:
    """The manifest in a file's bytes; None unless every part of it is what `render` could have written.

    Keys that a later version may add are passed over.
    """
    try:
        record = json.loads(data)
    except (ValueError, RecursionError):
        return None
    if not isinstance(record, dict) or not isinstance(files := record.get("files"), dict):
        return None
    entries: dict[str, Entry] = {}
    for path, value in files.items():
        if (entry := _entry(path, value)) is None:
            return None
        entries[path] = entry
    match record:
        case {"servespec": str(version), "deployment": str(deployment), "inputs": str(inputs)}:
            return Manifest(version, deployment, inputs, entries)
    return None


def _entry(path: str, value: object) -> Entry | None:
    # A path that leads out of the tree, or to the manifest itself, would make a foreign file ours.
    if path == MANIFEST or names.problem(path) or not isinstance(value, dict):
        return None
    sha256, fingerprint = value.get("sha256"), value.get("fingerprint", "")
    if not isinstance(sha256, str) or not _SHA256.fullmatch(sha256) or not isinstance(fingerprint, str):
        return None
    return Entry(sha256, fingerprint)


def intended(tree: Tree, recorded: Manifest | None, made: Mapping[str, Entry]) -> Manifest:
    """The manifest that belongs beside the files of `tree`.

    While files outside the scope stay as an older spec made them, the record keeps that spec's hash, so that
    the full build can still say why they change. A mere change of servespec's version is not written down.
    """
    kept = {} if recorded is None else outside(tree, recorded)
    old = recorded if kept else None
    wanted = Manifest(
        version=__version__,
        deployment=tree.deployment if old is None else old.deployment,
        inputs=tree.inputs if old is None else old.inputs,
        files={**kept, **made},
    )
    if recorded is not None and replace(wanted, version=recorded.version) == recorded:
        return recorded
    return wanted


def outside(tree: Tree, recorded: Manifest) -> dict[str, Entry]:
    """The files of ours that `tree` does not speak for."""
    return {path: entry for path, entry in recorded.files.items() if not within(tree, path)}


def within(tree: Tree, path: str) -> bool:
    """Whether `tree` speaks for `path`."""
    return any(not scope or f"{path}/".startswith(scope.rstrip("/") + "/") for scope in tree.scope)


def entry_of(artifact: Artifact, sha256: str) -> Entry:
    """The record of an artefact whose bytes have that hash."""
    return Entry(sha256, artifact.content.fingerprint if isinstance(artifact.content, Recipe) else "")
