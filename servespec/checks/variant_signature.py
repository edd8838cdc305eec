"""The models of two variants do not take, or do not give, the same.

A client does not know which variant answers: a request that one of them refuses, or an answer that lacks what the
client reads, is an error for a share of the requests. What the models' own files say is compared; where the spec has a
`signature`, each model is held against that instead (`signature-mismatch`).

Bad:
```yaml
model: {format: lightgbm, uri: ./boosters/model.txt}
variants:
  - {name: current, weight: 90}
  - {name: next, weight: 10, model: {uri: ./boosters/by_country.txt}}
```
Good:
```yaml
model: {format: lightgbm, uri: ./boosters/model.txt}
variants:
  - {name: current, weight: 90}
  - {name: next, weight: 10, runtime: {threads: 2}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.checks.asked_models import asked_model
from servespec.checks.wording import shown
from servespec.deployment.types import Deployment
from servespec.deployment.variants import view
from servespec.diagnostics.types import Diagnostic, Label, Severity, error
from servespec.facts import Facts
from servespec.inspection.difference import signature_difference
from servespec.models import Signature
from servespec.spans import Route

CODE = "variant-signature"
SEVERITY = Severity.ERROR


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """Each variant whose model differs in that from the first one that says something."""
    if deployment.signature is not None:
        return
    known = list(_known(deployment, facts))
    for index, signature in known[1:]:
        first, wanted = known[0]
        if found := signature_difference(wanted, signature):
            yield _other(index, found[0].text, first=first, name=deployment.variants[first].name)


def _known(deployment: Deployment, facts: Facts) -> Iterator[tuple[int, Signature]]:
    for index, variant in enumerate(deployment.variants):
        model = asked_model(view(deployment, variant), facts)
        if model is not None and model.signature is not None:
            yield index, model.signature


def _other(index: int, text: str, *, first: int, name: str) -> Diagnostic:
    return error(
        CODE,
        f"the model is called in another way than that of {shown(name, 16)}",
        _model(index, text),
        _model(first, "which this one does not"),
        help="serve them under two names, or give the models the same inputs and outputs",
    )


def _model(index: int, words: str) -> Label:
    at: Route = ("variants", index)
    base = Label(("model", "uri"), words)
    return Label((*at, "model", "uri"), words, otherwise=Label((*at, "model"), words, otherwise=base))
