"""What is said of a lock that does not hold."""

from __future__ import annotations

from servespec.diagnostics.types import Diagnostic, Label, error, warning
from servespec.diagnostics.wording import shown
from servespec.spans import Route

SPEC: Route = ("name",)
"""The place of what is about a spec as a whole."""
_REMEDY = "run `servespec lock`, and review what changes"


def missing_lock() -> Diagnostic:
    """There is no lock beside the spec, and `--locked` asks for one.

    With `--locked` nothing is built that may be something else tomorrow: no image by its tag alone, no model by an
    alias, no file whose bytes nobody wrote down.

    Bad:
    ```yaml
    # servespec build --locked, without a serving.lock beside this
    name: fraud-detector
    ```
    Good:
    ```yaml
    # after servespec lock
    name: fraud-detector
    ```
    """
    return error(
        "missing-lock", "this spec is not locked", Label(SPEC, "no lock is beside it"), help="run `servespec lock`"
    )


def not_locked(at: Label, name: str) -> Diagnostic:
    """The lock says nothing of something that may be something else tomorrow.

    A warning, since all but this is still what was locked; an error with `--locked`.

    Bad:
    ```yaml
    # serving.lock has the digest of python:3.11-slim-bookworm
    image: {base: "python:3.12-slim-bookworm"}
    ```
    Good:
    ```yaml
    image: {base: "python:3.11-slim-bookworm"}
    ```
    """
    return warning("not-locked", f"{shown(name)} is not in the lock", at, help=_REMEDY)


def stale_lock(at: Label, *other: Label, headline: str) -> Diagnostic:
    """The lock says something that is no longer so: of a file of requirements, of a server's facts, or of what is not
    used any more.

    A warning, since what is built is what the spec says today; an error with `--locked`.

    Bad:
    ```yaml
    # serving.lock was written before requirements.txt was changed
    image: {requirements: requirements.txt}
    ```
    Good:
    ```yaml
    # after servespec lock
    image: {requirements: requirements.txt}
    ```
    """
    return warning("stale-lock", headline, at, *other, help=_REMEDY)


def changed_model(at: Label, rule: Label, *, headline: str) -> Diagnostic:
    """A file of the model is not the one that was locked.

    One changed byte is enough. The image would refuse it too: its build compares the same digests.

    Bad:
    ```yaml
    # serving.lock has another digest of model/fraud.onnx
    model: {format: onnx, uri: ./model/fraud.onnx}
    ```
    Good:
    ```yaml
    # after servespec lock, or with the file as it was
    model: {format: onnx, uri: ./model/fraud.onnx}
    ```
    """
    return error(
        "changed-model", headline, at, rule, help="bring the file back, or run `servespec lock` if the new one is meant"
    )
