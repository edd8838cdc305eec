"""Asks the served model over gRPC, as a program or as a module. Needs Python 3.10 or newer, and requirements.txt.

    python rpc.py               sends the first example of the spec, and prints the answer as JSON
    python rpc.py INPUTS        sends these, given as JSON; `-` reads them from standard input

    with Client("http://127.0.0.1:8081", timeout=5) as client:
        client.predict(INPUTS)

`encode` says which INPUTS there are. Exit codes: 0 an answer, 1 refused by the server, 2 wrong usage or inputs, 3 the
server failed, 4 no answer in time, 5 nobody there. It is not called grpc.py, which would hide the package of that name.
"""

from __future__ import annotations

import argparse
import json
import struct
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

SPEC: dict[str, Any] = {
    "url": "http://127.0.0.1:8500",
    "model": "fraud_detector",
    "timeout": 5.0,
    "inputs": {"features": {"datatype": "FP32", "shape": [-1, 4]}},
    "columns": False,
    "method": "/tensorflow.serving.PredictionService/Predict",
    "messages": {
        "PredictRequest": {"model_spec": "ModelSpec 1", "inputs": "repeated Named 2"},
        "PredictResponse": {"outputs": "repeated Named 1"},
        "ModelSpec": {"name": "string 1"},
        "Named": {"key": "string 1", "value": "TensorProto 2"},
        "TensorProto": {
            "dtype": "int32 1",
            "tensor_shape": "TensorShapeProto 2",
            "float_val": "repeated float 5",
            "double_val": "repeated double 6",
            "int_val": "repeated int32 7",
            "string_val": "repeated bytes 8",
            "int64_val": "repeated int64 10",
            "bool_val": "repeated bool 11",
            "half_val": "repeated int32 13",
            "uint32_val": "repeated uint32 16",
            "uint64_val": "repeated uint64 17",
        },
        "TensorShapeProto": {"dim": "repeated Dim 2"},
        "Dim": {"size": "int64 1"},
    },
    "types": {
        "FP32": [1, "float_val"],
        "FP64": [2, "double_val"],
        "INT32": [3, "int_val"],
        "UINT8": [4, "int_val"],
        "INT16": [5, "int_val"],
        "INT8": [6, "int_val"],
        "BYTES": [7, "string_val"],
        "INT64": [9, "int64_val"],
        "BOOL": [10, "bool_val"],
        "UINT16": [17, "int_val"],
        "FP16": [19, "half_val"],
        "UINT32": [22, "uint32_val"],
        "UINT64": [23, "uint64_val"],
    },
    "formats": {
        "BOOL": "?",
        "UINT8": "B",
        "UINT16": "H",
        "UINT32": "I",
        "UINT64": "Q",
        "INT8": "b",
        "INT16": "h",
        "INT32": "i",
        "INT64": "q",
        "FP16": "e",
        "FP32": "f",
        "FP64": "d",
    },
    "example": None,
}


def encode(inputs: Any) -> Any:
    """The message of TensorFlow Serving, for tensors by their names or for rows."""
    return message(by_name(inputs))


def message(tensors: dict[str, Any]) -> Any:
    """The message for tensors that fit."""
    request = MESSAGES["PredictRequest"](model_spec={"name": SPEC["model"]})
    for name, values in tensors.items():
        shape, data = flat(values)
        datatype = SPEC["inputs"][name]["datatype"]
        number, field = SPEC["types"][datatype]
        sizes = {"dim": [{"size": size} for size in shape]}
        try:
            tensor = {"dtype": number, "tensor_shape": sizes, field: [written(item, datatype) for item in data]}
            request.inputs.add(key=name, value=tensor)
        except (TypeError, ValueError, AttributeError, OverflowError, struct.error) as error:
            raise BadInput(f"a value of {name!r} is no {datatype}: {error}") from None
    return request


def written(value: Any, datatype: str) -> Any:
    """A value as a field of a tensor takes it: text as bytes, half a float by its bits. Small integers share a wider
    field, which the server cuts off; so it is seen here that a value fits."""
    if datatype == "BYTES":
        return value.encode()
    if datatype == "BOOL" and not isinstance(value, bool):
        raise TypeError(f"{value!r} is neither true nor false")
    bits = struct.pack(f"<{SPEC['formats'][datatype]}", value)
    return int.from_bytes(bits, "little") if datatype == "FP16" else value


def decode(answer: Any) -> dict[str, Any]:
    """The outputs by their names."""
    fields = {number: field for number, field in SPEC["types"].values()}
    outputs = {}
    for item in answer.outputs:
        field, sizes = fields[item.value.dtype], [dim.size for dim in item.value.tensor_shape.dim]
        outputs[item.key] = nested([seen(value, field) for value in getattr(item.value, field)], sizes)
    return outputs


def seen(value: Any, field: str) -> Any:
    """A value of a tensor's field as JSON has it."""
    if field == "half_val":
        return struct.unpack("<e", value.to_bytes(2, "little"))[0]
    return value.decode(errors="replace") if field == "string_val" else value


def by_name(inputs: Any) -> dict[str, Any]:
    """The inputs as nested lists by their names. Of a model with one input its rows will do, also a row alone; of one
    that takes columns, these, or rows as maps or as lists in the order of the columns."""
    wanted = SPEC["inputs"]
    if not wanted:
        raise BadInput("the spec does not say what the model takes: name its inputs in `signature`, and build again")
    found = plain(inputs)
    if SPEC["columns"]:
        found = columns(found)
    elif not isinstance(found, dict) and len(wanted) == 1:
        found = {name: found for name in wanted}
    if not isinstance(found, dict) or set(found) != set(wanted):
        given = sorted(map(str, found)) if isinstance(found, dict) else "something without names"
        raise BadInput(f"the model takes {sorted(wanted)}, and got {given}")
    return {name: fitted(name, found[name]) for name in wanted}


def columns(found: Any) -> dict[str, Any]:
    """Columns, or rows, or one row, as a column for each name with one value a row."""
    if isinstance(found, dict) and all(isinstance(values, list) for values in found.values()):
        return {name: [[value] for value in flat(values)[1]] for name, values in found.items()}
    names = list(SPEC["inputs"])
    several = found if isinstance(found, list) and found and isinstance(found[0], (list, dict)) else [found]
    told = (isinstance(row, dict) and set(row) == set(names) for row in several)
    table = [[row[name] for name in names] if by else row for row, by in zip(several, told, strict=True)]
    if any(not isinstance(row, list) or len(row) != len(names) for row in table):
        raise BadInput(f"a row has the values of {names}, as a map or as a list in this order")
    return {name: [[row[index]] for row in table] for index, name in enumerate(names)}


def fitted(name: str, values: Any) -> Any:
    """The values, when they have the shape that the model takes; -1 is any size. A row alone is one of one row."""
    wanted, shape = SPEC["inputs"][name]["shape"], flat(values)[0]
    if len(shape) == len(wanted) - 1:
        return fitted(name, [values])
    if len(shape) != len(wanted) or any(want not in (-1, size) for size, want in zip(shape, wanted, strict=True)):
        raise BadInput(f"{name!r} has the shape {shape}, and the model takes {wanted}")
    return values


def flat(values: Any) -> tuple[list[int], list[Any]]:
    """The lengths of nested lists from the outside in, and all that is in them."""
    if not isinstance(values, list):
        return [], [values]
    if not any(isinstance(item, list) for item in values):
        return [len(values)], values
    parts = [flat(item) for item in values]
    if any(shape != parts[0][0] for shape, _ in parts):
        raise BadInput("the lists differ in their lengths")
    return [len(values), *parts[0][0]], [value for _, data in parts for value in data]


def nested(data: list[Any], shape: Sequence[int]) -> Any:
    """The data as nested lists of these lengths."""
    if not shape:
        return data[0]
    for size in reversed(shape[1:]):
        data = [data[start : start + size] for start in range(0, len(data), max(size, 1))]
    return data


class ClientError(Exception):
    """There is no prediction; the message says why."""

    exit_code = 1


class Refused(ClientError):
    """The server does not answer such a request."""


class BadInput(ClientError, ValueError):
    """What was given can't be sent."""

    exit_code = 2


class ServerFailed(ClientError):
    """The server failed, or what it said is no answer."""

    exit_code = 3


class TooLate(ClientError):
    """The time was over."""

    exit_code = 4


class Unreachable(ClientError):
    """Nobody is there, or the connection was cut."""

    exit_code = 5


def classes() -> dict[str, Any]:
    """The classes of the messages. They are made here, so that nothing has to be generated, and in a pool of their own,
    so that they clash with no others."""
    kind = descriptor_pb2.FieldDescriptorProto
    file = descriptor_pb2.FileDescriptorProto(name="model.proto", package="model", syntax="proto3")
    for name, fields in SPEC["messages"].items():
        message = file.message_type.add(name=name)
        for field, declared in fields.items():  # as in a .proto: `repeated`, the type, the number
            *repeated, type_, number = declared.split()
            label = kind.LABEL_REPEATED if repeated else kind.LABEL_OPTIONAL
            entry = message.field.add(name=field, number=int(number), label=label)
            if type_ in SPEC["messages"]:
                entry.type, entry.type_name = kind.TYPE_MESSAGE, f".model.{type_}"
            else:
                entry.type = kind.Type.Value(f"TYPE_{type_.upper()}")
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    found = {name: pool.FindMessageTypeByName(f"model.{name}") for name in SPEC["messages"]}
    return {name: message_factory.GetMessageClass(descriptor) for name, descriptor in found.items()}


MESSAGES = classes()
FAILURES: dict[Any, type[ClientError]] = {
    grpc.StatusCode.UNAVAILABLE: Unreachable,
    grpc.StatusCode.DEADLINE_EXCEEDED: TooLate,
    grpc.StatusCode.INTERNAL: ServerFailed,
    grpc.StatusCode.UNKNOWN: ServerFailed,
}


class Client:
    """Asks one server. It uses no proxy; several threads may share it."""

    def __init__(
        self, url: str = SPEC["url"], *, timeout: float = SPEC["timeout"], token: str | Path | None = None
    ) -> None:
        """`timeout` is how many seconds an answer may take; a `Path` is the file that holds the token."""
        parts = address(url)
        where = parts.netloc.rstrip(":")
        if parts.port is None:  # gRPC takes 443 then, with TLS and without
            where += ":443" if parts.scheme == "https" else ":80"
        options = [("grpc.enable_http_proxy", 0), ("grpc.max_receive_message_length", -1)]
        if parts.scheme == "https":
            self._channel = grpc.secure_channel(where, grpc.ssl_channel_credentials(), options=options)
        else:
            self._channel = grpc.insecure_channel(where, options=options)
        request, answer, *_ = MESSAGES.values()
        self._call = self._channel.unary_unary(
            SPEC["method"], request_serializer=request.SerializeToString, response_deserializer=answer.FromString
        )
        self._timeout, self._token = patience(timeout), token

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Hang up for good."""
        self._channel.close()

    def predict(self, inputs: Any) -> Any:
        """What the model says of the inputs, in the form of `decode`. Raises ClientError."""
        return self._said(encode(inputs))

    def example(self) -> Any:
        """What the model says of the first example of the spec."""
        if SPEC["example"] is None:
            raise BadInput("the spec has no example that can be sent: give inputs")
        return self._said(message(SPEC["example"]))

    def _said(self, request: Any) -> Any:
        headers = () if self._token is None else (("authorization", f"Bearer {bearer(self._token)}"),)
        try:
            return decode(self._call(request, timeout=self._timeout, metadata=headers))
        except grpc.RpcError as error:
            kind = FAILURES.get(error.code(), Refused)
            raise kind(f"{error.code().name}: {error.details()}"[:500]) from None
        except (KeyError, TypeError, IndexError, ValueError) as error:
            raise ServerFailed(f"an answer in another form: {error!r}") from None


def plain(value: Any) -> Any:
    """The value with lists in place of numpy's arrays and of tuples."""
    if isinstance(value, dict):
        return {name: plain(item) for name, item in value.items()}
    value = value.tolist() if hasattr(value, "tolist") else value
    return [plain(item) for item in value] if isinstance(value, (list, tuple)) else value


def address(url: str) -> SplitResult:
    """The parts of an address."""
    try:
        parts = urlsplit(url)
        sent = (parts.hostname or "").encode("idna").decode() + parts.path
        plain = sent.isascii() and sent.isprintable() and " " not in sent and not (parts.query or parts.fragment)
        whole = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        good = whole and plain and "@" not in url
    except ValueError:
        good = False
    if not good:
        named = "what holds a user or a password" if "@" in url else repr(url)  # which a log would keep
        raise BadInput(f"{named} is no address such as {SPEC['url']}")
    return parts


def patience(seconds: float) -> float:
    """The seconds, or a year: no clock of a connection goes on for ever."""
    return min(seconds, 365 * 86400.0)


def bearer(token: str | Path) -> str:
    """The token. A file is read anew each time, since TorchServe makes new keys when it starts; its own will do."""
    try:
        text = token.read_text(encoding="utf-8").strip() if isinstance(token, Path) else token
        found = str(json.loads(text)["inference"]["key"]) if text.startswith("{") else text
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadInput(f"no token in {token}: {error}") from None
    if not (found.isascii() and found.isprintable()):
        raise BadInput("the token has characters that no header can carry")
    return found


def read(text: str) -> Any:
    """The inputs of the command line."""
    try:
        return json.loads(sys.stdin.read() if text == "-" else text)
    except ValueError as error:
        raise BadInput(f"the inputs are no JSON: {error}") from None


def line(text: str) -> str:
    """A text on one line, safe to print."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the answer, and say by the exit code what came of it."""
    parser = argparse.ArgumentParser(description="Asks the served model once, and prints its answer as JSON.")
    parser.add_argument("inputs", nargs="?", help="as JSON; `-` reads standard input (default: the first example)")
    parser.add_argument("--url", default=SPEC["url"], help="where the server is (default: %(default)s)")
    parser.add_argument(
        "--timeout", type=float, default=SPEC["timeout"], metavar="SECONDS", help="to wait (default: %(default)s)"
    )
    parser.add_argument("--token-file", type=Path, metavar="FILE", help="holds the token, or is TorchServe's key file")
    given = parser.parse_args(arguments)
    if not given.timeout > 0:
        parser.error("--timeout is more than 0")
    try:
        with Client(given.url, timeout=given.timeout, token=given.token_file) as client:
            answer = client.example() if given.inputs is None else client.predict(read(given.inputs))
    except ClientError as error:
        print(f"{type(error).__name__}: {line(str(error))}", file=sys.stderr)
        return error.exit_code
    print(json.dumps(answer, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
