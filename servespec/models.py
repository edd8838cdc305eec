"""What can be said of a model, whoever says it: the spec, or the model's own files."""

from __future__ import annotations

from servespec.records import dataclass


@dataclass(frozen=True)
class Framework:
    """A library, by its name on PyPI, and its version."""

    name: str
    version: str


@dataclass(frozen=True)
class Tensor:
    """A named tensor; -1 in `shape` is a dimension of any size."""

    name: str
    datatype: str
    shape: tuple[int, ...]


@dataclass(frozen=True)
class Column:
    """A column of a table."""

    name: str
    datatype: str


@dataclass(frozen=True)
class Face:
    """One side of a signature: columns, or else tensors."""

    columns: tuple[Column, ...]
    tensors: tuple[Tensor, ...]


@dataclass(frozen=True)
class Signature:
    """What goes in and comes out."""

    inputs: Face
    outputs: Face | None


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
    optional: tuple[str, ...] = ()
    """Columns of the inputs that may be left out."""
    picks: bool = False
    """Whether it picks the columns that it uses out of a table by their names: others may be there, or not."""

    @property
    def exact(self) -> Signature | None:
        """The signature, where all of its inputs must come, and nothing else."""
        return None if self.optional or self.picks else self.signature

    def detail(self, label: str) -> str | int | None:
        """The value of the first detail with that label."""
        return next((value for name, value in self.details if name == label), None)


@dataclass(frozen=True, slots=True)
class Unknown:
    """Files of which nothing can be said."""

    reason: str
    """A sentence without its beginning, which is the name of the file."""
