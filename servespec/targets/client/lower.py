"""The files of the client target."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from servespec.artifacts import Artifact, Bundle, Content, Language, Structured
from servespec.deployment.over_rest import without_json
from servespec.deployment.types import Deployment
from servespec.emit import python, requirements, shell, template
from servespec.emit.quoted import Data
from servespec.facts import Facts
from servespec.runtimes.catalog import SERVERS
from servespec.targets.calling import key_file, piped
from servespec.targets.client import grpc, rest
from servespec.targets.client.example import example
from servespec.targets.client.openapi import document
from servespec.targets.contract import Context, Lowered


def lower(deployment: Deployment, context: Context) -> Lowered:
    """A client for each protocol in which the server can be asked."""
    files = tuple(_files(deployment, context.facts))
    return Lowered(Bundle("client", files, asks=tuple(_commands(deployment, context))))


def _files(deployment: Deployment, facts: Facts) -> Iterator[Artifact]:
    if not any(without_json(deployment)):
        yield _program("rest.py", rest.pieces(deployment), rest.spec(deployment, facts))
        yield Artifact("openapi.json", Structured(document(deployment)), Language.JSON)
    if grpc.can_ask(deployment):
        yield _program("rpc.py", grpc.pieces(deployment), grpc.spec(deployment), binary=grpc.is_binary(deployment))
        yield Artifact("requirements.txt", _packages(deployment.runtime.server), Language.REQUIREMENTS)


def _packages(server: str) -> Content:
    packages = SERVERS[server].grpc_packages
    assert packages is not None
    return requirements.dump([requirements.parse(pin, f"fact:{server}.grpc_packages") for pin in packages.value])


def _program(path: str, pieces: tuple[str, ...], spec: Data, *, binary: bool = False) -> Artifact:
    """A client: the skeleton with the literal, then those for the form of requests, the wire and the command line."""
    start, *others = pieces
    literal = python.literal(spec, column=len("SPEC: dict[str, Any] = "))
    first = template.render(f"client/{start}", {"spec": literal, "binary": binary})
    rest_ = (template.render(f"client/{piece}", {}) for piece in others)
    return Artifact(path, template.joined(first, *rest_), Language.PYTHON)


def _commands(deployment: Deployment, context: Context) -> Iterator[str]:
    """The first example, sent."""
    if example(deployment).request is not None:
        file = "rpc.py" if any(without_json(deployment)) else "rest.py"
        program = ["python", posixpath.join(context.output.of("client"), file)]
        if key := key_file(deployment, context):
            yield piped(key, [*program, "--token-file=/dev/stdin"])
        else:
            yield shell.command(program).text
