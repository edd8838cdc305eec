"""The model, loaded once."""

import importlib
import os

from scorer.digest import digest_of
from scorer.failure import MODEL, Failure


def load(spec, path, here):
    """The model of a spec, or the one at that path instead; `here` is where the spec's own path starts."""
    model = spec["model"]
    path = path or (model["path"] if ":/" in model["path"] else os.path.join(here, model["path"]))
    found = digest_of(path)
    if model["digest"] not in (None, found):
        raise Failure(MODEL, f"{path} is not the file that model.digest names: it is {found}")
    try:
        threads = spec["threads"] or len(os.sched_getaffinity(0))
        return importlib.import_module("scorer.model").Model(path, threads=threads, settings=spec["settings"])
    except Failure:
        raise
    except Exception as error:  # whatever a library raises for a file that it can't load
        raise Failure(MODEL, f"{path} can't be loaded: {type(error).__name__}: {str(error)[:500]}") from error
