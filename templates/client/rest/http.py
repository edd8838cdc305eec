

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
