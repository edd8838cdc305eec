"""JSON: an object an event."""

import json

from worker.failure import UNDECODABLE, Bad


def _refused(word):
    raise ValueError(f"{word} is no JSON")


_DECODE = json.JSONDecoder(parse_constant=_refused).decode
_ENCODE = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode


class Reader:
    def __init__(self, spec):
        pass

    def read(self, data):
        """The object that these bytes are."""
        try:
            value = _DECODE(str(data, "utf-8"))
        except (ValueError, TypeError, RecursionError) as error:
            raise Bad(UNDECODABLE, f"no JSON: {error}") from None
        if type(value) is not dict:
            raise Bad(UNDECODABLE, f"no object of JSON: {str(value)[:40]!r}")
        return value


class Writer:
    def __init__(self, spec, name):
        pass

    def write(self, value):
        """The bytes of an object."""
        return _ENCODE(value).encode("utf-8")
