"""What is said of files on disk in the formats that programs read."""

from __future__ import annotations

import posixpath

from servespec.diagnostics.types import Diagnostic, Label, Lost, error
from servespec.diagnostics.wording import shown
from servespec.spans import Span


def out_of_date(file: str, spec: str, *, why: str, remedy: str) -> Diagnostic:
    """A file is not what the spec compiles to: the spec was changed and not built, or the file was edited by hand.

    `servespec build --check` tells it, and exits with 3. On the screen the files of a spec are one list; in a report
    that a program reads, each of them is an error.

    Bad:
    ```yaml
    # changed after the last `servespec build`
    runtime: {workers: 2}
    ```
    Good:
    ```yaml
    # built, and committed together with what the build has changed
    runtime: {workers: 2}
    ```
    """
    return error(
        "out-of-date",
        f"{shown(posixpath.basename(file))} is out of date: {why}",
        Label(Span(file, 0, 0)),
        Label(Span(spec, 0, 0), "compiled from this spec"),
        help=remedy,
    )


def orphaned_output(folder: str, manifest: str, *, remedy: str) -> Diagnostic:
    """A folder holds what servespec made of a spec that is no more, or that has another name by now.

    `servespec build` warns of it and removes nothing, and with `--check` it is an error and the exit code is 3: whoever
    reads the folder would take it for something that is still served. It is looked for in the `deploy/` of each spec
    that is built, and, when a folder is named, in each `deploy/` below it that has no `serving.yaml` beside it. With
    `-e`, `-t`, `-o` or `--since` nothing is said, and what is called like another spec of the repository is
    left alone.

    Bad:
    ```yaml
    # deploy/fraud-detector/ is there, and serving.yaml was deleted or renamed
    name: fraud-scorer
    ```
    Good:
    ```yaml
    # deploy/fraud-detector/ was deleted as well
    name: fraud-scorer
    ```
    """
    return error(
        "orphaned-output",
        f"no spec makes {shown(folder)} any more",
        Label(Span(manifest, 0, 0), "made of a spec that is gone or renamed"),
        help=remedy,
    )


def lost_field(lost: Lost) -> Diagnostic:
    """A target can't express a field as it is written, and `build --strict` was asked for.

    Without `--strict` the summary of a build lists such fields, and so does `losses` in its JSON. What each target does
    with each field is shown by `servespec targets SPEC`.

    Bad:
    ```yaml
    # built with --strict: compose gives a container no CPU of its own
    resources: {requests: {cpu: "1"}}
    targets: {compose: {}}
    ```
    Good:
    ```yaml
    resources: {requests: {cpu: "1"}}
    targets: {kubernetes: {}}
    ```
    """
    return error(
        "lost-field",
        f"{shown(lost.field)} does not wholly reach {shown(lost.target)}",
        Label(lost.at, f"{lost.degree} in {lost.target}"),
        help="take the field or the target out, or build without --strict",
        notes=(lost.reason,),
    )
