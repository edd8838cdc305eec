"""Avro: a record an event, by the schema of a file or those of a registry, plain or in Confluent's wire format."""

import io

import fastavro

from worker.failure import UNDECODABLE, UNFIT, Bad
from worker.registry import Registry

_MAGIC = 0
_HEAD = 5  # bytes: the magic one, and the number of the schema


class Reader:
    """Records, read as they were written and given as the reader's own schema has them."""

    def __init__(self, spec):
        self._schema = fastavro.parse_schema(spec["schema"]) if spec["schema"] else None
        self._framed = spec["wire"] == "confluent"
        self._registry = Registry(spec["registry"]) if self._framed and spec["registry"] else None
        self._written = {}

    def read(self, data):
        """The record that these bytes are."""
        stream, writer = io.BytesIO(data or b""), self._schema
        if self._framed:
            head = stream.read(_HEAD)
            if len(head) < _HEAD or head[0] != _MAGIC:
                raise Bad(UNDECODABLE, "not in Confluent's wire format: it starts with no number of a schema")
            writer = self._writer(int.from_bytes(head[1:], "big"))
        try:
            value = fastavro.schemaless_reader(stream, writer, self._schema)
        except Exception as error:  # fastavro raises nearly anything for bytes of another schema
            raise Bad(UNDECODABLE, f"no record of the schema: {type(error).__name__}: {error}") from None
        if type(value) is not dict:
            raise Bad(UNDECODABLE, f"no record: {str(value)[:40]!r}")
        if stream.read(1):
            raise Bad(UNDECODABLE, "no record of the schema: there is more behind it")
        return value

    def _writer(self, number):
        """The schema of that number; without a registry all are taken for that of the file."""
        if self._registry is None:
            return self._schema
        if number not in self._written:
            self._written[number] = _parsed(self._registry.schema(number), number)
        return self._written[number]


def _parsed(schema, number):
    """A schema of the registry; Bad when it is not whole: no try again would make it so."""
    try:
        return fastavro.parse_schema(schema)
    except Exception as error:  # fastavro raises nearly anything for what is none, or names types that are elsewhere
        raise Bad(UNDECODABLE, f"the registry's schema {number} can't be read: {type(error).__name__}: {error}") from None


class Writer:
    """Records of one schema."""

    def __init__(self, spec, name):
        """`name` is what the schema is registered as, where there is a registry."""
        self._schema, self._head = fastavro.parse_schema(spec["schema"]), b""
        self._registry = Registry(spec["registry"]) if spec["wire"] == "confluent" else None
        self._registered = name, spec["schema"]

    def prepare(self):
        """Registers the schema. Unavailable while the registry does not take it."""
        if self._registry:
            number = self._registry.register(*self._registered)
            self._head = bytes([_MAGIC]) + number.to_bytes(4, "big")

    def write(self, value):
        """The bytes of a record."""
        stream = io.BytesIO()
        stream.write(self._head)
        try:
            fastavro.schemaless_writer(stream, self._schema, value, strict_allow_default=True)
        except Exception as error:  # whatever is raised for a value that the schema does not have
            raise Bad(UNFIT, f"the output does not fit its schema: {type(error).__name__}: {error}") from None
        return stream.getvalue()
