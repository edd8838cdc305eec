"""JSON: an object an event."""

import base64
import datetime as dt
import decimal
import json
import uuid
from json.encoder import c_make_encoder, encode_basestring

from worker.failure import UNDECODABLE, UNFIT, Bad


def _refused(word):
    raise ValueError(f"{word} is no JSON")


def _as_text(value):
    """What an event of Avro has and JSON does not: moments in ISO 8601, decimals with all their digits, bytes in Base64."""
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, decimal.Decimal):
        return f"{value:f}"
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    raise TypeError(f"{type(value).__name__} is no type of JSON")


_DECODER = json.JSONDecoder(parse_constant=_refused)
# json.JSONEncoder makes one like it for every value, which takes as long as the value. In its order: no search for
# circles (in what was decoded there are none), what to do with other types, how text is quoted, no lines, separators,
# keys as they come, none left out, no numbers that are not finite.
_ENCODER = c_make_encoder(None, _as_text, encode_basestring, None, ":", ",", False, False, False)


class Reader:
    def __init__(self, spec):
        pass

    def read(self, data):
        """The object that these bytes are."""
        try:
            value = _decoded(str(data, "utf-8"))
        except (ValueError, TypeError, RecursionError) as error:
            raise Bad(UNDECODABLE, f"no JSON: {error}") from None
        if type(value) is not dict:
            raise Bad(UNDECODABLE, f"no object of JSON: {str(value)[:40]!r}")
        return value


def _decoded(text):
    """The value of a text. White space around it is looked for only where there is some: that takes as long again."""
    if text[:1] == "{" and text[-1:] == "}":
        value, end = _DECODER.raw_decode(text)
        if end == len(text):
            return value
    return _DECODER.decode(text)


class Writer:
    def __init__(self, spec, name):
        pass

    def prepare(self):
        """Nothing is needed for it."""

    def write(self, value):
        """The bytes of an object."""
        try:
            return "".join(_ENCODER(value, 0)).encode("utf-8")
        except (ValueError, TypeError, RecursionError) as error:  # JSON that nobody else reads, such as 1e999 or half a character
            raise Bad(UNFIT, f"what is kept of it can't be written as JSON: {error}") from None
