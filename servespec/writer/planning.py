"""The plan of a write: what is on disk against what would be written, and for each difference its cause."""

from __future__ import annotations

import hashlib
from pathlib import Path

from servespec.artifacts import Artifact, Content, Recipe
from servespec.writer import manifest, names
from servespec.writer.disk import Kind, Live, Sight
from servespec.writer.journal import Stage
from servespec.writer.manifest import Entry, Manifest
from servespec.writer.tree import MANIFEST, Tree
from servespec.writer.types import Cause, PlannedFile, State, WriteFailed, WritePlan

_LOOKS = 5
"""How often to look when other builds finish meanwhile; what was seen last is looked at again before it is changed."""


def plan(tree: Tree, out: Path) -> WritePlan:
    """What `apply` would do with `out`. Reads only; `WriteFailed` when it may not."""
    _require(tree)
    try:
        for _ in range(_LOOKS):
            with Live(out, tree.name) as live:
                planner = _Planner(tree, live)
                files, record = planner.files(), planner.record()
                # The folder of another build's past is emptied while it is looked at.
                if not live.was_exchanged():
                    break
        unfinished = Stage.beside(out, tree.name).is_left()
    except OSError as error:
        raise WriteFailed.because(error, out / tree.name) from error
    return WritePlan(out, tree, files, record, unfinished)


def _require(tree: Tree) -> None:
    if "/" in tree.name or names.problem(tree.name):
        raise ValueError(f"the output folder cannot be named {tree.name!r}")
    names.require((MANIFEST, *tree.files))
    if MANIFEST in tree.files or not all(manifest.within(tree, path) for path in tree.files):
        raise ValueError(f"{tree.name}: a file outside of the scope {tree.scope}")


def _bytes(artifact: Artifact) -> bytes | Recipe:
    match artifact.content:
        case Recipe() as recipe:
            return recipe
        case Content(text=text):
            return text.encode()
        case _:
            raise TypeError(f"{artifact.path} has no bytes before it is serialized")


class _Planner:
    """The comparison of one tree with one folder."""

    def __init__(self, tree: Tree, live: Live) -> None:
        self._tree = tree
        self._live = live
        self._sight = live.look(MANIFEST)
        known = manifest.parse(self._sight.data or b"") if self._sight.kind is Kind.FILE else None
        self._recorded: Manifest | None = known
        self._made: dict[str, Entry] = {}

    def files(self) -> tuple[PlannedFile, ...]:
        """Every file of the plan, by path."""
        made = [self._made_file(path, artifact) for path, artifact in self._tree.files.items()]
        gone = [self._orphan(path, entry) for path, entry in self._ours() if path not in self._tree.files]
        files = [*made, *(file for file in gone if file is not None)]
        fresh = all(file.cause is Cause.NEW for file in files)
        files.append(self._manifest(Cause.NEW if fresh else Cause.MISSING))
        return tuple(sorted(files, key=lambda file: file.path))

    def record(self) -> Manifest:
        """What the manifest would say, once `files` has looked at all."""
        return manifest.intended(self._tree, self._recorded, self._made)

    def _ours(self) -> list[tuple[str, Entry]]:
        recorded = {} if self._recorded is None else self._recorded.files
        return [(path, entry) for path, entry in recorded.items() if manifest.within(self._tree, path)]

    def _made_file(self, path: str, artifact: Artifact) -> PlannedFile:
        sight, entry = self._live.look(path), self._entry(path)
        after = _bytes(artifact)
        sha256 = self._sha256(after, sight, entry)
        self._made[path] = manifest.entry_of(artifact, sha256)
        state, cause = self._verdict(artifact, sight, sha256, entry)
        if state is State.UNCHANGED:
            return PlannedFile(path, state)
        note = sight.note
        if sight.kind is Kind.FOLDER:
            note = f"`{self._live.path}/{path}` is a folder where a file must be; move it away"
        return PlannedFile(path, state, cause, after, sight.data, artifact.executable, seen=sight.seen(), note=note)

    def _sha256(self, after: bytes | Recipe, sight: Sight, entry: Entry | None) -> str:
        """The hash of what would be written; for a recipe, empty when only running it would tell."""
        if isinstance(after, bytes):
            return hashlib.sha256(after).hexdigest()
        if sight.kind is not Kind.FILE:
            return ""
        if entry is not None and sight.digest() == entry.sha256:
            return entry.sha256 if entry.fingerprint == after.fingerprint else ""
        # Foreign or edited bytes may yet be the right ones: only running the recipe tells.
        digest = hashlib.sha256()
        for chunk in after.chunks():
            digest.update(chunk)
        return digest.hexdigest()

    def _verdict(
        self, artifact: Artifact, sight: Sight, sha256: str, entry: Entry | None
    ) -> tuple[State, Cause | None]:
        if sight.kind is Kind.NOTHING:
            return State.CREATE, Cause.NEW if entry is None else Cause.MISSING
        if sight.kind is not Kind.FILE:
            return State.CONFLICT, Cause.NOT_OURS
        if sight.digest() == sha256:
            same = sight.executable is artifact.executable
            return (State.UNCHANGED, None) if same else (State.UPDATE, Cause.MODE_CHANGED)
        if entry is None:
            return State.CONFLICT, Cause.NOT_OURS
        if sight.digest() != entry.sha256:
            return State.CONFLICT, Cause.EDITED_BY_HAND
        return State.UPDATE, self._changed()

    def _changed(self) -> Cause:
        recorded = self._recorded
        if recorded is None or recorded.deployment != self._tree.deployment:
            return Cause.SPEC_CHANGED
        return Cause.INPUTS_CHANGED if recorded.inputs != self._tree.inputs else Cause.GENERATOR_CHANGED

    def _orphan(self, path: str, entry: Entry) -> PlannedFile | None:
        sight = self._live.look(path)
        if sight.kind is not Kind.FILE:
            return None  # what took the place of our file is somebody else's: it moves along
        edited = sight.digest() != entry.sha256
        return PlannedFile(
            path,
            State.CONFLICT if edited else State.ORPHAN,
            Cause.EDITED_BY_HAND if edited else Cause.ORPHAN,
            before=sight.data,
            seen=sight.seen(),
        )

    def _manifest(self, absent: Cause) -> PlannedFile:
        wanted = self.record()
        sight, state, cause = self._sight, State.UPDATE, self._changed()
        if wanted is self._recorded:
            if not sight.executable:
                return PlannedFile(MANIFEST, State.UNCHANGED)
            cause = Cause.MODE_CHANGED
        elif sight.kind is Kind.NOTHING:
            state, cause = State.CREATE, absent
        elif self._recorded is None:
            foreign = sight.kind is not Kind.FILE
            state, cause = State.CONFLICT, Cause.NOT_OURS if foreign else Cause.EDITED_BY_HAND
        note = sight.note
        if sight.kind is Kind.FOLDER:
            note = f"`{self._live.path}/{MANIFEST}` is a folder where a file must be; move it away"
        return PlannedFile(MANIFEST, state, cause, wanted.render(), sight.data, seen=sight.seen(), note=note)

    def _entry(self, path: str) -> Entry | None:
        return None if self._recorded is None else self._recorded.files.get(path)
