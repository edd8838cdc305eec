"""After the exchange: the old tree goes, but for what a person saved in it while the new one was prepared."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field

from servespec.writer.disk import is_folder, look, stands
from servespec.writer.journal import Journal, Stage, load, stamp


def heal(stage: Stage) -> tuple[str, ...]:
    """The rescued paths of a build that was cut short; its stage is gone. To be called under the lock."""
    if not stage.is_left():
        return ()
    if stands(stage.old) and not stands(stage.live):
        os.rename(stage.old, stage.live)  # the second of two renames never happened
    journal = load(stage.journal)
    rescued = () if journal is None else settle(stage, journal)
    remove(stage.new)
    remove(stage.journal)
    return rescued


def settle(stage: Stage, journal: Journal) -> tuple[str, ...]:
    """The paths where a person's bytes were put back; the old tree is gone if there was an exchange."""
    old, live = stage.old if stands(stage.old) else stage.new, stage.live
    if not stands(old) or os.lstat(old).st_ino == journal.root:
        return ()
    settler = _Settler(old, live, journal)
    if is_folder(old):
        settler.folder("")
    else:
        # Somebody put a link or a file where the folder was, in the instant before the exchange.
        os.rename(old, _free(live))
        settler.rescued.append("")
    return tuple(settler.rescued)


@dataclass
class _Settler:
    old: str
    live: str
    journal: Journal
    rescued: list[str] = field(default_factory=list)

    def folder(self, prefix: str) -> None:
        """The folder of the old tree is gone."""
        here = f"{self.old}/{prefix}".rstrip("/")
        _open_up(here)
        with os.scandir(here) as entries:
            found = sorted(entries, key=lambda entry: entry.name)
        for entry in found:
            path = prefix + entry.name
            if entry.is_dir(follow_symlinks=False) and self._known(path):
                self.folder(path + "/")
            elif not entry.is_dir(follow_symlinks=False) and self._expected(path):
                os.unlink(entry.path)
            else:
                self._rescue(path)
        os.rmdir(here)

    def _known(self, path: str) -> bool:
        """Whether a folder was there when the new tree was prepared."""
        return stands(f"{self.live}/{path}") or any(known.startswith(path + "/") for known in self.journal.replaced)

    def _expected(self, path: str) -> bool:
        """Whether what the old tree holds is what was looked at when the new one was prepared."""
        here, journal = f"{self.old}/{path}", self.journal
        if path in journal.linked:
            return os.lstat(here).st_ino == journal.linked[path][0]
        if path in journal.copied:
            return stamp(os.lstat(here)) == journal.copied[path][0]
        return path in journal.replaced and look(here).seen() == journal.replaced[path]

    def _rescue(self, path: str) -> None:
        wanted = f"{self.live}/{path}"
        if not self._make_way(path):
            wanted = f"{self.live}/{path.replace('/', '-')}"
        goal = wanted if self._superseded(path, wanted) else _free(wanted)
        os.rename(f"{self.old}/{path}", goal)
        self.rescued.append(os.path.relpath(goal, self.live))

    def _superseded(self, path: str, wanted: str) -> bool:
        """Whether what the new tree holds may be overwritten: it is as this writer put it there."""
        if not stands(wanted):
            return True
        if is_folder(f"{self.old}/{path}") or is_folder(wanted):
            return False
        journal = self.journal
        if path in journal.written:
            return look(wanted).seen() == journal.written[path]
        carried = journal.copied[path][1] if path in journal.copied else journal.linked.get(path)
        return carried == stamp(os.lstat(wanted))

    def _make_way(self, path: str) -> bool:
        """Whether every folder on the way to `path` stands in the new tree, if need be since now."""
        parts = path.split("/")[:-1]
        for depth in range(1, len(parts) + 1):
            folder = f"{self.live}/{'/'.join(parts[:depth])}"
            if not stands(folder):
                os.mkdir(folder)
                os.chmod(folder, 0o755)
            elif not is_folder(folder):
                return False
        return True


def remove(path: str) -> None:
    """Nothing stands at `path`: a link is removed, never followed."""
    if not stands(path):
        return
    if not is_folder(path):
        os.unlink(path)
        return
    _open_up(path)
    for name in os.listdir(path):
        remove(f"{path}/{name}")
    os.rmdir(path)


def _open_up(folder: str) -> None:
    mode = os.lstat(folder).st_mode
    if mode & stat.S_IRWXU != stat.S_IRWXU:
        os.chmod(folder, 0o700)  # a folder that its owner made read-only can be emptied too


def _free(path: str) -> str:
    """`path`, or the first free name beside it."""
    goal, count = path, 1
    while stands(goal):
        goal = f"{path}.saved" if count == 1 else f"{path}.saved-{count}"
        count += 1
    return goal
