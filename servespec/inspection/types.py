"""What an inspection comes to: what the files say, or why they say nothing."""

from __future__ import annotations

from servespec.deployment.types import Framework, Signature
from servespec.records import dataclass


@dataclass(frozen=True, slots=True)
class Hazard:
    """Something to know before the model is loaded or served."""

    subject: str
    """The thing in the file: a function, a path, a folder."""
    reason: str


@dataclass(frozen=True)
class Inspection:
    """What a model's own files say.

    In its signature a model may keep things to itself: there an empty datatype or name means any, and so does the shape
    `()`. Only what is said can be compared.
    """

    kind: str
    """What the files are, in the words of those who write them: `SavedModel`, `ONNX`, `pickle`, ..."""
    format: str | None
    """The word of `model.format` for them; None when they could be several."""
    framework: Framework | None = None
    """The library that made the model, with the version that made it."""
    packages: tuple[Framework, ...] = ()
    """Everything else that is named with a version."""
    signature: Signature | None = None
    details: tuple[tuple[str, str | int], ...] = ()
    hazards: tuple[Hazard, ...] = ()

    def detail(self, label: str) -> str | int | None:
        """The value of the first detail with that label."""
        return next((value for name, value in self.details if name == label), None)


@dataclass(frozen=True, slots=True)
class Unknown:
    """Files of which nothing can be said."""

    reason: str
    """A sentence without its beginning, which is the name of the file."""


class Malformed(Exception):
    """The bytes are not what they seemed to be. Never leaves this package: it becomes an `Unknown`."""


class TooMuch(Malformed):
    """There is more than anybody wants to wait for."""
