"""A batch reads columns of other names than those on which the model was trained.

XGBoost and LightGBM take a value for a column's by its place in the row, whatever it is called: with the right number
of wrong columns they give wrong predictions, and nothing else. Columns that are only called otherwise in the files are
no mistake: a suppression says so.

Bad:
```yaml
pattern: batch
model: {format: xgboost, uri: ./boosters/model.json}
batch:
  schedule: {cron: "@daily"}
  input: {uri: "in/{interval.start:%Y-%m-%d}", columns: [total, hour, age, distance]}
  output: {uri: "out/{interval.start:%Y-%m-%d}"}
```
Good:
```yaml
pattern: batch
model: {format: xgboost, uri: ./boosters/model.json}
batch:
  schedule: {cron: "@daily"}
  input: {uri: "in/{interval.start:%Y-%m-%d}", columns: [amount, hour, age, distance]}
  output: {uri: "out/{interval.start:%Y-%m-%d}"}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.checks.taken_inputs import Taken, as_typed, taken_inputs
from servespec.checks.wording import shown
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Severity, warning
from servespec.facts import Facts
from servespec.spans import Route

CODE = "renamed-columns"
SEVERITY = Severity.WARNING

_COLUMNS: Route = ("batch", "input", "columns")
_BY_PLACE = ("xgboost", "lightgbm")


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """The first column of a name that the model does not know."""
    if deployment.batch is None or deployment.model.format not in _BY_PLACE:
        return
    read, taken = deployment.batch.input.columns, taken_inputs(deployment, facts)
    if taken and taken.source == "model" and taken.face.columns and taken.fits(len(read)):
        for index in taken.unknown(read)[:1]:
            yield _renamed(index, read, taken)


def _renamed(index: int, read: tuple[str, ...], taken: Taken) -> Diagnostic:
    known = as_typed("columns", taken.placed(read))
    return warning(
        CODE,
        f"the model was not trained on a column {shown(read[index], 24)}",
        Label((*_COLUMNS, index), f"taken for {shown(taken.names()[index])}"),
        taken.label("the model names its columns"),
        help=f"write {known}, or suppress this if the files have other names for the same" if known
        else "write the model's own names, or suppress this if the files have other names for the same",
    )  # fmt: skip
