"""How each server is asked over REST. Paths are facts of `runtimes/`; here stands what a path can't say.

A server whose facts name its paths needs nothing here, unless readiness is more than an answer of 200, it keeps its
own key, or the form of an answer can be held against the signature.
"""

from __future__ import annotations

from collections.abc import Callable

from servespec.deployment.types import Deployment
from servespec.edge.http import Answer
from servespec.models import Signature
from servespec.records import dataclass
from servespec.running import oip
from servespec.runtimes.catalog import SERVERS
from servespec.spans import Value


@dataclass(frozen=True)
class KeyFile:
    """Where a server writes the key that its clients must show: a JSON file in its first writable folder."""

    name: str
    keys: tuple[str, ...]


def _answered(answer: Answer) -> bool:
    return answer.status == 200


def _version_available(answer: Answer) -> bool:
    # TF Serving answers 200 for a model that is still loading, or that failed to load.
    return answer.status == 200 and b'"AVAILABLE"' in answer.body


def _any_form(answer: Value, request: Value, signature: Signature) -> str:
    return ""


@dataclass(frozen=True)
class Manner:
    """What is peculiar to a server."""

    ready: Callable[[Answer], bool] = _answered
    """What an answer of its `ready_path` means."""
    form: Callable[[Value, Value, Signature], str] = _any_form
    """What is wrong with the form of an answer to a request; empty when nothing is."""
    key: KeyFile | None = None


_OIP = Manner(form=oip.misfit)
_MANNERS = {
    "torchserve": Manner(key=KeyFile("key_file.json", ("inference", "key"))),
    "tf-serving": Manner(ready=_version_available),
    "mlserver": _OIP,
    "onnxruntime": _OIP,
    "triton": _OIP,
}


@dataclass(frozen=True)
class Wire:
    """How one deployment's server is asked: paths below its address."""

    predict: str
    ready: str | None
    manner: Manner


def wire(deployment: Deployment) -> Wire | None:
    """How the deployment's server is asked over REST; None when it can't be."""
    facts, manner = SERVERS[deployment.runtime.server], manner_of(deployment)
    predict = facts.predict_at(deployment.model.name)
    return Wire(predict, facts.ready_at(deployment.model.name), manner) if predict else None


def manner_of(deployment: Deployment) -> Manner:
    """What is peculiar to the deployment's server."""
    return _MANNERS.get(deployment.runtime.server, Manner())


def local_url(deployment: Deployment) -> str:
    """The address of the server on this machine."""
    return f"http://127.0.0.1:{deployment.runtime.protocols['rest']}"
