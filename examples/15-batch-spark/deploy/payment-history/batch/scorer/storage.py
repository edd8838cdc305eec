"""Where data lies: a path on this machine, or an address of object storage, both by Arrow's file systems."""

import fnmatch
import importlib
import os
import posixpath

from pyarrow import fs

from scorer.failure import NO_INPUT, STORAGE, Failure
from scorer.publishing import CURRENT, RUN, Staging


class Place:
    """A file or folder, with the file system that has it."""

    def __init__(self, uri, data, storage):
        """`uri` as the spec has it; relative paths start from the folder `data`, and `storage` is a connection's."""
        self.uri, self.remote = uri, "://" in uri
        if self.remote:
            try:
                self.system, path = _reached(uri, storage) if storage else fs.FileSystem.from_uri(uri)
            except (OSError, ValueError) as error:
                raise Failure(STORAGE, f"{uri} can't be reached: {error}") from None
        else:
            self.system, path = fs.LocalFileSystem(), os.path.abspath(os.path.join(data, uri))
        self.path = path.rstrip("/")

    def files(self):
        """The files that are meant: the one that is named, those that match a pattern, or all below a folder.

        Names that start with `_` or `.` are no data: markers, manifests, what somebody is still writing.
        """
        try:
            return self._matching() if set("*?[") & set(posixpath.basename(self.path)) else self._below()
        except OSError as error:
            raise Failure(STORAGE, f"{self.uri} can't be listed: {error}") from None

    def _matching(self):
        folder, pattern = posixpath.split(self.path)
        found = self.system.get_file_info(fs.FileSelector(folder, allow_not_found=True))
        return _sorted(item for item in found if item.is_file and fnmatch.fnmatchcase(item.base_name, pattern))

    def _below(self):
        info = self.system.get_file_info(self.path)
        if info.is_file:
            return [info]
        found = self.system.get_file_info(fs.FileSelector(self.path, allow_not_found=True, recursive=True))
        start = len(self.path) + 1
        return _sorted(
            item
            for item in self._seen(found)
            if item.is_file and not any(name[:1] in "._" for name in item.path[start:].split("/"))
        )

    def _seen(self, found):
        """What was found, but of results that a scorer makes on object storage only the run that is seen: none before the
        first is published."""
        hidden = self._runs(found) if self.remote else set()
        for pointer in [item for item in found if self.remote and item.is_file and item.base_name == CURRENT]:
            folder = posixpath.dirname(pointer.path)
            try:
                run = Staging(self.system, folder).get(CURRENT)["run"]
            except (KeyError, TypeError):
                raise Failure(STORAGE, f"{pointer.path} is not what a scorer writes there") from None
            runs, seen = f"{folder}/runs/", f"{folder}/{run}/"
            found = [item for item in found if not item.path.startswith(runs) or item.path.startswith(seen)]
            hidden.discard(f"{folder}/{run}")
        return [item for item in found if posixpath.dirname(item.path) not in hidden]

    def _runs(self, found):
        """The prefixes of runs in results below this place. A run that is this place itself was chosen by somebody."""
        start = len(self.path) + 1
        marks = [item.path for item in found if item.is_file and item.base_name == RUN]
        return {posixpath.dirname(path) for path in marks if path[start:].split("/")[-3:-2] == ["runs"]}

    def none(self):
        """The failure when there is no such file."""
        if self.remote:
            return Failure(NO_INPUT, f"there is no input: looked for {self.uri}")
        there = os.path.dirname(self.path) if not os.path.isdir(self.path) else self.path
        while not os.path.isdir(there):
            there = os.path.dirname(there)
        near = ", ".join(sorted(os.listdir(there))[:10]) or "nothing"
        return Failure(NO_INPUT, f"there is no input: looked for {self.path}; in {there} there is {near}")


def _reached(uri, storage):
    """The file system that a connection leads to, and the path in it."""
    absent = [name for name in storage["secrets"].values() if name not in os.environ]
    if absent:
        raise Failure(STORAGE, f"{uri} can't be reached: {', '.join(absent)} is not set")
    shown = {held: os.environ[name] for held, name in storage["secrets"].items()}
    path = uri.partition("://")[2]
    return importlib.import_module(f"scorer.{storage['type']}").system(storage, shown, path), path


def _sorted(found):
    return sorted(found, key=lambda item: item.path)
