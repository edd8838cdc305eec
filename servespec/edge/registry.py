"""Images in their registries, by the registries' HTTP API: the digest that a name stands for, and whether it is there.

The API and its tokens: https://distribution.github.io/distribution/spec/api/, .../auth/token/ and .../auth/oauth/
(read 2026-11).
"""

from __future__ import annotations

import base64
import json
import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from servespec.deployment.images import ImageReference
from servespec.deployment.mirrors import HUB, registry_of
from servespec.edge.web import Reply, Unanswered, get, post
from servespec.records import dataclass

_HUBS_API = "registry-1.docker.io"
_HUBS_LOGIN = "https://index.docker.io/v1/"
_KINDS = (
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
)
"""What a name may stand for. Of an image for several platforms it is the list of all of them that is wanted."""
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_PARAMETER = re.compile(r'([a-z]+)="([^"]*)"')
# https://docs.docker.com/reference/cli/dockerd/#insecure-registries (read 2026-11): all of 127.0.0.0/8, and localhost.
_LOOPBACK = re.compile(r"(?:localhost|127(?:\.[0-9]+){3}|\[::1\])(?::[0-9]+)?")


class Unshown(Unanswered):
    """A registry has let somebody in, and shows no such image. Docker Hub says so of a repository that is not there."""


@dataclass(frozen=True, slots=True)
class _Login:
    """What is kept of a login: a name with its password, as Basic wants them, or a token to get others with."""

    basic: str | None = None
    identity: str | None = None


def has(image: ImageReference) -> bool:
    """Whether its registry has an image, as far as it shows who asks: who then pushes one is told if he may not. Raises
    Unanswered."""
    try:
        return digest_of(image) is not None
    except Unshown:
        return False


def digest_of(image: ImageReference) -> str | None:
    """The digest that an image's name stands for now; None when the registry has no such image. Raises Unanswered."""
    registry, path = registry_of(image.repository)
    reply = _asked(registry, path, image.digest or image.tag or "latest")
    if reply.status == 404:
        return None
    if reply.status != 200:
        raise Unanswered(f"{registry} answers {reply.status} to the question for {image}")
    digest = reply.headers.get("docker-content-digest", "")
    if not _DIGEST.fullmatch(digest):
        raise Unanswered(f"{registry} tells no digest of {image}")
    return digest


def _asked(registry: str, path: str, reference: str) -> Reply:
    host = _HUBS_API if registry == HUB else registry
    url = f"{'http' if _LOOPBACK.fullmatch(host) else 'https'}://{host}/v2/{path}/manifests/{reference}"
    accepted = {"Accept": ", ".join(_KINDS)}
    # HEAD: a registry that counts downloads does not count it.
    reply = get(url, accepted, method="HEAD")
    if reply.status != 401:
        return reply
    allowed = _authorization(reply.headers.get("www-authenticate", ""), registry, path)
    reply = get(url, {**accepted, "Authorization": allowed}, method="HEAD")
    if reply.status in (401, 403) and allowed.startswith("Bearer "):
        raise Unshown(f"{registry} answers {reply.status} to the question for {path}:{reference}, with its own token")
    return reply


def _authorization(challenge: str, registry: str, path: str) -> str:
    """What to say to a registry that wants to know who asks."""
    kind, _, rest = challenge.partition(" ")
    login = _login(registry)
    if kind.lower() == "basic":
        if login.basic is None:
            raise Unanswered(f"{registry} asks for a login: `docker login {registry}` keeps one")
        return f"Basic {login.basic}"
    given = dict(_PARAMETER.findall(rest))
    if kind.lower() != "bearer" or not given.get("realm", "").startswith(("https://", "http://")):
        raise Unanswered(f"{registry} wants to know who asks in a way that is not known here: {kind}")
    return f"Bearer {_token(given, login, registry, path)}"


def _token(given: Mapping[str, str], login: _Login, registry: str, path: str) -> str:
    query = {"service": given.get("service", ""), "scope": given.get("scope") or f"repository:{path}:pull"}
    reply = _granted(given["realm"], {name: value for name, value in query.items() if value}, login)
    if reply.status != 200:
        raise Unanswered(f"{registry} gives no token: {reply.status}; `docker login` may be missing")
    said = reply.json()
    token = (said.get("token") or said.get("access_token")) if isinstance(said, dict) else None
    if not isinstance(token, str):
        raise Unanswered(f"{registry} gives no token")
    return token


def _granted(realm: str, query: Mapping[str, str], login: _Login) -> Reply:
    if login.identity:
        form = {"grant_type": "refresh_token", "client_id": "servespec", "refresh_token": login.identity}
        return post(realm, {**query, **form})
    url = f"{realm}{'&' if '?' in realm else '?'}{urlencode(query)}"
    return get(url, {"Authorization": f"Basic {login.basic}"} if login.basic else {})


def _login(registry: str) -> _Login:
    """What `docker login` has kept for a registry."""
    name = _HUBS_LOGIN if registry == HUB else registry
    config = _configuration()
    helper = _of(config, "credHelpers").get(name) or config.get("credsStore")
    if isinstance(helper, str) and (kept := _asked_helper(helper, name)):
        return kept
    entry = _of(_of(config, "auths"), name)
    basic, identity = (value if isinstance(value, str) else None for value in map(entry.get, ("auth", "identitytoken")))
    return _Login(basic or None, identity)


def _configuration() -> Mapping[str, Any]:
    folder = os.environ.get("DOCKER_CONFIG") or os.path.expanduser("~/.docker")
    try:
        config = json.loads(Path(folder, "config.json").read_bytes())
    except FileNotFoundError:
        return {}
    except ValueError:
        raise Unanswered(f"{folder}/config.json is not JSON") from None
    return config if isinstance(config, dict) else {}


def _of(holder: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = holder.get(key)
    return value if isinstance(value, dict) else {}


def _asked_helper(helper: str, name: str) -> _Login | None:
    """What a program that keeps logins says: https://github.com/docker/docker-credential-helpers (read 2026-11)."""
    try:
        done = subprocess.run(
            [f"docker-credential-{helper}", "get"], input=name.encode(), capture_output=True, timeout=30, check=False
        )
        said = json.loads(done.stdout) if done.returncode == 0 else {}
    except (OSError, ValueError, subprocess.TimeoutExpired):
        raise Unanswered(f"docker-credential-{helper}, which keeps the logins, does not answer") from None
    user, secret = said.get("Username"), said.get("Secret")
    if not user or not secret:
        return None
    if user == "<token>":
        return _Login(identity=secret)
    return _Login(base64.b64encode(f"{user}:{secret}".encode()).decode())
