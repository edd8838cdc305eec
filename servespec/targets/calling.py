"""The line by which a person asks the served model something."""

from __future__ import annotations

import json
import posixpath
from collections.abc import Sequence

from servespec.deployment.over_rest import without_json
from servespec.deployment.types import Deployment
from servespec.emit import shell
from servespec.runtimes.catalog import SERVERS
from servespec.targets.contract import Context

_MOST = 400  # characters of a request on a command line; a longer one is an attachment, not an example
_HEADER = "import json, sys; print('Authorization: Bearer ' + json.load(open(sys.argv[1]))['inference']['key'])"


def call(deployment: Deployment, context: Context) -> tuple[str, ...]:
    """The `curl` line with the request of the first example: nothing without one, where it is too long to paste, or
    where every request over REST is refused."""
    path = SERVERS[deployment.runtime.server].predict_at(deployment.model.name)
    if not deployment.examples or path is None or any(without_json(deployment)):
        return ()
    body = json.dumps(deployment.examples[0].request)
    if len(body) > _MOST:
        return ()
    curl = ["curl", "--fail-with-body", "--silent", "--json", body]
    address = f"http://127.0.0.1:{deployment.runtime.protocols['rest']}{path}"
    if not wants_key(deployment):
        return (shell.command([*curl, address]).text,)
    file = SERVERS[deployment.runtime.server].key_file
    assert file is not None
    return (
        piped(_inside(deployment, context, "python", "-c", _HEADER, file.value), [*curl, "--header", "@-", address]),
    )


def wants_key(deployment: Deployment) -> bool:
    """Whether clients must show a key, which the server makes when it starts."""
    return SERVERS[deployment.runtime.server].key_file is not None and deployment.security.authorization == "token"


def key_file(deployment: Deployment, context: Context) -> tuple[str, ...]:
    """The command that prints the server's key file, as compose runs it; nothing where no key is asked for."""
    file = SERVERS[deployment.runtime.server].key_file
    return _inside(deployment, context, "cat", file.value) if file and wants_key(deployment) else ()


def piped(first: Sequence[str], second: Sequence[str]) -> str:
    """The line of two commands, the second one reading what the first one writes."""
    return f"{shell.command(first).text} | {shell.command(second).text}"


def _inside(deployment: Deployment, context: Context, *argv: str) -> tuple[str, ...]:
    path = posixpath.join(context.output.of("compose"), "compose.yaml")
    service = "-".join((deployment.name, *(variant.name for variant in deployment.variants[:1])))
    return ("docker", "compose", f"--file={path}", "exec", "-T", service, *argv)
