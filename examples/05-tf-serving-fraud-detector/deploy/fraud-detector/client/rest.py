"""Asks the served model over REST, as a program or as a module. Needs Python 3.10 or newer, and nothing else.

    python rest.py               sends the first example of the spec, and prints the answer as JSON
    python rest.py INPUTS        sends these, given as JSON; `-` reads them from standard input

    with Client("http://127.0.0.1:8080", timeout=5) as client:
        client.predict(INPUTS)

`encode` says which INPUTS there are. Exit codes: 0 an answer, 1 refused by the server, 2 wrong usage or inputs, 3 the
server failed, 4 no answer in time, 5 nobody there.
"""

from __future__ import annotations

import argparse
import http.client
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

SPEC: dict[str, Any] = {
    "url": "http://127.0.0.1:8501",
    "path": "/v1/models/fraud_detector:predict",
    "timeout": 5.0,
    "inputs": {"features": {"datatype": "FP32", "shape": [-1, 4]}},
    "columns": False,
    "outputs": ["probability"],
    "example": {"instances": [[1.0, 2.0, 3.0, 4.0]]},
}


def encode(inputs: Any) -> dict[str, Any]:
    """The request in the column form of TensorFlow Serving, for tensors by their names or for rows."""
    return {"inputs": by_name(inputs)}


def decode(answer: Any) -> dict[str, Any]:
    """The outputs by their names. The server leaves out the name of a lone one, which the spec may know."""
    outputs = answer["outputs"]
    if isinstance(outputs, dict):
        return outputs
    return {name: outputs for name in SPEC["outputs"] or ["outputs"]}


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


class Client:
    """Asks one server. It keeps its connection open and uses no proxy: give each thread a client of its own."""

    def __init__(
        self, url: str = SPEC["url"], *, timeout: float = SPEC["timeout"], token: str | Path | None = None
    ) -> None:
        """`timeout` is how many seconds the server may be silent; a `Path` is the file that holds the token."""
        parts = address(url)
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        self._connection = kind(parts.hostname or "", parts.port, timeout=patience(timeout))
        self._path, self._token = parts.path.rstrip("/") + SPEC["path"], token

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Hang up. The next request connects again."""
        self._connection.close()

    def predict(self, inputs: Any) -> Any:
        """What the model says of the inputs, in the form of `decode`. Raises ClientError."""
        answer = self.send(encode(inputs))
        try:
            return decode(answer)
        except (KeyError, TypeError, IndexError):
            raise ServerFailed(f"an answer in another form: {answer}"[:500]) from None

    def example(self) -> Any:
        """The whole answer to the first example of the spec."""
        if SPEC["example"] is None:
            raise BadInput("the spec has no example: give inputs")
        return self.send(SPEC["example"])

    def send(self, body: Any) -> Any:
        """The whole answer to a whole request, both as the server has them. Raises ClientError."""
        try:
            text = json.dumps(body).encode()
        except (TypeError, ValueError) as error:
            raise BadInput(f"there is no JSON for it: {error}") from None
        status, data = self._post(text)
        if not 200 <= status < 300:
            kind = ServerFailed if status >= 500 else Refused
            raise kind(f"status {status}: {data.decode(errors='replace')[:500]}")
        try:
            return json.loads(data)
        except ValueError:
            raise ServerFailed(f"no JSON: {data.decode(errors='replace')[:500]}") from None

    def _post(self, body: bytes) -> tuple[int, bytes]:
        headers = {"Content-Type": "application/json"}
        if self._token is not None:
            headers["Authorization"] = f"Bearer {bearer(self._token)}"
        again = self._connection.sock is not None
        try:
            self._connection.request("POST", self._path, body, headers)
            answer = self._connection.getresponse()
            return answer.status, answer.read()
        except TimeoutError:
            self.close()
            raise TooLate(f"no answer within {self._connection.timeout:g} s") from None
        except OSError as error:
            self.close()
            if again and isinstance(error, ConnectionError):  # servers hang up when nothing was said for a while
                return self._post(body)
            raise Unreachable(f"{self._connection.host}:{self._connection.port}: {error}") from None
        except http.client.HTTPException as error:
            self.close()
            raise ServerFailed(f"no HTTP, or cut off: {error!r}") from None


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
