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
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

SPEC: dict[str, Any] = {
    "url": "http://127.0.0.1:7070",
    "model": "fraud-detector",
    "timeout": 30.0,
    "columns": ["amount", "category_encoded", "hour", "day_of_week"],
    "depth": 2,
    "method": "/org.pytorch.serve.grpc.inference.InferenceAPIsService/Predictions",
    "messages": {
        "PredictionsRequest": {"model_name": "string 1", "input": "repeated Part 3"},
        "PredictionResponse": {"prediction": "bytes 1"},
        "Part": {"key": "string 1", "value": "bytes 2"},
    },
    "example": {"instances": [[86.2, 4, 13, 1]]},
}


def encode(inputs: Any) -> Any:
    """The message for rows."""
    return message({"instances": rows(inputs)})


def message(body: Any) -> Any:
    """The message with a whole request, the same one that goes over REST."""
    try:
        data = {"key": "body", "value": json.dumps(body).encode()}
    except (TypeError, ValueError) as error:
        raise BadInput(f"there is no JSON for it: {error}") from None
    return MESSAGES["PredictionsRequest"](model_name=SPEC["model"], input=[data])


def decode(answer: Any) -> Any:
    """The predictions, one for each row; the whole answer where it does not call them so. A handler's error comes
    without its status, as an answer like any other."""
    found = json.loads(answer.prediction)
    if isinstance(found, dict) and set(found) == {"error"}:
        raise Refused(str(found["error"]))
    return found["predictions"] if isinstance(found, dict) and "predictions" in found else found


def rows(inputs: Any) -> list[Any]:
    """The inputs as a list of rows. One row will do; a row may be a map, where the columns have names."""
    names, found = SPEC["columns"], plain(inputs)
    if isinstance(found, dict) or depth(found) < SPEC["depth"]:
        found = [found]
    return [in_order(row, names) if isinstance(row, dict) else row for row in found]


def in_order(row: dict[str, Any], names: list[str]) -> list[Any]:
    """The values of a row in the order of the columns."""
    if set(row) != set(names):
        raise BadInput(f"a row has the columns {names}, and not {list(row)}")
    return [row[name] for name in names]


def depth(value: Any) -> int:
    """How deep lists are nested in the first item of each; a map is as deep as the list that it stands for."""
    if isinstance(value, dict):
        return 1
    return 1 + depth(value[0]) if isinstance(value, list) and value else int(isinstance(value, list))


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
