"""A batch or a stream adds neither the prediction nor the probability to what it writes.

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
    """What is added, when the model's answer is not in it."""
    for block, given in (("batch", deployment.batch), ("streaming", deployment.streaming)):
        if given and given.append.prediction is None and given.append.probability is None:
            yield _nothing(block)


def _nothing(block: str) -> Diagnostic:
    return error(
        CODE,
        "the results hold nothing that the model says",
        Label((block, "append"), "neither `prediction` nor `probability`", Part.KEY),
        help="add `prediction: NAME`, or leave `append` out",
    )
