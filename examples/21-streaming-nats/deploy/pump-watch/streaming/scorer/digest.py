"""Which model it is."""

import hashlib
import os


def digest_of(path):
    """The SHA-256 of the model: of its file, or of all files of its folder with their names."""
    if not os.path.exists(path):
        return None  # an address, whose files the model's library fetches
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
