"""The workers are to ask a server that is not there, or that they can't ask.

`scoring: realtime` means the server of the same spec: it takes the pattern `realtime`. Workers have no token to show,
and in a cluster variants have no address in common.

Bad:
```yaml
pattern: streaming
connections: [{name: events, type: kafka, brokers: ["kafka:9092"]}]
streaming: {source: {connection: events, topic: payments}, sink: {topic: scores}, features: [amount], scoring: realtime}
```
Good:
```yaml
pattern: streaming
connections: [{name: events, type: kafka, brokers: ["kafka:9092"]}]
streaming: {source: {connection: events, topic: payments}, sink: {topic: scores}, features: [amount], scoring: worker}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.deployment.types import Deployment
from servespec.deployment.workloads import serves
from servespec.diagnostics.types import Diagnostic, Label, Part, Severity, error
from servespec.facts import Facts
from servespec.runtimes.catalog import SERVERS

CODE = "unfit-scoring"
SEVERITY = Severity.ERROR


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """The word, when there is nobody to ask."""
    if deployment.streaming is None or deployment.streaming.scoring != "realtime":
        return
    server = SERVERS[deployment.runtime.server]
    if not serves(deployment):
        yield _no_server()
    elif deployment.variants and "kubernetes" in deployment.targets:
        yield _no_one_address()
    elif server.key_file and deployment.security.authorization == "token":
        yield _token(server.title)


def _no_server() -> Diagnostic:
    return error(
        CODE,
        "there is no server for the workers to ask",
        Label(("streaming", "scoring"), "asks the server of this spec"),
        Label(("pattern",), "without `realtime`"),
        help="add `realtime` to `pattern`, or leave `scoring` out: each worker runs the model itself",
    )


def _no_one_address() -> Diagnostic:
    return error(
        CODE,
        "in a cluster the variants share no address",
        Label(("streaming", "scoring"), "asks the server of this spec"),
        Label(("variants",), "each has an address of its own there", Part.KEY),
        help="leave `scoring` out: each worker runs the spec's own model",
    )


def _token(server: str) -> Diagnostic:
    return error(
        CODE,
        f"{server} asks for a token that workers do not have",
        Label(("streaming", "scoring"), "asks the server of this spec"),
        help="leave `scoring` out, so that each worker runs the model; or write `security: {authorization: none, …}`",
    )
