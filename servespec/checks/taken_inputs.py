"""What the model takes: by the signature, or where there is none by the model's own files."""

from __future__ import annotations

from servespec.checks.asked_models import asked_model
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Label
from servespec.facts import Facts
from servespec.models import Face
from servespec.records import dataclass
from servespec.spans import Route


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

    def label(self, words: str) -> Label:
        """What to say at the place that says it."""
        return Label(self.route, words)


def taken_inputs(deployment: Deployment, facts: Facts) -> Taken | None:
    """The inputs of the model. What its files say is not what comes in where a handler stands before it, or where
    columns may be left out; of another format than the spec's they are another mistake."""
    if deployment.signature:
        return Taken(deployment.signature.inputs, ("signature", "inputs"), "signature", passes_over=False)
    model = asked_model(deployment, facts)
    if model is None or model.exact is None or deployment.model.handler:
        return None
    if model.format != deployment.model.format:
        return None
    # MLflow takes the columns of a model's signature out of what it is given.
    return Taken(model.exact.inputs, ("model", "uri"), "model", passes_over=model.format == "mlflow")
