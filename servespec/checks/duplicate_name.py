"""Two things of one list have one name.

Lists of named things are merged, addressed and reported by name; of two with the same one, only one could be meant.

Bad:
```yaml
secrets: [{name: feature-store, keys: [token]}, {name: feature-store, keys: [user]}]
```
Good:
```yaml
secrets: [{name: feature-store, keys: [token, user]}]
```
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from servespec.checks.wording import shown
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Severity, error
from servespec.facts import Facts
from servespec.models import Face
from servespec.spans import Route

if TYPE_CHECKING:  # start-up: most specs have none
    from servespec.deployment.batch import Append, Batch
    from servespec.deployment.streaming import Streaming

CODE = "duplicate-name"
SEVERITY = Severity.ERROR


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """Each name that stands twice in its list."""
    for places in _lists(deployment):
        first: dict[str, Route] = {}
        for route, name in places:
            if (earlier := first.setdefault(name, route)) != route:
                yield _duplicate(name, route, earlier=earlier)


def _lists(deployment: Deployment) -> Iterator[Iterable[tuple[Route, str]]]:
    image, signature = deployment.image, deployment.signature
    yield ((("connections", i, "name"), item.name) for i, item in enumerate(deployment.connections))
    for index, connection in enumerate(deployment.connections):
        yield ((("connections", index, "brokers", i), broker) for i, broker in enumerate(connection.brokers))
    yield ((("secrets", i, "name"), item.name) for i, item in enumerate(deployment.secrets))
    for index, secret in enumerate(deployment.secrets):
        yield ((("secrets", index, "keys", i), key) for i, key in enumerate(secret.keys))
    yield ((("variants", i, "name"), item.name) for i, item in enumerate(deployment.variants))
    yield ((("examples", i, "name"), item.name) for i, item in enumerate(deployment.examples))
    yield ((("image", "buildSecrets", i), name) for i, name in enumerate(image.build_secrets))
    yield ((("image", "files", i, "target"), file.target) for i, file in enumerate(image.files))
    if deployment.batch:
        yield from _columns(deployment.batch)
    if deployment.streaming:
        yield from _fields(deployment.streaming)
    if signature:
        yield _tensors("inputs", signature.inputs)
        yield _tensors("outputs", signature.outputs) if signature.outputs else ()


def _columns(batch: Batch) -> Iterator[Iterable[tuple[Route, str]]]:
    """Those that a batch reads, and those that its results have."""
    yield ((("batch", "input", "columns", i), name) for i, name in enumerate(batch.input.columns))
    kept = [(("batch", "keep", i), name) for i, name in enumerate(batch.keep or ())]
    # Without `keep` all columns are kept: those that the model reads are known.
    read = [] if batch.keep is not None else [(("batch", "input", "columns"), name) for name in batch.input.columns]
    yield [*kept, *read, *_added("batch", batch.append)]


def _fields(streaming: Streaming) -> Iterator[Iterable[tuple[Route, str]]]:
    """Those that a stream reads, and those that a prediction has."""
    yield ((("streaming", "features", i), name) for i, name in enumerate(streaming.features))
    kept = ((("streaming", "keep", i), name) for i, name in enumerate(streaming.keep or ()))
    yield [*kept, *_added("streaming", streaming.append)]


def _added(block: str, append: Append) -> Iterator[tuple[Route, str]]:
    named = {
        "prediction": append.prediction,
        "probability": append.probability,
        "scoredAt": append.scored_at,
        "modelVersion": append.model_version,
    }
    return (((block, "append", key), name) for key, name in named.items() if name is not None)


def _tensors(side: str, face: Face) -> Iterator[tuple[Route, str]]:
    return ((("signature", side, "tensors", i, "name"), tensor.name) for i, tensor in enumerate(face.tensors))


def _duplicate(name: str, route: Route, *, earlier: Route) -> Diagnostic:
    return error(
        CODE,
        f"{shown(name)} is there twice",
        Label(route, "again here"),
        Label(earlier, "first here"),
        help="rename or remove one of them",
    )
