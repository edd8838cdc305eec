"""What storages of objects have in common: a bucket, and keys that look like paths."""

import os

from sources.failure import FAILED, MISSING, Failure


def parts(address):
    """The bucket of an address, and the key in it."""
    bucket, _, key = address.partition("://")[2].partition("/")
    if not bucket:
        raise Failure(MISSING, "no bucket is named")
    return bucket, key


def place(folder, relative):
    """Where a file goes, with the folders that lead there. A key may look like a path out of the folder."""
    steps = relative.split("/")
    if any(step in ("", ".", "..") or "\0" in step or "\\" in step for step in steps):
        raise Failure(FAILED, f"the key {relative!r} can't be the path of a file")
    target = os.path.join(folder, *steps)
    os.makedirs(os.path.dirname(target), exist_ok=True)
    return target


def below(keys, key):
    """Each key of a folder, with its path there. Some tools keep a marker for the folder itself."""
    top = f"{key.rstrip('/')}/" if key else ""
    for found in keys:
        if found.startswith(top) and not found.endswith("/"):
            yield found, found.removeprefix(top)
