"""Values that the spec only refers to: they are read when the worker starts, from variables or from files."""

import os

from scorer.failure import Failure
from worker.failure import REFUSED


def revealed(references):
    """The value of each name."""
    return {name: _value(name, **reference) for name, reference in references.items()}


def _value(name, env=None, file=None):
    try:
        if file is None:
            return os.environ[env]
        with open(file, encoding="utf-8") as stream:
            return stream.read().rstrip("\n")
    except (KeyError, OSError) as error:
        missing = f"the variable {env} is not set" if file is None else str(error)
        raise Failure(REFUSED, f"{name} is not there: {missing}") from None
