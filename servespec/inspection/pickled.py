"""Pickles, by themselves and as joblib writes them: what made the object, and what it needs. Nothing is unpickled."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from servespec.inspection.blob import Blob, Cursor, Stream
from servespec.inspection.faces import rows_of
from servespec.inspection.hazards import hazards
from servespec.inspection.inflate import inflated
from servespec.inspection.machine import Trace, follow
from servespec.inspection.signs import compression
from servespec.inspection.symbols import Made, Name, attribute, class_of
from servespec.inspection.types import Malformed
from servespec.models import Face, Framework, Hazard, Inspection, Signature

KIND = "pickle"
FORMATS = {"sklearn": "sklearn", "xgboost": "xgboost", "lightgbm": "lightgbm", "torch": "pytorch"}
"""The word of `model.format` by the package of the object's class."""
PICKER = Name("sklearn.compose._column_transformer", "ColumnTransformer")
"""Fitted on a data frame it looks in another one only for the columns that it does not drop, in whatever order. What it
is a part of asks no more: pipelines and searches leave that to it."""
_VERSION = "_sklearn_version"


def read(blob: Blob) -> Inspection:
    """What a pickle says, compressed or not."""
    packed = compression(blob.read(0, 8))
    stream: Stream = inflated(blob, packed) if packed else Cursor(blob)
    value, trace, damage = trace_of(stream)
    versions = sorted({found for item in trace.objects if isinstance(found := attribute(item, _VERSION), str)})
    made_by = class_of(value)
    rows = (
        *((("compression", packed),) if packed else ()),
        *((("made by", str(made_by)),) if made_by else ()),
        *((("imports", ", ".join(imported)),) if (imported := imports(trace.names)) else ()),
    )
    format_ = FORMATS.get(made_by.module.partition(".")[0]) if made_by else None
    sklearn = Framework("scikit-learn", _own(value) or versions[-1]) if versions else None
    # The wrappers of other libraries have parts of scikit-learn in them.
    own = format_ in (None, "sklearn")
    mixed = (Hazard(", ".join(versions), "several versions of scikit-learn made its parts"),)
    return Inspection(
        "joblib" if any(name.module.startswith("joblib.") for name in trace.names) else KIND,
        format_,
        sklearn if own else None,
        packages=(sklearn,) if sklearn and not own else (),
        signature=_signature(value),
        details=rows,
        hazards=(*dangers(blob, trace, damage), *(mixed if len(versions) > 1 else ())),
        picks=any(class_of(item) == PICKER and _columns(item) for item in trace.objects),
    )


def trace_of(stream: Stream) -> tuple[object, Trace, Malformed | None]:
    """What a pickle makes and asks for; and how it breaks off, when something was asked for before that.

    Whoever loads a damaged pickle runs what comes before the damage.
    """
    trace = Trace()
    try:
        return follow(stream, trace), trace, None
    except Malformed as damage:
        if not trace.names:
            raise
        return None, trace, damage


def dangers(blob: Blob, trace: Trace, damage: Malformed | None) -> tuple[Hazard, ...]:
    """What speaks against loading a pickle."""
    found = list(hazards(trace.names))
    if trace.unclear:
        found.append(Hazard(blob.name, "asks for something by a name that only loading it would tell"))
    if damage:
        found.append(Hazard(blob.name, f"{damage}; nothing is known of the rest"))
    return tuple(found)


def imports(names: Iterable[Name]) -> tuple[str, ...]:
    """The packages that must be installed for what is asked for."""
    roots = {name.module.partition(".")[0] for name in names}
    return tuple(sorted(roots - sys.stdlib_module_names - {"__builtin__", "copy_reg", "__torch__"}))


def _own(value: object) -> str | None:
    found = attribute(value, _VERSION)
    return found if isinstance(found, str) else None


def _signature(value: object) -> Signature | None:
    """What a scikit-learn estimator was fitted on."""
    first = value
    for _ in range(_MAX_PIPELINES):
        if class_of(first) != _PIPELINE:
            break
        steps = attribute(first, "steps")
        step = steps.items[0] if isinstance(steps, Made) and steps.items else None
        first = step[1] if isinstance(step, tuple) and len(step) == 2 else None
    count = attribute(first, "n_features_in_")
    face = rows_of(count if isinstance(count, int) else 0, _columns(first))
    return Signature(face, None) if face != Face((), ()) else None


def _columns(estimator: object) -> tuple[str, ...]:
    """The columns of the data frame that an estimator was fitted on."""
    return _strings(attribute(estimator, "feature_names_in_"))


_PIPELINE = Name("sklearn.pipeline", "Pipeline")
_MAX_PIPELINES = 10


def _strings(array: object) -> tuple[str, ...]:
    """The elements of a NumPy array of texts: the last part of its state."""
    state = array.state if isinstance(array, Made) else None
    last = state[-1] if isinstance(state, tuple) and state else None
    items = last.items if isinstance(last, Made) else []
    return tuple(item for item in items if isinstance(item, str))
