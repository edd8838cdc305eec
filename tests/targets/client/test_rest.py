"""The emitted REST client against a server that answers as a test wants."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.answering import Fake, send, silent_port
from tests.targets.client.conftest import Clients

Make = Callable[[str], Clients]

_A, _B = {"name": "a", "shape": [2, 2], "datatype": "FP32"}, {"name": "b", "shape": [2], "datatype": "BYTES"}
# spec, inputs, the body that is sent, the answer to it, and what comes of that
_CASES: dict[str, tuple[str, Any, Any, Any, Any]] = {
    "tensors by name": (
        "oip",
        {"b": ["x", "y"], "a": [[1, 2], [3, 4]]},
        {"inputs": [{**_A, "data": [1, 2, 3, 4]}, {**_B, "data": ["x", "y"]}]},
        {"outputs": [{"name": "p", "shape": [2, 3], "datatype": "FP64", "data": [1, 2, 3, 4, 5, 6]}]},
        {"p": [[1, 2, 3], [4, 5, 6]]},
    ),
    "rows of columns": (
        "columns",
        [[1.5, 2], {"hour": 4, "amount": 3.5}],
        {
            "inputs": [
                {"name": "amount", "shape": [2, 1], "datatype": "FP64", "data": [1.5, 3.5]},
                {"name": "hour", "shape": [2, 1], "datatype": "INT64", "data": [2, 4]},
            ]
        },
        {"outputs": [{"name": "predict", "shape": [2], "datatype": "INT64", "data": [0, 1]}]},
        {"predict": [0, 1]},
    ),
    "a row of columns": (
        "columns",
        {"amount": 1.5, "hour": 2},
        {
            "inputs": [
                {"name": "amount", "shape": [1, 1], "datatype": "FP64", "data": [1.5]},
                {"name": "hour", "shape": [1, 1], "datatype": "INT64", "data": [2]},
            ]
        },
        {"outputs": [{"name": "predict", "shape": [1], "datatype": "INT64", "data": [0]}]},
        {"predict": [0]},
    ),
    "whole columns": (
        "columns",
        {"hour": [2], "amount": [1.5]},
        {
            "inputs": [
                {"name": "amount", "shape": [1, 1], "datatype": "FP64", "data": [1.5]},
                {"name": "hour", "shape": [1, 1], "datatype": "INT64", "data": [2]},
            ]
        },
        {"outputs": []},
        {},
    ),
    "nothing known": (
        "unknown",
        [[1, 2]],
        {"inputs": [{"name": "input-0", "shape": [1, 2], "datatype": "FP32", "data": [1, 2]}]},
        {"outputs": [{"name": "predict", "shape": [], "datatype": "INT64", "data": [7]}]},
        {"predict": 7},
    ),
    "known by an example": (
        "shown",
        [5, 6],
        {"inputs": [{"name": "x", "shape": [1, 2], "datatype": "INT64", "data": [5, 6]}]},
        {"outputs": [{"name": "y", "shape": [1, 2], "datatype": "INT64", "data": [[1, 2]]}]},
        {"y": [[1, 2]]},
    ),
    "tf": ("tf", [1, 2], {"inputs": {"a": [[1, 2]]}}, {"outputs": [[0.5]]}, {"p": [[0.5]]}),
    "tf by name": ("tf", {"a": [[1, 2]]}, {"inputs": {"a": [[1, 2]]}}, {"outputs": {"p": [1], "q": [2]}}, {"p": [1], "q": [2]}),
    "tf, nothing known": ("tf-unknown", [[1, 2]], {"instances": [[1, 2]]}, {"predictions": [[3]]}, [[3]]),
    "torchserve": ("torchserve", [[1, 2], {"hour": 4, "amount": 3}], {"instances": [[1, 2], [3, 4]]}, {"predictions": [5, 6]}, [5, 6]),
    "torchserve, a row": ("torchserve", (1, 2), {"instances": [[1, 2]]}, {"label": "x"}, {"label": "x"}),
    "a picture": ("picture", [[1, 2], [3, 4]], {"instances": [[[1, 2], [3, 4]]]}, {"predictions": [1]}, [1]),
    "mlflow": ("mlflow", {"hour": 2, "amount": 1}, {"dataframe_split": {"columns": ["amount", "hour"], "data": [[1, 2]]}}, {"predictions": [1]}, [1]),
    "mlflow, tensors": ("mlflow-tensors", [[1, 2]], {"inputs": [[1, 2]]}, {"predictions": {"p": 1}}, {"p": 1}),
    "mlflow, known by the model": ("mlflow-signed", [[1, 2], {"hour": 4, "amount": 3}], {"dataframe_split": {"columns": ["amount", "hour"], "data": [[1, 2], [3, 4]]}}, {"predictions": [1, 2]}, [1, 2]),
    "mlflow, columns by their places": ("mlflow-by-place", [[1, 2]], {"inputs": [[1, 2]]}, {"predictions": [1]}, [1]),
    "mlflow, nothing known": ("mlflow-unknown", [[1, 2]], {"inputs": [[1, 2]]}, {"predictions": [1]}, [1]),
}  # fmt: skip


@pytest.mark.parametrize("case", _CASES)
def test_requests_and_answers(clients: Make, server: Fake, case: str) -> None:
    """Inputs go out in the form that the server takes, and come back under the names that it gives."""
    spec, inputs, body, answer, said = _CASES[case]
    server.say(answer)
    module = clients(spec).module("rest")
    with module.Client(server.url, timeout=5) as client:
        assert client.predict(inputs) == said
    (asked,) = server.asked
    assert json.loads(asked.body) == body
    assert asked.headers["Content-Type"] == "application/json"
    assert "Authorization" not in asked.headers


@pytest.mark.parametrize(
    ("spec", "path"),
    [("oip", "/v2/models/m/infer"), ("tf", "/v1/models/m:predict"), ("torchserve", "/predictions/m"), ("mlflow", "/invocations")],
)  # fmt: skip
def test_paths(clients: Make, server: Fake, spec: str, path: str) -> None:
    """Each server is asked at its own path, also below another one."""
    server.say({})
    module = clients(spec).module("rest")
    module.Client(server.url).send({})
    module.Client(f"{server.url}/gateway/").send({})
    assert [(asked.method, asked.path) for asked in server.asked] == [("POST", path), ("POST", f"/gateway{path}")]


class _Array:
    """What numpy's arrays and numbers have."""

    def __init__(self, values: Any) -> None:
        self._values = values

    def tolist(self) -> Any:
        """Plain lists."""
        return self._values


def test_arrays(clients: Make, server: Fake) -> None:
    """An array is as good as lists."""
    server.say({"outputs": [[0.5]]}, {"predictions": [1]})
    assert clients("tf").module("rest").Client(server.url).predict(_Array([[1.0, 2.0]])) == {"p": [[0.5]]}
    assert clients("torchserve").module("rest").Client(server.url).predict([_Array([1.0, 2.0])]) == [1]
    assert [json.loads(asked.body) for asked in server.asked] == [
        {"inputs": {"a": [[1.0, 2.0]]}},
        {"instances": [[1.0, 2.0]]},
    ]


_TRITON = (
    "runtime: { server: triton }\nmodel: { name: m, format: onnx, uri: m.onnx }\n"
    "signature: { inputs: { tensors: [{ name: x, datatype: FP32, shape: [-1, 2] }] },\n"
    "  outputs: { tensors: [{ name: p, datatype: FP32, shape: [-1, 1] }] } }\n"
)


@pytest.mark.parametrize(
    ("spec", "sent"),
    [("unknown", "[null, 2]"), (_TRITON, "[NaN, 2]"), ("torchserve", "[[NaN, 2]]"), ("tf", "[[NaN, 2]]")],
)
def test_nan(clients: Make, server: Fake, spec: str, sent: str) -> None:
    """It goes out as null to a server that reads JSON by its letter, and as the word that the others know."""
    server.say({"outputs": [], "predictions": []})
    clients(spec).module("rest").Client(server.url).predict([[float("nan"), 2]])
    (asked,) = server.asked
    assert sent in asked.body.decode()


@pytest.mark.parametrize(
    ("spec", "inputs", "words"),
    [
        ("unknown", [[float("-inf")]], "there is no JSON for -inf"),
        ("unknown", [[b"a"]], "there is no JSON for it: Object of type bytes"),
        ("torchserve", [[b"a", 1]], "there is no JSON for it: Object of type bytes"),
        ("oip", {"a": [[1, 2]], 3: ["x"]}, "takes ['a', 'b'], and got ['3', 'a']"),
        ("oip", [[1, 2]], "takes ['a', 'b']"),
        ("oip", {"a": [[1, 2]]}, "takes ['a', 'b'], and got ['a']"),
        ("oip", {"a": [[1, 2], [3]], "b": ["x"]}, "differ in their lengths"),
        ("tf", [[1, 2, 3]], "'a' has the shape [1, 3], and the model takes [-1, 2]"),
        ("columns", [[1]], "the values of ['amount', 'hour']"),
        ("columns", {"amount": 1, "minute": 2}, "the values of ['amount', 'hour']"),
        ("columns", 3, "the values of ['amount', 'hour']"),
        ("unnamed", [[1, 2]], "the spec does not say what the model takes: name its inputs in `signature`"),
        ("torchserve", {"amount": 1}, "the columns ['amount', 'hour'], and not ['amount']"),
        ("mlflow", [{"amount": 1, "hour": 2, "x": 3}], "the columns ['amount', 'hour']"),
    ],
)
def test_inputs_that_do_not_fit(clients: Make, spec: str, inputs: Any, words: str) -> None:
    """Nothing is sent, and the error says what the model takes."""
    module = clients(spec).module("rest")
    with pytest.raises(module.BadInput) as raised:
        module.Client(f"http://127.0.0.1:{silent_port()}").predict(inputs)
    assert words in str(raised.value)
    assert isinstance(raised.value, ValueError)


def _runs(
    clients: Clients, *arguments: str, given: str = "", program: str = "rest.py"
) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", str(clients.folder / program), *arguments]
    return subprocess.run(command, input=given, capture_output=True, text=True, timeout=60)


def test_as_a_program(clients: Make, server: Fake) -> None:
    """Without inputs the first example is sent, and its whole answer printed; inputs come as an argument or are read."""
    server.say({"predictions": [1], "more": "é"}, {"predictions": [2]}, {"predictions": [3]})
    made = clients("torchserve")
    runs = [_runs(made, f"--url={server.url}", *more, given="[5, 6]") for more in ([], ["[3, 4]"], ["-"])]
    assert [(run.returncode, run.stdout, run.stderr) for run in runs] == [
        (0, '{"predictions": [1], "more": "é"}\n', ""),
        (0, "[2]\n", ""),
        (0, "[3]\n", ""),
    ]
    assert [json.loads(asked.body) for asked in server.asked] == [
        {"features": [1, 2]},
        {"instances": [[3, 4]]},
        {"instances": [[5, 6]]},
    ]


def _status(status: int) -> Callable[..., None]:
    return lambda handler, _: send(handler, b'{"error":\n "no such model"}', status=status)


def test_exit_codes_of_answers(clients: Make, server: Fake) -> None:
    """A refusal, a server that failed, something that is no answer, and one too late: each has its code and a sentence."""
    made = clients("tf")

    def late(handler: Any, _: bytes) -> None:
        server.over.wait(20)

    cases: list[tuple[Any, int, str]] = [
        (_status(404), 1, 'Refused: status 404: {"error": "no such model"}'),
        (_status(503), 3, "ServerFailed: status 503"),
        (lambda handler, _: send(handler, b"<html>"), 3, "ServerFailed: no JSON: <html>"),
        (late, 4, "TooLate: no answer within 0.3 s"),
        (lambda handler, _: send(handler, b"{", length=9), 3, "ServerFailed: no HTTP, or cut off: IncompleteRead"),
        (lambda handler, _: handler.wfile.write(b"SSH-2.0\r\n"), 3, "ServerFailed: no HTTP, or cut off: BadStatusLine"),
        (lambda handler, _: handler.connection.close(), 5, "Unreachable: 127.0.0.1:"),
    ]
    for reply, code, words in cases:
        server.say(reply)
        run = _runs(made, f"--url={server.url}", "--timeout=0.3" if reply is late else "--timeout=20")
        assert (run.returncode, run.stdout) == (code, "")
        assert run.stderr.startswith(words)
        assert run.stderr.count("\n") == 1
    server.say({"other": 1})
    run = _runs(made, f"--url={server.url}", "[[1, 2]]")
    assert (run.returncode, run.stderr) == (3, "ServerFailed: an answer in another form: {'other': 1}\n")


def test_exit_codes_without_an_answer(clients: Make) -> None:
    """Nobody there is 5; what can't be sent, or is no address, is 2."""
    made, nobody = clients("tf-unknown"), f"--url=http://127.0.0.1:{silent_port()}"
    for code, words, arguments in [
        (5, "Unreachable: 127.0.0.1:", [nobody, "[[1]]"]),
        (2, "BadInput: the spec has no example: give inputs", [nobody]),
        (2, "BadInput: the inputs are no JSON", [nobody, "[1"]),
        (2, "BadInput: 'ftp://x' is no address such as http://127.0.0.1:8501", ["--url=ftp://x"]),
        (2, "BadInput: 'http://x:99999' is no address", ["--url=http://x:99999"]),
        (2, "BadInput: 'http://a..b' is no address", ["--url=http://a..b", "[[1]]"]),
        (2, "BadInput: 'http://a b:9' is no address", ["--url=http://a b:9", "[[1]]"]),
        (2, "BadInput: 'http://x/a b' is no address", ["--url=http://x/a b", "[[1]]"]),
        (2, "BadInput: 'http://x/é' is no address", ["--url=http://x/é", "[[1]]"]),
        (2, "BadInput: 'http://x?key=1' is no address", ["--url=http://x?key=1", "[[1]]"]),
        (5, "Unreachable: 127.0.0.1:", [nobody, "[[1]]", "--timeout=inf"]),
        (2, "usage: ", ["--timeout=0"]),
        (2, "usage: ", ["--timeout=soon"]),
    ]:  # fmt: skip
        run = _runs(made, *arguments)
        assert (run.returncode, run.stdout) == (code, "")
        assert run.stderr.startswith(words)


@pytest.mark.parametrize("program", ["rest.py", "rpc.py"])
@pytest.mark.parametrize(
    "url",
    [
        "http://me:opensesame@127.0.0.1:{port}",
        "ftp://me:opensesame@x",
        "http://me:open/opensesame@x",
        "me:opensesame@x",
    ],
)
def test_a_password_is_not_repeated(clients: Make, program: str, url: str) -> None:
    """An address that holds a user and a password is refused, also by gRPC, and nothing of it is printed."""
    run = _runs(clients("torchserve"), f"--url={url.format(port=silent_port())}", program=program)
    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr.startswith("BadInput: what holds a user or a password is no address such as http://127.0.0.1:")
    assert "opensesame" not in run.stderr


def test_the_token(clients: Make, server: Fake, tmp_path: Path) -> None:
    """It comes from a file, plain or TorchServe's own, which is read anew for each request; one that fails is no request."""
    made, file = clients("torchserve"), tmp_path / "token"
    server.say({"predictions": [1]})
    file.write_text("plain\n")
    assert _runs(made, f"--url={server.url}", f"--token-file={file}").returncode == 0
    module = made.module("rest")
    with module.Client(server.url, token=file) as client:
        for key in ("first", "second"):
            file.write_text(json.dumps({"management": {"key": "m"}, "inference": {"key": key, "expiration time": "x"}}))
            client.predict([1, 2])
    module.Client(server.url, token="given").predict([1, 2])
    assert [asked.headers["Authorization"] for asked in server.asked] == [
        f"Bearer {key}" for key in ("plain", "first", "second", "given")
    ]
    for text in ('{"management": {}}', "{", "two\nlines", "é"):
        file.write_text(text)
        run = _runs(made, f"--url={server.url}", f"--token-file={file}")
        assert (run.returncode, run.stderr[:10]) == (2, "BadInput: ")
    assert _runs(made, f"--url={server.url}", "--token-file=/nowhere").returncode == 2
    assert len(server.asked) == 4


def test_a_connection_is_kept_and_renewed(clients: Make, server: Fake) -> None:
    """Requests share a connection; one that the server has closed meanwhile is opened again, and nobody notices."""
    ports: list[int] = []

    def kept(handler: Any, _: bytes) -> None:
        ports.append(handler.client_address[1])
        handler.protocol_version = "HTTP/1.1"
        send(handler, b'{"predictions": [1]}')
        handler.close_connection = False

    def hung_up(handler: Any, body: bytes) -> None:
        kept(handler, body)
        handler.close_connection = True  # without a word in its headers

    server.say(kept, hung_up, kept)
    with clients("torchserve").module("rest").Client(server.url, timeout=5) as client:
        assert [client.predict([1, 2]) for _ in range(4)] == [[1]] * 4
    assert ports[0] == ports[1] != ports[2] == ports[3]
