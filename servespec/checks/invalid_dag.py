"""A name is not one that Airflow takes.

An id, a pool and a tag have letters, digits, `-`, `_` and `.`. What is called when a run has failed is a function of
yours, by the module where Airflow finds it and its name there: `package.module:function`.

Bad:
```yaml
pattern: [realtime, batch]
batch:
  schedule: {cron: "@daily"}
  input: {uri: "in/{interval.start:%Y-%m-%d}", columns: [amount]}
  output: {uri: "out/{interval.start:%Y-%m-%d}"}
  dag: {notify: "page the team"}
```
Good:
```yaml
pattern: [realtime, batch]
batch:
  schedule: {cron: "@daily"}
  input: {uri: "in/{interval.start:%Y-%m-%d}", columns: [amount]}
  output: {uri: "out/{interval.start:%Y-%m-%d}"}
  dag: {notify: "company.alerts:page_risk_ml"}
```
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator

from servespec.checks.wording import shown
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Severity, error
from servespec.facts import Facts
from servespec.spans import Route

CODE = "invalid-dag"
SEVERITY = Severity.ERROR

# read: airflow/utils/helpers.py (validate_key) of 2.10 and 3.3, 2026-11: the same characters, at most 250.
_KEY = re.compile(r"[A-Za-z0-9_.-]{1,250}", re.ASCII)
_FUNCTION = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*:[A-Za-z_]\w*", re.ASCII)
_DAG: Route = ("batch", "dag")


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """Each name that Airflow refuses."""
    if deployment.batch is None:
        return
    dag = deployment.batch.dag
    tags = ((("tags", index), tag) for index, tag in enumerate(dag.tags))
    for route, name in ((("id",), dag.id), (("pool",), dag.pool), *tags):
        if name is not None and not _KEY.fullmatch(name):
            yield _no_key((*_DAG, *route), name)
    if dag.notify is not None and not _is_function(dag.notify):
        yield _no_function(dag.notify)


def _is_function(text: str) -> bool:
    words = re.split(r"[.:]", text)
    return _FUNCTION.fullmatch(text) is not None and not any(keyword.iskeyword(word) for word in words)


def _no_key(route: Route, name: str) -> Diagnostic:
    return error(
        CODE,
        f"{shown(name)} can't be a name in Airflow",
        Label(route, "letters, digits, `-`, `_` and `.`, at most 250", otherwise=Label(("name",), "taken from here")),
        help="write a name such as `fraud_scoring`",
    )


def _no_function(text: str) -> Diagnostic:
    return error(
        CODE,
        f"{shown(text)} names no function",
        Label((*_DAG, "notify"), "not `package.module:function`"),
        help="write it as in `company.alerts:page_risk_ml`",
    )
