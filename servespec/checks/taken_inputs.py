"""What the model takes: by the signature, or where there is none by the model's own files."""

from __future__ import annotations

import re
from collections.abc import Sequence

from servespec.checks.asked_models import asked_model
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Label
from servespec.facts import Facts
from servespec.models import Face, Inspection
from servespec.records import dataclass
from servespec.spans import Route

_READ = 160
"""Characters of a field that a person still reads."""


@dataclass(frozen=True)
class Taken:
    """The inputs, and who says so."""

    face: Face
    route: Route
    """The place in the spec that says it, or that names the files which do."""
    source: str
    """`signature` or `model`."""
    passes_over: bool
    """Whether columns that the model does not take are left aside."""
    by_place: bool = True
    """Whether a value is a column's by where it stands in a row, and not by a name that comes with it."""
    joins: bool = False
    """Whether its names were saved with `_` in place of blanks, as LightGBM does."""

    def width(self) -> int | None:
        """How many values a row has: one for each column, for each of several tensors, or as many as a lone tensor
        with two dimensions says; None where that is not known."""
        tensors = self.face.tensors
        if self.face.columns or len(tensors) > 1:
            return len(self.face.columns or tensors)
        shape = tensors[0].shape if tensors else ()
        return shape[1] if len(shape) == 2 and shape[1] > 0 else None

    def fits(self, count: int) -> bool:
        """Whether a row of so many values can be one, as far as that is known."""
        width = self.width()
        return width is None or count == width or (count > width and self.passes_over)

    def has(self, names: frozenset[str]) -> bool:
        """Whether a row with columns of these names can be one."""
        columns = {column.name for column in self.face.columns}
        return names == columns or (names > columns and self.passes_over)

    def swaps(self, names: Sequence[str]) -> bool:
        """Whether a row in this order has the model's columns at each other's places."""
        read, wanted = self._saved(names), list(self.names())
        return self.by_place and read != wanted and sorted(read) == sorted(wanted) == sorted({*wanted})

    def placed(self, names: Sequence[str]) -> tuple[str, ...]:
        """Its names in their order, each as it is written among these."""
        written = dict(zip(self._saved(names), names, strict=True))
        return tuple(written.get(name, name) for name in self.names())

    def unknown(self, names: Sequence[str]) -> tuple[int, ...]:
        """Which of the names are no columns of the model."""
        wanted = self.names()
        return tuple(index for index, name in enumerate(self._saved(names)) if name not in wanted)

    def names(self) -> tuple[str, ...]:
        """The names of its columns, in their order."""
        return tuple(column.name for column in self.face.columns)

    def label(self, words: str) -> Label:
        """What to say at the place that says it."""
        return Label(self.route, words)

    def _saved(self, names: Sequence[str]) -> list[str]:
        """Names as they were when the model was saved."""
        return [re.sub(r"\s", "_", name) if self.joins else name for name in names]


def taken_inputs(deployment: Deployment, facts: Facts) -> Taken | None:
    """The inputs of the model. What its files say is not what comes in where a handler stands before it, or where
    columns may be left out; of another format than the spec's they are another mistake."""
    model = asked_model(deployment, facts)
    by_place = _by_place(deployment, model)
    if deployment.signature:
        inputs = deployment.signature.inputs
        return Taken(inputs, ("signature", "inputs"), "signature", passes_over=False, by_place=by_place)
    if model is None or model.exact is None or deployment.model.handler:
        return None
    if model.format != deployment.model.format:
        return None
    # MLflow takes the columns of a model's signature out of what it is given.
    passes_over = model.format == "mlflow"
    joins = model.format == "lightgbm"
    return Taken(model.exact.inputs, ("model", "uri"), "model", passes_over, by_place, joins)


def _by_place(deployment: Deployment, model: Inspection | None) -> bool:
    """Unless the model looks for its columns by their names, as one of MLflow does, or takes a tensor for each."""
    if deployment.model.format == "mlflow" or (model and model.picks):
        return False
    return model is None or model.signature is None or len(model.signature.inputs.tensors) < 2


def as_typed(field: str, value: object) -> str:
    """A field as it may be typed; nothing where it would say nothing, or too much to be read."""
    from servespec.spec.samples import flow  # start-up: only for a mistake

    text = f"{field}: {flow(value)}"
    return f"`{text}`" if value and len(text) <= _READ else ""
