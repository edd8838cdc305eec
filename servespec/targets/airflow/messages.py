"""What is wrong with the options of the airflow target."""

from __future__ import annotations

from servespec.diagnostics.types import Diagnostic, Label, error
from servespec.diagnostics.wording import shown


def invalid_airflow_connection(name: str) -> Diagnostic:
    """The name of a connection is not one that Airflow takes.

    It is at most 250 letters, digits, and `-`, `_`, `.`, `:`, `/`, `#`, `!`, `(`, `)`.

    Bad:
    ```yaml
    targets: {airflow: {connection: the scoring cluster}}
    ```
    Good:
    ```yaml
    targets: {airflow: {connection: scoring_cluster}}
    ```
    """
    return error(
        "invalid-airflow-connection",
        f"{shown(name)} can't be a connection of Airflow",
        Label(("targets", "airflow", "connection"), "at most 250 letters, digits and `-_.:/#!()`"),
        help="write a name such as `scoring_cluster`",
    )
