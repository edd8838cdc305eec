"""A request of the Open Inference Protocol to a server that hands a model without a signature one input, of any name.

So it is also of a model that was fitted on a data frame and knows the names of its columns: only a request that says
itself how it is handed over, by `parameters.content_type`, may bring them one by one.
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.checks.taken_inputs import Taken
from servespec.checks.v2_request import Misfit
from servespec.spans import Value


def lone_misfits(request: Value, taken: Taken, content_type: str) -> Iterator[Misfit]:
    """What does not fit of a request that is sound in itself: another number of inputs, or of features."""
    match request:
        case {"parameters": {"content_type": said}} if said not in (None, content_type):
            return
        case {"inputs": [{"shape": [_, int(width)]}]} if not taken.fits(width):
            yield Misfit(("inputs", 0, "shape"), f"{width} wide, and the model takes {taken.width()}", of_inputs=True)
        case {"inputs": [*inputs]} if len(inputs) != 1:
            yield Misfit(("inputs",), f"{len(inputs)} inputs; without `signature` the model gets one", of_inputs=True)
