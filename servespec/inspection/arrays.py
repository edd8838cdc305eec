"""Where the bytes of arrays stand between the instructions of a pickle, as joblib writes them.

`joblib.numpy_pickle.NumpyArrayWrapper`: right after the instruction that fills the wrapper come the elements, with a
byte before them that says how many bytes of padding follow it; or, for elements that are objects, another pickle.
"""

from __future__ import annotations

import re
from math import prod

from servespec.inspection.blob import Stream
from servespec.inspection.faces import sizes
from servespec.inspection.symbols import Made, Name, attribute, class_of
from servespec.inspection.types import Malformed

_WRAPPER = Name("joblib.numpy_pickle", "NumpyArrayWrapper")
_TYPE = re.compile(r"[<>|=]?([a-zA-Z])([0-9]{1,9})")
_BYTES_A_CHARACTER = 4


def array_follows(value: object) -> bool:
    """Whether the elements of an array come next."""
    return class_of(value) == _WRAPPER


def skip_array(wrapper: object, stream: Stream) -> bool:
    """Pass over the elements; True when they are a pickle, which is left to be read."""
    dtype, shape = attribute(wrapper, "dtype"), attribute(wrapper, "shape")
    code = dtype.arguments[0] if isinstance(dtype, Made) and isinstance(dtype.arguments, tuple) else ""
    kind = _TYPE.fullmatch(code) if isinstance(code, str) else None
    if kind is None or not isinstance(shape, tuple) or min(sizes(shape), default=0) < 0:
        raise Malformed("is damaged: an array has no type or no shape")
    if kind[1] == "O":
        return True
    if attribute(wrapper, "numpy_array_alignment_bytes") is not None:
        stream.skip(stream.take(1)[0])
    stream.skip(prod(sizes(shape)) * int(kind[2]) * (_BYTES_A_CHARACTER if kind[1] == "U" else 1))
    return False
