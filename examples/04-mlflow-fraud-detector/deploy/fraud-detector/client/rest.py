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
    "url": "http://127.0.0.1:8080",
    "path": "/invocations",
    "timeout": 30.0,
    "columns": ["amount", "category_encoded", "hour", "day_of_week"],
    "depth": 2,
    "example": {
        "dataframe_split": {
            "columns": ["amount", "category_encoded", "hour", "day_of_week"],
            "data": [[86.2, 4, 13, 1]],
        },
    },
}


def encode(inputs: Any) -> dict[str, Any]:
    """The request for rows of a table, with the names of the columns where they are known."""
    names = SPEC["columns"]
    return {"dataframe_split": {"columns": names, "data": rows(inputs)}} if names else {"inputs": rows(inputs)}


def decode(answer: Any) -> Any:
    """The predictions, one for each row."""
    return answer["predictions"]


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
