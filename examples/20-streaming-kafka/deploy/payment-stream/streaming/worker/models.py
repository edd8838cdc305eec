"""The model, loaded once."""

import importlib
import os

from scorer.digest import is_address, proven
from scorer.failure import MODEL, Failure


def load(spec, given, here):
    """The model of a spec, or the one that is given instead; `here` is where the spec's own path starts."""
    try:
        return _loaded(spec, given, here)
    except Failure:
        raise
    except Exception as error:  # whatever a library raises for a file that it can't load
        place = given or spec["model"].get("url") or spec["model"]["path"]
        raise Failure(MODEL, f"{place} can't be loaded: {type(error).__name__}: {str(error)[:500]}") from error


def _loaded(spec, given, here):
    model, module = spec["model"], importlib.import_module("scorer.model")
    if "url" in model:
        return module.Model(given or model["url"], threads=1, settings=model)
    path = given or (model["path"] if is_address(model["path"]) else os.path.join(here, model["path"]))
    proven(path, model["digest"])
    threads = spec["threads"] or len(os.sched_getaffinity(0))
    return module.Model(path, threads=threads, settings=spec["settings"])
