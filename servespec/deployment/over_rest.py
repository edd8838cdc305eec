"""What of a signature a server can't be asked over REST."""

from __future__ import annotations

from collections.abc import Iterator

from servespec.deployment.types import Deployment
from servespec.runtimes.catalog import SERVERS
from servespec.spans import Route


def without_json(deployment: Deployment) -> Iterator[tuple[Route, str]]:
    """Each datatype whose values the server neither takes nor tells in JSON, with its place."""
    signature, formless = deployment.signature, SERVERS[deployment.runtime.server].without_json
    if signature is None or formless is None:
        return
    for side, face in (("inputs", signature.inputs), ("outputs", signature.outputs)):
        tensors = enumerate(face.tensors if face else ())
        found: list[tuple[Route, str]] = [(("tensors", index, "datatype"), item.datatype) for index, item in tensors]
        found += [(("columns", item.name), item.datatype) for item in (face.columns if face else ())]
        yield from ((("signature", side, *at), datatype) for at, datatype in found if datatype in formless.value)
