"""`servespec run` as a user calls it, with a stand-in for the server's Python: what is started, told, and left behind."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from servespec.runtimes import torchserve
from servespec.runtimes.types import Fact
from tests.answering import Fake, answering, silent_port
from tests.projects import SPEC, picture, servespec, write

_ROOT = Path(__file__).parents[2]
_PROGRAM = Path(__file__).parents[1] / "fake_server.py"
_STAND_IN = """\
#!/bin/sh
case "$*" in *version_info*) echo {version};; *) exec {python} {program} "$@";; esac
"""
# Every TorchServe has the same private ports: another one on this machine would be in the way.
_MAIN = """\
from tests.answering import silent_port
from servespec.runtimes.torchserve import SERVER
from servespec.runtimes.types import Fact
SERVER.private_ports.update({name: Fact(silent_port(), "", "") for name in SERVER.private_ports})
from servespec.cli.main import main
main()
"""


@pytest.fixture(autouse=True)
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with `java`, a virtual environment at `env`, and a folder for what is temporary."""
    for name in ("bin", "env/bin", "tmp"):
        (tmp_path / name).mkdir(parents=True)
    _program(tmp_path / "bin" / "java", "#!/bin/sh\n")
    text = _STAND_IN.format(version="3.11", python=shlex.quote(sys.executable), program=shlex.quote(str(_PROGRAM)))
    _program(tmp_path / "env" / "bin" / "python", text)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.delenv("SERVESPEC_TOKEN", raising=False)
    for name in torchserve.SERVER.private_ports:
        monkeypatch.setitem(torchserve.SERVER.private_ports, name, Fact(silent_port(), "", ""))  # type: ignore[misc]
    return tmp_path


def _program(path: Path, text: str) -> None:
    path.write_text(text)
    path.chmod(0o755)


def _spec(project: Path, *, mode: str = "", total: int = 3, more: str = "", runtime: str = "") -> int:
    """The REST port of a spec whose server does what `mode` says, with an example that wants `total` from it."""
    rest, grpc = silent_port(), silent_port()
    runtime = f"protocols: {{rest: {rest}, grpc: {grpc}}}, env: {{FAKE: '{mode}'{runtime}}}"
    example = f"examples: [{{name: sum, request: {{instances: [[1, 2]]}}, expect: {{sums: [{total}]}}}}]\n"
    write(project, f"{SPEC}runtime: {{{runtime}}}\n{example}{more}")
    return rest


def _nothing_is_left(machine: Path, project: Path) -> bool:
    return not any((machine / "tmp").iterdir()) and not (project / ".servespec/run/fraud-detector/token").exists()


_VARIANTS = """\
security: {authorization: none, reason: several variants}
variants: [{name: next, weight: 20, model: {version: "2.0"}}, {name: current, weight: 80}]
"""


@pytest.mark.parametrize(("asked", "version"), [((), "1.0"), (("--variant", "next"), "2.0")])
def test_one_variant_runs_as_a_process(machine: Path, project: Path, asked: tuple[str, ...], version: str) -> None:
    """The one that is asked for, else the one with the most requests, as if there were no other."""
    _spec(project, mode="open", more=_VARIANTS)
    done = servespec(project, "run", "--venv", "../env", "--smoke", *asked)
    assert (done.exit, done.out.splitlines()[-1]) == (0, "1 of 1 example is answered as the spec says")
    assert f"running {'next' if asked else 'current'}, one of 2 variants\n" in done.err
    settings = project / ".servespec/run/fraud-detector/emitted/torchserve/config.properties"
    assert f"fraud-detector-{version}.mar" in settings.read_text()


def test_a_variant_that_is_not_there(machine: Path, project: Path) -> None:
    """2: it is none of the spec's, or the spec has none; and all of them run with an engine."""
    _spec(project, mode="open", more=_VARIANTS)
    wrong = servespec(project, "run", "--variant", "curent")
    assert "there is no variant 'curent'; did you mean 'current'?" in wrong.err
    assert wrong.exit == 2
    assert "--variant is for a run without --docker" in servespec(project, "run", "--docker", "--variant", "next").err
    _spec(project)
    assert "there is no variant 'next'; the spec has none" in servespec(project, "run", "--variant", "next").err


def test_smoke(machine: Path, project: Path) -> None:
    """0: started from what was compiled, asked with the key that it made itself, stopped, and nothing is left of it."""
    port = _spec(project)
    done = servespec(project, "run", "--venv", "../env", "--smoke")
    assert done.exit == 0, done.err
    assert done.out.startswith(f"fraud-detector at http://127.0.0.1:{port}\n  ok    sum  ")
    assert '\n        {"sums": [3]}\n1 of 1 example is answered' in done.out
    assert f"fraud-detector | starting in {project}/.servespec/run/fraud-detector/root/srv/torchserve with" in done.err
    assert done.err.endswith("stopping fraud-detector\n")
    assert _nothing_is_left(machine, project)


def test_smoke_fails(machine: Path, project: Path) -> None:
    """1: the server was fine, and its answers were not."""
    _spec(project, total=4)
    done = servespec(project, "run", "--venv", "../env", "--smoke")
    assert done.exit == 1
    assert "wrong answer: `sums[0]` is 3, not 4" in done.out
    assert _nothing_is_left(machine, project)


def test_what_an_image_would_hold(project: Path) -> None:
    """The run folder has the image's files at the image's paths, the archive among them; git is to know none of it."""
    _spec(project)
    before = picture(project)
    servespec(project, "run", "--venv", "../env", "--smoke")
    home = picture(project / ".servespec/run/fraud-detector/root/srv/torchserve")
    assert set(home) == {
        *("config.properties", "entrypoint.py", "healthcheck.py", "log4j2.properties"),
        "model-store/fraud-detector-1.0.mar",
    }
    assert b"weights" in home["model-store/fraud-detector-1.0.mar"]
    assert (project / ".servespec/run/.gitignore").read_text() == "*\n"
    after = {path: content for path, content in picture(project).items() if not path.startswith(".servespec/run/")}
    assert after == before


def test_twice(project: Path) -> None:
    """A second run finds the folder of the first, also after files in it were changed, and takes what the spec says."""
    _spec(project, total=4)
    servespec(project, "run", "--venv", "../env", "--smoke")
    (project / ".servespec/run/fraud-detector/emitted/torchserve/entrypoint.py").write_text("mine")
    _spec(project)
    assert servespec(project, "run", "--venv", "../env", "--smoke").exit == 0


@pytest.mark.parametrize(
    ("mode", "said", "logged"),
    [
        ("dies", "servespec: fraud-detector ended with exit code 7 before it was ready\n", "| no such model\n"),
        ("never-ready", "servespec: fraud-detector was not ready after 1 s: not ready: workers []\n", "| starting in "),
    ],
)
def test_it_does_not_start(machine: Path, project: Path, mode: str, said: str, logged: str) -> None:
    """5: with the reason, after what the server itself said."""
    _spec(project, mode=mode, more="probes: {startup: {periodSeconds: 1, failureThreshold: 1}}\n")
    done = servespec(project, "run", "--venv", "../env")
    assert (done.exit, done.out) == (5, "")
    assert done.err.endswith(said)
    assert logged in done.err
    assert _nothing_is_left(machine, project)


def test_a_stubborn_server(machine: Path, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that heeds no signal is ended by force when its time is over."""
    from servespec.edge import process

    monkeypatch.setattr(process, "_SECOND_CHANCE", 0.1)
    monkeypatch.setattr("servespec.running.compiled.Compiled.grace", 0.1)
    _spec(project, mode="stubborn")
    done = servespec(project, "run", "--venv", "../env", "--smoke")
    assert done.exit == 0
    assert "servespec: fraud-detector did not stop in time, and was ended by force\n" in done.err
    assert _nothing_is_left(machine, project)


@contextmanager
def _running(project: Path, mode: str = "") -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A run that is ready, and what it said on standard output."""
    _spec(project, mode=mode)
    command = [sys.executable, "-c", _MAIN, "run", "--venv", "../env"]
    environment = {**os.environ, "PYTHONPATH": str(_ROOT)}
    with subprocess.Popen(command, cwd=project, env=environment, stdout=-1, stderr=-1, text=True) as process:
        assert process.stdout is not None
        try:
            yield process, process.stdout.readline() + process.stdout.readline()
        finally:
            process.kill()


@pytest.mark.parametrize(("number", "exit_code"), [(signal.SIGINT, 130), (signal.SIGTERM, 0), (signal.SIGHUP, 0)])
def test_stopped_by_a_signal(machine: Path, project: Path, number: int, exit_code: int) -> None:
    """130 after Ctrl-C, 0 where a supervisor asks for the end: in both cases the server is stopped first."""
    with _running(project) as (process, said):
        url = re.findall(r"ready: (http://127.0.0.1:\d+), grpc 127.0.0.1:\d+, after [\d.]+ s; Ctrl-C stops it\n", said)
        urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url[0], timeout=5).close()
        process.send_signal(number)
        _, log = process.communicate(timeout=20)
        assert process.returncode == exit_code, log
        assert "stopping fraud-detector\n" in log
        with pytest.raises(OSError, match="refused"):
            urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url[0], timeout=5)
    assert _nothing_is_left(machine, project)


def test_asked_while_it_runs(machine: Path, project: Path) -> None:
    """`servespec smoke` beside it finds the address and the key by itself, and the `curl` line runs as it is."""
    with _running(project) as (process, said):
        done = servespec(project, "smoke")
        assert (done.exit, done.err) == (0, "")
        line = said.splitlines()[1]
        answer = subprocess.run(["sh", "-c", line], cwd=project, capture_output=True, text=True, check=True).stdout
        assert json.loads(answer)["sums"] == [3]
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=20)
    assert process.returncode == 130
    assert _nothing_is_left(machine, project)


def test_nobody_reads_what_it_says(machine: Path, project: Path) -> None:
    """After `2>&1 | head -1`, or with a terminal that was closed: the server is asked as before, and stopped at the end."""
    with _running(project, mode="chatty") as (process, said):
        assert process.stderr is not None
        process.stderr.close()
        line = said.splitlines()[1]
        done = subprocess.run(["sh", "-c", line], cwd=project, capture_output=True, text=True, timeout=20)
        assert json.loads(done.stdout)["sums"] == [3]
        process.send_signal(signal.SIGHUP)
        assert process.wait(20) == 0
        assert subprocess.run(["sh", "-c", line], cwd=project, capture_output=True).returncode == 7, "nobody is there"
    assert _nothing_is_left(machine, project)


def test_it_dies_while_it_runs(machine: Path, project: Path) -> None:
    """5: nobody asked for its end."""
    with _running(project, mode="dies-when-asked") as (process, said):
        subprocess.run(["sh", "-c", said.splitlines()[1]], cwd=project, capture_output=True, check=False)
        _, log = process.communicate(timeout=20)
    assert process.returncode == 5
    assert log.endswith("fraud-detector | out of memory\nservespec: fraud-detector ended with exit code 3\n")
    assert _nothing_is_left(machine, project)


@pytest.fixture
def occupant() -> Iterator[Fake]:
    """Somebody else's server."""
    with answering() as server:
        yield server


def test_a_port_that_is_taken(project: Path, occupant: Fake) -> None:
    """5, before anything is written: the examples would be sent to somebody else's server."""
    write(project, f"{SPEC}runtime: {{protocols: {{rest: {occupant.port}}}}}\n", files={})
    done = servespec(project, "run", "--venv", "../env")
    assert done.exit == 5
    assert f"servespec: fraud-detector needs ports that are taken: {occupant.port} (rest)" in done.err
    assert not (project / ".servespec").exists()


def test_a_model_that_is_fetched(project: Path) -> None:
    """Only a container has a step before it that fetches; a process is told so before anything is made."""
    model = 'model: { format: onnx, uri: "s3://models/m.onnx" }\n'
    with socket.create_server(("127.0.0.1", 0)) as other:  # what else is in the way is no news
        ports = f"runtime: {{ protocols: {{ rest: {other.getsockname()[1]} }} }}\n"
        write(project, f"apiVersion: servespec/v1\nname: fetched\npattern: realtime\n{model}{ports}")
        done = servespec(project, "run")
    assert done.exit == 5
    assert done.err.endswith("servespec: the model of fetched is fetched when its container starts; use --docker\n")


def test_secrets(machine: Path, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A key of a secret is taken from the variable that compose would take it from; without it nothing starts."""
    secrets = "secrets: [{name: feature-store, keys: [user]}]\n"
    _spec(project, more=secrets, runtime=", GIVEN: {secret: feature-store, key: user}")
    done = servespec(project, "run", "--venv", "../env", "--smoke")
    assert done.exit == 5
    assert done.err.endswith(
        "servespec: FEATURE_STORE__USER is not set: GIVEN is the key user of the secret feature-store\n"
    )
    assert _nothing_is_left(machine, project)
    monkeypatch.setenv("FEATURE_STORE__USER", "reader")
    done = servespec(project, "run", "--venv", "../env", "--smoke")
    assert done.exit == 0
    assert "torchserve with reader\n" in done.err


def test_no_environment_yet(machine: Path, project: Path) -> None:
    """5, with the very commands that make it; nothing is installed unasked."""
    _spec(project)
    _program(machine / "bin" / "python3.11", (machine / "env/bin/python").read_text())
    done = servespec(project, "run")
    assert (done.exit, done.out) == (5, "")
    said, _, line = done.err.partition("this does:\n")
    assert said.endswith("fraud-detector has no environment yet; --install makes it, or ")
    cache = machine / "cache" / "servespec" / "envs"
    words = shlex.split(line.replace("\\\n", " "))
    assert words[:4] == [str(machine / "bin" / "python3.11"), "-m", "venv", "--clear"]
    assert Path(words[4]).parent == cache
    assert f"--requirement={project}/requirements.txt" in words
    assert [word for word in words if word.endswith("emitted/torchserve/requirements.txt")]
    assert not cache.exists()


def test_one_that_was_made_is_found(machine: Path, project: Path) -> None:
    """The environment is that of the requirements: the same until they change."""
    _spec(project)
    _program(machine / "bin" / "python3.11", (machine / "env/bin/python").read_text())
    (folder,) = re.findall(r"--clear (\S+)", servespec(project, "run").err)
    Path(folder).parent.mkdir(parents=True)
    Path(folder).symlink_to(machine / "env")
    (machine / "env" / ".servespec-complete").touch()
    assert servespec(project, "run", "--smoke").exit == 0
    (project / "requirements.txt").write_text("torch==2.13.0\nnumpy==2.2.1\n")
    done = servespec(project, "run", "--smoke")
    assert done.exit == 5
    assert folder not in done.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--python", "{}/old"], "/old is Python 3.8, and TorchServe runs on `3.10`, `3.11` or `3.12`"),
        (["--python", "no-such-python"], "no-such-python is no Python that can be started"),
        (["--venv", "{}/old-env"], "/old-env has Python 3.8, and TorchServe runs on `3.10`, `3.11` or `3.12`"),
        (["--venv", "model"], "model is no virtual environment: there is no bin/python that starts"),
    ],
)
def test_a_python_that_does_not_do(machine: Path, project: Path, arguments: list[str], said: str) -> None:
    """5, with what it is and what it should be."""
    _spec(project)
    (machine / "old-env" / "bin").mkdir(parents=True)
    for path in (machine / "old", machine / "old-env" / "bin" / "python"):
        _program(path, _STAND_IN.format(version="3.8", python="false", program=""))
    done = servespec(project, "run", *(argument.format(machine) for argument in arguments))
    assert (done.exit, done.out) == (5, "")
    assert done.err.endswith(f"{said}\n")


def test_a_program_that_is_missing(project: Path, machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """5, with the package that has it."""
    _spec(project)
    monkeypatch.setenv("PATH", str(machine / "tmp"))
    done = servespec(project, "run", "--venv", "../env")
    assert (done.exit, done.err) == (
        5,
        "servespec: TorchServe needs java on the PATH; on Debian: apt install openjdk-17-jre-headless\n",
    )


def test_weights_that_are_missing(project: Path) -> None:
    """5: compiling needs no weights, running does."""
    _spec(project)
    (project / "model" / "weights.pt").unlink()
    done = servespec(project, "run", "--venv", "../env")
    assert done.exit == 5
    assert done.err.endswith("servespec: fraud-detector can't run: the archive can't be written without weights\n")


def test_weights_that_are_not_the_ones(project: Path) -> None:
    """5: the spec says by their digest which weights are meant."""
    _spec(project)
    text = (project / "serving.yaml").read_text()
    digest = f"sha256:{'0' * 64}"
    (project / "serving.yaml").write_text(text.replace("uri: ./model}", f"uri: ./model, digest: '{digest}'}}"))
    done = servespec(project, "run", "--venv", "../env")
    assert done.exit == 5
    assert f"servespec: no file of model has the digest that the spec gives: {digest}\n" in done.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--docker", "--install"], "--install, --python and --venv are for a run without --docker"),
        (["--install", "--venv", "../env"], "are for an environment of servespec's, not for one of yours"),
        (["--venv", "absent"], "Directory 'absent' does not exist"),
        (["absent.yaml"], "absent.yaml does not exist"),
    ],
)
def test_wrong_usage(project: Path, arguments: list[str], said: str) -> None:
    """2, with a sentence, and nothing is written."""
    done = servespec(project, "run", *arguments)
    assert (done.exit, done.out) == (2, "")
    assert said in " ".join(done.err.split())
    assert not (project / ".servespec").exists()


def test_nothing_to_send(project: Path) -> None:
    """2: `--smoke` without examples is found out before a server is started."""
    done = servespec(project, "run", "--venv", "../env", "--smoke")
    assert done.exit == 2
    assert "serving.yaml has no `examples`, so there is nothing to send" in done.err


def test_a_spec_with_errors(project: Path) -> None:
    """1, with the findings."""
    write(project, f"{SPEC}runtime: {{workers: two}}\n", files={})
    done = servespec(project, "run")
    assert (done.exit, done.out) == (1, "")
    assert "error[wrong-type]" in done.err


def test_no_engine(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """5 with one sentence, whatever of Docker is missing."""
    _spec(project)
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/absent.sock")
    done = servespec(project, "run", "--docker")
    assert (done.exit, done.out) == (5, "")
    assert done.err.startswith("servespec: ")
    assert done.err.count("\n") == 1
