"""A server watched: until it is ready, and from then on until it ends or is asked to."""

from __future__ import annotations

import json
import time

from servespec.deployment.types import Deployment
from servespec.running.cannot import CannotRun
from servespec.running.protocols import KeyFile
from servespec.running.server import Server

_PAUSE = 0.3
_FOR_EVER = 3600.0


def wait_until_ready(server: Server, deployment: Deployment) -> float:
    """The seconds after which the health check said that the model answers. Raises `CannotRun` when it never does."""
    startup, start = deployment.probes.startup, time.monotonic()
    limit = startup.period_seconds * startup.failure_threshold
    while True:
        health = server.health(timeout=startup.timeout_seconds)
        took = time.monotonic() - start
        if how := server.ended():
            raise CannotRun(f"{deployment.name} ended {how} before it was ready")
        if health.code == 0:
            return took
        if took > limit:
            raise CannotRun(f"{deployment.name} was not ready after {limit} s: {health.said or 'no word from it'}")
        server.wait(_PAUSE)


def wait_until_ended(server: Server, deployment: Deployment) -> None:
    """Never returns while the server runs. Raises `CannotRun` when it ends, which nobody asked for."""
    while not (how := server.ended()):
        server.wait(_FOR_EVER)
    raise CannotRun(f"{deployment.name} ended {how}")


def key_of(server: Server, file: KeyFile) -> str:
    """The key that a ready server has made for its clients."""
    try:
        value = json.loads(server.read(file.name))
        for name in file.keys:
            value = value[name]
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise CannotRun(f"the server's {file.name} holds no key for clients: {error}") from None
    return str(value)
