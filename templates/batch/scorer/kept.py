"""Files that last as long as this process: what clients read from a file only."""

import tempfile

_KEPT = []


def as_file(text):
    """The path of a file with the text, which nobody else may read."""
    file = tempfile.NamedTemporaryFile("w", encoding="utf-8", prefix="scorer-")
    file.write(text)
    file.flush()
    _KEPT.append(file)
    return file.name
