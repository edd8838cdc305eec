"""Canaries around a project: whatever a command is asked, it prints none and leaves none behind."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from servespec.diagnostics import formats
from servespec.pipeline import readings
from tests.answering_registry import Answering, Said, answering
from tests.projects import FILES, SPEC, servespec, write
from trust.canaries.leaks import Found, holding, shows

CANARY = "Zr7wQk2VtM9xLp4sHd6Ny3BcJf8Ga5Ue"
_LOGIN = base64.b64encode(f"canary:{CANARY}".encode()).decode()
_VARIABLES = (
    "FEATURE_STORE_TOKEN",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "MLFLOW_TRACKING_TOKEN",
    "MLFLOW_TRACKING_PASSWORD",
    "HF_TOKEN",
    "DOCKER_AUTH_CONFIG",
)
_SECRETS = """\
secrets: [{name: feature-store, keys: [token]}]
runtime: {env: {FEATURE_STORE_TOKEN: {secret: feature-store, key: token}}}
suppress: [{rule: runtime-end-of-life, reason: known}]
examples: [{name: first, request: {instances: [[1.0]]}}]
environments: {staging: {runtime: {workers: 1}}, production: {runtime: {workers: 2}}}
"""
_FILES: Mapping[str, str] = {
    ".env": f"FEATURE_STORE_TOKEN={CANARY}\n",
    ".netrc": f"machine example.com login canary password {CANARY}\n",
    "pip.conf": f"[global]\nindex-url = https://canary:{CANARY}@example.com/simple\n",
    "model/model.py": f"{FILES['model/model.py']!s}\n\nTOKEN = '{CANARY}'\n",
}
_ARCHIVE = "project/.servespec/run/fraud-detector-staging/emitted/torchserve/model-store/fraud-detector-1.0.mar"
"""What `run` gives to TorchServe: the model with its code as it is, which says a canary."""
_MOST_SPECS = 24
_BREAKING = f"""
import sys
from servespec.pipeline import readings
def broken(*_, **__):
    try:
        raise KeyError({CANARY!r})
    except KeyError as cause:
        raise RuntimeError('no ' + {CANARY!r}) from cause
readings.resolve = broken
from servespec.cli.main import main
main()
"""


@dataclass(frozen=True)
class _Scene:
    """A folder with a project, and around it what a person's machine has."""

    folder: Path
    program: Sequence[str]
    """What Python is to run."""

    @property
    def project(self) -> Path:
        return self.folder / "project"

    def run(self, *arguments: str, **more: str) -> bytes:
        """All that one command prints."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("SERVESPEC", "CI", "GIT"))}
        places = {"XDG_CACHE_HOME": "cache", "HOME": "home", "DOCKER_CONFIG": "docker", "TMPDIR": "tmp"}
        environment = {**kept, **dict.fromkeys(_VARIABLES, CANARY), **more}
        environment |= {name: str(self.folder / folder) for name, folder in places.items()}
        command = [sys.executable, *self.program, *arguments]
        done = subprocess.run(command, cwd=self.project, env=environment, capture_output=True, timeout=300)
        return done.stdout + done.stderr

    def leaks(self, said: Mapping[str, bytes]) -> Iterator[str]:
        """Where the canary is that did not stand there before."""
        yield from (f"printed by {name}" for name, text in said.items() if shows(text, CANARY))
        given = {f"project/{name}" for name in _FILES} | {"docker/config.json", _ARCHIVE}
        yield from (f"left in {name}" for name in holding(self.folder, CANARY) if name not in given)


@contextmanager
def _scene(spec: str, program: Sequence[str]) -> Iterator[_Scene]:
    with tempfile.TemporaryDirectory(prefix="servespec-trust-") as folder:
        scene = _Scene(Path(folder), program)
        for name in ("cache", "home", "docker", "tmp"):
            (scene.folder / name).mkdir()
        write(scene.project, spec, {**FILES, **_FILES})
        yield scene


def tried(program: Sequence[str] = ("-m", "servespec")) -> Found:
    """Every command that reads a project, and those that ask registries or a server, with canaries all around."""
    with answering() as registry, _scene(SPEC + _SECRETS, program) as scene:
        said = {" ".join(command).replace(CANARY, "CANARY"): scene.run(*command) for command in _commands()}
        said |= _asking(scene, registry)
        leaks = tuple(scene.leaks(said))
    places = len(_VARIABLES) + len(_FILES) + 2
    return Found(f"{places} variables, files and logins; {len(said)} commands", leaks)


def _commands() -> Iterator[Sequence[str]]:
    yield from (("validate", f"--format={name}") for name in formats.FORMATS)
    yield ("build",)
    yield ("build", "--check")
    yield ("build", "--diff", "--force")
    yield from (("show", "-e", "staging", f"--format={name}") for name in ("text", "json"))
    yield ("diff", "-e", "staging", "-e", "production")
    yield from (("list", f"--format={name}") for name in ("text", "json"))
    yield ("explain", "deploy/fraud-detector/staging/compose/compose.yaml:1")
    yield ("audit",)
    yield from (("ci", name) for name in ("github", "gitlab"))
    yield ("inspect", "model")
    yield ("validate", "--fix", "--diff")
    yield ("validate", "--fix")
    yield ("run", "-e", "staging")
    asked = ("smoke", "-e", "staging", "--timeout", "10ms")
    yield (*asked, "--url", "http://127.0.0.1:9", "--token", CANARY)
    yield (*asked, "--url", f"http://canary:{CANARY}@127.0.0.1:9")


def _asking(scene: _Scene, registry: Answering) -> dict[str, bytes]:
    """What `lock` says when it shows who asks, and is not let in or not understood."""
    logins = {"auths": {registry.host: {"auth": _LOGIN}}}
    (scene.folder / "docker" / "config.json").write_text(json.dumps(logins))
    manifest = "/v2/base/manifests/1"
    registry.guards[manifest] = (f"Basic {_LOGIN}", Said(401, headers={"WWW-Authenticate": 'Basic realm="x"'}))
    registry.says[manifest] = Said(500, CANARY.encode())
    based = SPEC.replace("image: {", f"image: {{base: '{registry.host}/base:1', ")
    named = SPEC.replace("format: pytorch, uri: ./model", "format: mlflow, uri: 'models:/fraud@champion'")
    said = {}
    for name, spec, more in (
        ("lock, refused by a registry of images", based, {}),
        (
            "lock, refused by a registry of models",
            named,
            {"MLFLOW_TRACKING_URI": f"http://canary:{CANARY}@{registry.host}"},
        ),
        ("lock, without a registry of models", named, {"MLFLOW_TRACKING_URI": f"http://canary:{CANARY}@127.0.0.1:9"}),
        ("lock, with no address of one", named, {"MLFLOW_TRACKING_URI": f"sqlite://canary:{CANARY}@host/x"}),
        (
            "lock, without a storage",
            SPEC.replace("./model}", "s3://a/b}"),
            {"AWS_ENDPOINT_URL": f"http://canary:{CANARY}@127.0.0.1:9"},
        ),
    ):
        (scene.project / "serving.yaml").write_text(spec + _SECRETS)
        said[name] = scene.run("lock", **more)
    assert any(allowed for _, path, allowed in registry.asked if path == manifest), said
    return said


def broken() -> Found:
    """A bug whose message holds a canary: in this process, and in one that shares out many specs."""
    leaks: list[str] = []
    with _scene(SPEC, ("-c", _BREAKING)) as scene:
        with (
            mock.patch.object(readings, "resolve", _break),
            mock.patch.object(tempfile, "tempdir", str(scene.folder / "tmp")),
        ):
            done = servespec(scene.project, "build")
        said = {"a bug in `build`": (done.out + done.err).encode()}
        for number in range(_MOST_SPECS):
            write(scene.project / f"p{number}", SPEC.replace("fraud-detector", f"fraud-{number}"))
        said["a bug in `validate` of many"] = scene.run("validate", ".")
        said["a bug in `build` of many"] = scene.run("build", ".")
        leaks += scene.leaks(said)
        leaks += [f"{name} is none: {text[:200]!r}" for name, text in said.items() if b"bug" not in text]
        reports = list((scene.folder / "tmp").glob("servespec-bug-*"))
    return Found(f"{len(said)} commands, {len(reports)} reports", tuple(leaks) if reports else ("no report was left",))


def _break(*_: object, **__: object) -> None:
    try:
        raise KeyError(CANARY)
    except KeyError as cause:
        raise RuntimeError(f"no {CANARY}") from cause
