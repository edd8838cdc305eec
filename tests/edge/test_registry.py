"""Digests from a registry: by its tokens, by a login, without any, and each way in which it can fail."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from servespec.deployment.images import ImageReference
from servespec.edge.registry import digest_of, has
from servespec.edge.web import Unanswered
from tests.answering_registry import Answering, Said, answering

_DIGEST = "sha256:" + "a" * 64
_PATH = "/v2/team/python/manifests/3.11"
_THERE = Said(headers={"Docker-Content-Digest": _DIGEST})


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Answering]:
    """A registry that has one image, for somebody who never logged in anywhere."""
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    with answering() as server:
        server.says[_PATH] = _THERE
        yield server


def _image(registry: Answering, name: str = "team/python:3.11") -> ImageReference:
    return ImageReference.of(f"{registry.host}/{name}")


def _login(folder: Path, host: str) -> str:
    given = base64.b64encode(b"someone:secret").decode()
    (folder / "config.json").write_text(json.dumps({"auths": {host: {"auth": given}}}))
    return f"Basic {given}"


def test_open(registry: Answering) -> None:
    """The digest is what the registry says, asked without downloading the manifest; an image that is not there has none."""
    assert digest_of(_image(registry)) == _DIGEST
    assert registry.asked == [("HEAD", _PATH, "")]
    assert digest_of(_image(registry, "team/python:3.12")) is None


def test_token(registry: Answering, tmp_path: Path) -> None:
    """A registry that sends the asker for a token gets one, made with the login that docker keeps for it."""
    login = _login(tmp_path, registry.host)
    challenge = f'Bearer realm="http://{registry.host}/token",service="reg",scope="repository:team/python:pull"'
    registry.guards[_PATH] = ("Bearer t0ken", Said(401, headers={"WWW-Authenticate": challenge}))
    asked = "/token?service=reg&scope=repository:team/python:pull"
    registry.says[asked] = Said.json({"token": "t0ken"})
    registry.guards[asked] = (login, Said(401))
    assert digest_of(_image(registry)) == _DIGEST
    (tmp_path / "config.json").unlink()
    with pytest.raises(Unanswered, match="gives no token: 401"):
        digest_of(_image(registry))


@pytest.mark.parametrize("helped", [False, True])
def test_an_identity_token(registry: Answering, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, helped: bool) -> None:
    """What Azure's registry leaves of a login is no password but a token, kept in the file or by a program under a name
    that stands for one: others are got with it."""
    kept: dict[str, object] = {"auths": {registry.host: {"auth": "MDAwMDo=", "identitytoken": "long-lived"}}}
    if helped:
        program = tmp_path / "docker-credential-mine"
        program.write_text('#!/bin/sh\necho \'{"Username": "<token>", "Secret": "long-lived"}\'\n')
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
        kept = {"credHelpers": {registry.host: "mine"}}
    (tmp_path / "config.json").write_text(json.dumps(kept))
    challenge = f'Bearer realm="http://{registry.host}/oauth2/token",service="reg"'
    registry.guards[_PATH] = ("Bearer t0ken", Said(401, headers={"WWW-Authenticate": challenge}))
    asked = (
        "/oauth2/token service=reg&scope=repository:team/python:pull&grant_type=refresh_token&client_id=servespec"
        "&refresh_token=long-lived"
    )
    registry.says[asked] = Said.json({"access_token": "t0ken"})
    assert digest_of(_image(registry)) == _DIGEST


def test_a_repository_that_nobody_has_made(registry: Answering) -> None:
    """Docker Hub gives a token for one, and then lets nobody see it: to a push it is absent, and to a lock no image."""
    challenge = f'Bearer realm="http://{registry.host}/token"'
    registry.guards[_PATH] = ("Bearer another", Said(401, headers={"WWW-Authenticate": challenge}))
    registry.says["/token?scope=repository:team/python:pull"] = Said.json({"token": "t0ken"})
    assert not has(_image(registry))
    with pytest.raises(Unanswered, match=r"answers 401 to the question for team/python:3\.11, with its own token"):
        digest_of(_image(registry))


def test_login(registry: Answering, tmp_path: Path) -> None:
    """A registry that wants a login gets it; who has none is told how to get one."""
    challenge = Said(401, headers={"WWW-Authenticate": 'Basic realm="reg"'})
    registry.guards[_PATH] = ("Basic " + base64.b64encode(b"someone:secret").decode(), challenge)
    with pytest.raises(Unanswered, match=f"docker login {registry.host}"):
        digest_of(_image(registry))
    _login(tmp_path, registry.host)
    assert digest_of(_image(registry)) == _DIGEST


def test_kept_by_a_program(registry: Answering, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A login that a credential helper keeps is asked of that."""
    program = tmp_path / "docker-credential-mine"
    program.write_text('#!/bin/sh\nread host\necho "{\\"Username\\": \\"someone\\", \\"Secret\\": \\"$host\\"}"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    (tmp_path / "config.json").write_text(json.dumps({"credHelpers": {registry.host: "mine"}}))
    secret = base64.b64encode(f"someone:{registry.host}".encode()).decode()
    challenge = Said(401, headers={"WWW-Authenticate": 'Basic realm="reg"'})
    registry.guards[_PATH] = (f"Basic {secret}", challenge)
    assert digest_of(_image(registry)) == _DIGEST


def test_a_login_stays_at_home(registry: Answering, tmp_path: Path) -> None:
    """Sent on to another host, the asker does not show it the login of the first one."""
    login = _login(tmp_path, registry.host)
    with answering() as other:
        other.says["/elsewhere"] = _THERE
        registry.guards[_PATH] = (login, Said(401, headers={"WWW-Authenticate": 'Basic realm="reg"'}))
        registry.says[_PATH] = Said(307, headers={"Location": f"http://{other.host}/elsewhere"})
        assert digest_of(_image(registry)) == _DIGEST
        assert [(path, allowed) for _, path, allowed in other.asked] == [("/elsewhere", "")]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (Said(500), "answers 500"),
        (Said(), "tells no digest"),
        (Said(headers={"Docker-Content-Digest": "sha256:short"}), "tells no digest"),
        (Said(401, headers={"WWW-Authenticate": "Negotiate"}), "not known here: Negotiate"),
    ],
)
def test_no_answer(registry: Answering, said: Said, words: str) -> None:
    """What is no answer is told as that, and never taken for an image that is absent."""
    registry.says[_PATH] = said
    with pytest.raises(Unanswered, match=words):
        digest_of(_image(registry))


def test_nobody_there(tmp_path: Path) -> None:
    """A registry that can't be reached is a sentence with its address."""
    with answering() as gone:
        host = gone.host
    with pytest.raises(Unanswered, match=rf"http://{host}/v2/.* does not answer"):
        digest_of(ImageReference.of(f"{host}/team/python:3.11"))
