"""What `emit.dockerfile` writes, read back by BuildKit's own parser and, end to end, by an engine."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import tarfile
from pathlib import Path

import dockerfile as oracle
import pytest
from hypothesis import given
from hypothesis import strategies as st

from servespec.emit import dockerfile, dockerignore
from servespec.emit.quoted import Unwritable
from servespec.verify import dockerfile as reader

FRAGMENTS = ["'", '"', "\\", "$HOME", "${X:-y}", "$(id)", ";", "#", " ", "*", "[a]", "<<EOF", "=", "\u2028", "\xa0"]
FRAGMENTS += ["--mount=x", "RUN id"]
TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=4)
VALUES = st.lists(st.sampled_from(FRAGMENTS) | TEXT, max_size=5).map("".join)
ARGUMENTS = st.lists(st.sampled_from([*FRAGMENTS, "\n", "\r\n", "\\\n"]) | TEXT, max_size=5).map("".join)
CONTROL = ["\n", "\r", "\0", "\t", "\x1b", "\x7f", "\x85"]
NASTY = "a b\\\"'$HOME ${X} `id` # [x]* é\\"


def _parsed(text: str) -> list[oracle.Command]:
    return list(oracle.parse_string(text))


@given(value=VALUES)
def test_a_word_is_one_argument_of_one_instruction(value: str) -> None:
    """Neither the parser nor the expansion after it finds anything but the value."""
    word = dockerfile.word(value).text
    env, label, workdir = _parsed(f"ENV A={word} B={word}\nLABEL a.b/c={word}\nWORKDIR {word}\n")
    assert env.value == ("A", word, "B", word)
    assert label.value == ("a.b/c", word)
    assert workdir.value == (word,)
    assert reader.read(f"WORKDIR {word}\n") == (("WORKDIR", (), ("words", value)),)


@given(argv=st.lists(ARGUMENTS, min_size=1, max_size=4))
def test_an_exec_form_is_json_and_stays_json(argv: list[str]) -> None:
    """The array is read as an array with the same strings, newlines included, in every instruction that takes it."""
    form = dockerfile.exec_form(argv).text
    for instruction in ("RUN", "CMD", "ENTRYPOINT"):
        (command,) = _parsed(f"{instruction} {form}\n")
        assert (command.json, command.value) == (True, tuple(argv))
    (health,) = _parsed(f"HEALTHCHECK --interval=3s CMD {form}\n")
    assert (health.json, health.value) == (True, ("CMD", *argv))


@given(value=VALUES, more=VALUES)
def test_run_words_are_one_line_and_no_flags(value: str, more: str) -> None:
    """A command for RUN stays the only instruction, takes no flag of RUN, and the shell gets its argv back."""
    command = dockerfile.run_command([value or "x", more]).text
    (run,) = _parsed(f"RUN {command}\n")
    assert (run.json, run.flags, run.value) == (False, (), (command,))
    (_, _, read), *_ = reader.read(f"RUN {command}\n")
    assert read == ("shell", ("word", value or "x"), ("word", more))


def test_no_word_of_run_is_a_flag_of_run() -> None:
    """What looks like `--mount` and stands first is the program that the shell is to run."""
    commands = (["--mount=x", "--mount=x"], ["--network", "none"])
    for made in map(dockerfile.run_command, commands):
        (run,) = _parsed(f"RUN {made.text} a\n")
        assert run.flags == ()


@given(sources=st.lists(VALUES.map(lambda text: text.replace("\\", "") or "x"), min_size=1, max_size=3), to=VALUES)
def test_a_copy_form_names_files_and_no_patterns(sources: list[str], to: str) -> None:
    """The parser sees an array, and expansion and globbing leave the names that were given."""
    form = dockerfile.copy_form(sources, to)
    (copy,) = _parsed(f"COPY {form.text}\n")
    assert copy.json
    assert len(copy.value) == len(sources) + 1
    assert reader.read(f"COPY {form.text}\n") == (("COPY", (), ("array", *sources, to)),)


@pytest.mark.parametrize("control", CONTROL)
def test_control_characters_are_refused(control: str) -> None:
    """A newline ends an instruction whatever the quotes say, so nothing but an exec form carries one, escaped."""
    value = f"a{control}RUN id"
    makers = (dockerfile.word, dockerfile.image, dockerfile.user, dockerfile.variable)
    for make in makers:
        with pytest.raises(Unwritable):
            make(value)
    for argv in ([value], ["sh", value]):
        with pytest.raises(Unwritable):
            dockerfile.run_command(argv)
    with pytest.raises(Unwritable):
        dockerfile.copy_form([value], "/x")


REFERENCES = ["scratch", "python:3.11-slim", "ghcr.io/a/b_c/d-e2:v1.0", "localhost:5000/x", "[::1]:5000/x:y"]
NO_REFERENCES = ["", "Python", "a b", "a\nRUN id", "a:$X", "$BASE", "a@sha256:00", "-x", "--platform=x", "a as b"]


@pytest.mark.parametrize("reference", [*REFERENCES, f"a.b/c@sha256:{'0' * 64}"])
def test_references_to_images_are_written_as_they_are(reference: str) -> None:
    """Every form of the distribution grammar passes unchanged and is one argument."""
    (command,) = _parsed(f"FROM {dockerfile.image(reference).text}\n")
    assert command.value == (reference,)


@pytest.mark.parametrize("reference", [*NO_REFERENCES, "a" * 256, "a:b:c", "a\n"])
def test_what_is_no_reference_is_refused(reference: str) -> None:
    """Nothing that FROM could take for something else gets there."""
    with pytest.raises(Unwritable):
        dockerfile.image(reference)


def test_bare_arguments_are_of_their_own_kind() -> None:
    """Ports, users, names and numbers have one spelling, and no other text passes for them."""
    assert dockerfile.port(8080).text == "8080/tcp"
    assert dockerfile.integer(3).text == "3"
    assert dockerfile.user("1000:1000").text == "1000:1000"
    assert [dockerfile.port(number, protocol="udp").text for number in (1, 65535)] == ["1/udp", "65535/udp"]
    for make, value in ((dockerfile.user, "a b"), (dockerfile.variable, "1A"), (dockerfile.label, "a=b")):
        with pytest.raises(Unwritable):
            make(value)
    for number, protocol in ((0, "tcp"), (65536, "tcp"), (80, "sctp")):
        with pytest.raises(Unwritable):
            dockerfile.port(number, protocol=protocol)
    for make in (dockerfile.run_command, dockerfile.exec_form):
        with pytest.raises(Unwritable):
            make([])


@pytest.mark.e2e
@pytest.mark.skipif(not shutil.which("docker"), reason="no docker here")
def test_an_engine_builds_what_was_meant(tmp_path: Path) -> None:
    """BuildKit itself gives back the values of ENV, LABEL, WORKDIR and CMD, and copies just the named files."""
    names = ["plain", "a b", "a[1]*?.txt", "dollar$HOME", "quote'\"", "paren(+){}|^"]
    for name in [*names, "a1b", "left out"]:
        (tmp_path / name).write_text(name)
    (tmp_path / "Dockerfile").write_text(
        f"FROM scratch\nENV A={dockerfile.word(NASTY).text} B=c\n"
        f"LABEL {dockerfile.label('x.y/z').text}={dockerfile.word(NASTY).text}\n"
        f"WORKDIR {dockerfile.word('/w $HOME [x]').text}\n"
        f"COPY {dockerfile.copy_form(names, '/to $HOME/').text}\nCOPY . /all/\n"
        f"CMD {dockerfile.exec_form([NASTY, '$HOME', 'b' + chr(10)]).text}\n"
    )
    ignore = dockerignore.allow([(name, ()) for name in [*names, "a1b"]])
    (tmp_path / "Dockerfile.dockerignore").write_text(ignore.text)
    config, files = _built(tmp_path)
    assert [f"A={NASTY}", "B=c"] == [entry for entry in config["Env"] if not entry.startswith("PATH=")]
    assert config["Labels"]["x.y/z"] == NASTY
    assert config["WorkingDir"] == "/w $HOME [x]"
    assert config["Cmd"] == [NASTY, "$HOME", "b\n"]
    assert {f"to $HOME/{name}" for name in names} == {name for name in files if name.startswith("to $HOME/")}
    assert {f"all/{name}" for name in [*names, "a1b"]} == {name for name in files if name.startswith("all/")}


def _built(context: Path) -> tuple[dict[str, object], set[str]]:
    docker = next(path for path in ("/usr/bin/docker", shutil.which("docker")) if path and Path(path).exists())
    environment = {**os.environ, "DOCKER_BUILDKIT": "1"}

    def run(*arguments: str) -> bytes:
        return subprocess.run([docker, *arguments], env=environment, check=True, capture_output=True).stdout

    image = run("build", "-q", str(context)).decode().strip()
    container = run("create", image).decode().strip()
    try:
        with tarfile.open(fileobj=io.BytesIO(run("export", container))) as archive:
            files = {member.name for member in archive if member.isfile()}
        return json.loads(run("inspect", image))[0]["Config"], files
    finally:
        run("rm", container)
        run("rmi", image)
