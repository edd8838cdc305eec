"""Which model it is."""

import hashlib
import os

from scorer.failure import MODEL, Failure


def proven(path, wanted):
    """The digest of the model that is there, None for an address; Failure when there is none, or another one is wanted."""
    if not is_address(path) and not os.path.exists(path):
        raise Failure(MODEL, f"there is no {path}")
    found = digest_of(path)
    if wanted not in (None, found):
        held = found or "an address, whose files are the library's to fetch"
        raise Failure(MODEL, f"{path} is not the file that model.digest names: it is {held}")
    return found


def is_address(path):
    """Whether it is one of a registry, whose files the model's library fetches."""
    return ":/" in path


def digest_of(path):
    """The SHA-256 of the model: of its file, or of all files of its folder with their names; None where it has none here."""
    if not os.path.exists(path):
        return None
    if os.path.isfile(path):
        with open(path, "rb") as file:
            return f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"
    digest = hashlib.sha256()
    for folder, below, names in os.walk(path):
        below.sort()
        for name in sorted(names):
            file = os.path.join(folder, name)
            digest.update(os.path.relpath(file, path).encode() + b"\0")
            with open(file, "rb") as stream:
                digest.update(hashlib.file_digest(stream, "sha256").digest())
    return f"sha256:{digest.hexdigest()}"
