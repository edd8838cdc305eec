"""A batch adds neither the prediction nor the probability to its rows.

Bad:
```yaml
pattern: [realtime, batch]
batch:
  schedule: {cron: "@daily"}
  input: {uri: "in/{interval.start:%Y-%m-%d}", columns: [amount]}
  output: {uri: "out/{interval.start:%Y-%m-%d}"}
  append: {modelVersion: version}
```
Good:
```yaml
pattern: [realtime, batch]
batch:
  schedule: {cron: "@daily"}
  input: {uri: "in/{interval.start:%Y-%m-%d}", columns: [amount]}
  output: {uri: "out/{interval.start:%Y-%m-%d}"}
  append: {prediction: fraud, modelVersion: version}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Part, Severity, error
from servespec.facts import Facts

CODE = "nothing-appended"
SEVERITY = Severity.ERROR


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """The columns that are added, when the model's answer is not among them."""
    batch = deployment.batch
    if batch and batch.append.prediction is None and batch.append.probability is None:
        yield _nothing()


def _nothing() -> Diagnostic:
    return error(
        CODE,
        "the results hold nothing that the model says",
        Label(("batch", "append"), "neither `prediction` nor `probability`", Part.KEY),
        help="add `prediction: NAME`, or leave `append` out",
    )
