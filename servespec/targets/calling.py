"""The line by which a person asks the served model something."""

from __future__ import annotations

import json

from servespec.deployment.types import Deployment
from servespec.emit import shell
from servespec.runtimes.catalog import SERVERS

_MOST = 400  # characters of a request on a command line; a longer one is an attachment, not an example


def call(deployment: Deployment) -> tuple[str, ...]:
    """The `curl` line with the request of the first example: nothing without one, where it is too long to paste, or for
    a server that also wants a token."""
    path = SERVERS[deployment.runtime.server].predict_path
    if not deployment.examples or path is None or not path.value.startswith(("/v1/", "/v2/")):
        return ()
    body = json.dumps(deployment.examples[0].request)
    if len(body) > _MOST:
        return ()
    address = f"http://127.0.0.1:{deployment.runtime.protocols['rest']}{path.value.format(model=deployment.model.name)}"
    argv = ["curl", "--fail-with-body", "--silent", "--json", body, address]
    return (shell.command(argv).text,)
