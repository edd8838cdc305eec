"""`servespec smoke` as a user calls it: exit codes, what is printed, and whose token goes where."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import pytest

from servespec.running.folder import RunFolder
from tests.answering import Fake, answering, silent_port
from tests.projects import SPEC, servespec, write

_EXAMPLES = """\
examples:
  - {name: good, request: {instances: [[1]]}, expect: {p: 1}}
  - {name: "bad <&\\u001b>", request: {instances: [[2]]}, expect: {p: 2}}
"""


@pytest.fixture
def fake() -> Iterator[Fake]:
    """A server that gives every request the same answer."""
    with answering() as server:
        server.say({"p": 1})
        yield server


@pytest.fixture
def asking(project: Path, fake: Fake) -> Path:
    """A project with two examples, of which that server can answer one, at the port of the spec."""
    return write(project, f"{SPEC}runtime: {{protocols: {{rest: {fake.port}}}}}\n{_EXAMPLES}", files={})


def test_all_is_well(asking: Path, fake: Fake) -> None:
    """0, and a line for each example with its time; the server is the one at the port of the spec."""
    write(asking, (asking / "serving.yaml").read_text().partition('  - {name: "bad')[0], files={})
    done = servespec(asking, "smoke")
    assert (done.exit, done.err) == (0, "")
    head, line, last = done.out.splitlines()
    assert head == f"fraud-detector at {fake.url}"
    assert line.startswith("  ok    good  ")
    assert line.endswith(" ms")
    assert last == "1 of 1 example is answered as the spec says"


def test_one_fails(asking: Path) -> None:
    """1, with the reason below the example, and the count at the end."""
    done = servespec(asking, "smoke", "serving.yaml")
    assert done.exit == 1
    assert "\n  FAIL  bad <&\\x1b>" in done.out or "\n  FAIL  bad <&\\u001b>" in done.out
    assert "\n        wrong answer: `p` is 1, not 2 (tolerance 1e-06)\n" in done.out
    assert done.out.endswith("1 of 2 examples are answered as the spec says\n")


def test_junit(asking: Path) -> None:
    """Any XML reader finds a suite, its cases with their times, and the failure with its reason."""
    done = servespec(asking, "smoke", "--format", "junit")
    assert (done.exit, done.err) == (1, "")
    (suite,) = ET.fromstring(done.out)
    assert dict(suite.attrib) == {
        **{"name": "fraud-detector", "tests": "2", "failures": "1"},
        **{"errors": "0", "skipped": "0"},
    }
    good, bad = suite
    assert good.get("name") == "good"
    assert re.fullmatch(r"[0-9]+\.[0-9]{3}", good.get("time") or "")  # seconds; less than a millisecond is 0.000
    assert list(good) == []
    (failure,) = bad
    assert failure.get("type") == "wrong answer"
    assert failure.get("message") == "`p` is 1, not 2 (tolerance 1e-06)"


@pytest.mark.parametrize("format_", ["text", "junit"])
def test_nobody_there(asking: Path, format_: str) -> None:
    """1, not 5: that the server is absent is what a smoke test is to find out; each example says so."""
    port = silent_port()
    done = servespec(asking, "smoke", "--url", f"http://127.0.0.1:{port}", "--timeout", "10ms", "--format", format_)
    assert done.exit == 1
    assert done.out.count(f"nothing answers at 127.0.0.1:{port}: Connection refused") == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--url", "localhost:8080"], "'localhost:8080' is no address such as http://127.0.0.1:8080"),
        (["--url", "http://a..b"], "'http://a..b' is no address such as http://127.0.0.1:8080"),
        (["--url", "ftp://localhost"], "is no address"),
        (["--url", "http://"], "is no address"),
        (["--url", "http://host:99999"], "is no address"),
        (["--url", "http://host:port"], "is no address"),
        (["--url", "http://user:secret@host"], "what holds a user or a password is no address"),
        (["--url", "http://host/?x=1"], "is no address"),
        (["--url", "http://ho st"], "is no address"),
        (["--timeout", "soon"], "'soon' is no time such as 500ms, 60s or 2m"),
        (["--format", "html"], "'html' is not one of 'text', 'junit'"),
        (["--token", "a\nb"], "the token has characters that no HTTP header can carry"),
        (["absent.yaml"], "absent.yaml does not exist"),
    ],
)
def test_wrong_usage(asking: Path, fake: Fake, arguments: list[str], said: str) -> None:
    """2, with a sentence, and nobody is asked anything."""
    done = servespec(asking, "smoke", *arguments)
    assert (done.exit, done.out) == (2, "")
    assert said in " ".join(done.err.split())
    assert fake.asked == []


def test_no_examples(project: Path) -> None:
    """2: a smoke test that sends nothing proves nothing."""
    done = servespec(project, "smoke")
    assert done.exit == 2
    assert "serving.yaml has no `examples`, so there is nothing to send" in done.err


def test_a_batch_answers_nobody() -> None:
    """2: where nothing serves nobody is asked, whatever address is named."""
    for url in ([], ["--url", "http://127.0.0.1:1"]):
        done = servespec(Path("examples/13-batch-onnx").resolve(), "smoke", *url)
        assert (done.exit, done.out) == (2, "")
        assert "has a batch only" in " ".join(done.err.split())


def test_two_specs(asking: Path) -> None:
    """2: it is not guessed which of them is meant."""
    write(asking / "other")
    done = servespec(asking, "smoke", ".")
    assert done.exit == 2
    assert "there are 2 specs in .; name one of them" in done.err


def test_a_spec_with_errors(project: Path) -> None:
    """1, with the findings; nothing is sent."""
    write(project, f"{SPEC}runtime: {{workers: two}}\n", files={})
    done = servespec(project, "smoke")
    assert (done.exit, done.out) == (1, "")
    assert "error[wrong-type]" in done.err


def _token(fake: Fake) -> str | None:
    return fake.asked[-1].headers.get("Authorization")


def test_where_a_token_comes_from(asking: Path, fake: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    """The nearest counts: an option, a file, the variable, and at last what `run` keeps for the server it runs."""
    folder = RunFolder(asking / ".servespec/run/fraud-detector")
    folder.make()
    folder.keep_token("of-the-run")
    assert folder.token.stat().st_mode & 0o777 == 0o600
    servespec(asking, "smoke")
    assert _token(fake) == "Bearer of-the-run"
    monkeypatch.setenv("SERVESPEC_TOKEN", "of-the-variable")
    servespec(asking, "smoke")
    assert _token(fake) == "Bearer of-the-variable"
    (asking / "token").write_text("of-the-file\n")
    servespec(asking, "smoke", "--token-file", "token")
    assert _token(fake) == "Bearer of-the-file"
    servespec(asking, "smoke", "--token-file", "token", "--token", "of-the-option")
    assert _token(fake) == "Bearer of-the-option"


def test_the_token_of_a_run_stays_here(asking: Path, fake: Fake) -> None:
    """Another server, named by its address, is not told the key of the one that runs here."""
    folder = RunFolder(asking / ".servespec/run/fraud-detector")
    folder.make()
    folder.keep_token("of-the-run")
    done = servespec(asking, "smoke", "--url", fake.url)
    assert _token(fake) is None
    assert done.exit == 1


def test_a_token_file_that_is_not_there(asking: Path) -> None:
    """5, with a sentence that names it."""
    done = servespec(asking, "smoke", "--token-file", "absent")
    assert (done.exit, done.err) == (5, "servespec: No such file or directory: absent\n")
