"""An amount of CPU or memory that no machine has, or that no container can be started with.

Most often the suffix is wrong or missing: `100000` is a hundred thousand cores, `100000m` is a hundred; `512` of memory
is 512 bytes. A limit of `0` is none.

Bad:
```yaml
resources: {requests: {cpu: "2000m", memory: "512"}}
```
Good:
```yaml
resources: {requests: {cpu: "2000m", memory: 512Mi}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.checks.wording import shown
from servespec.deployment.quantities import Quantity
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label, Severity, error
from servespec.facts import Facts
from servespec.spans import Route

CODE = "impossible-quantity"
SEVERITY = Severity.ERROR

_MOST_CORES = 999
"""More are thousandths that lack their `m`: the largest machines have twice that, and nobody serves a model on one."""
_MOST_MILLICORES = 1_000_000
"""More than anybody writes in thousandths."""
_MOST_BYTES = 64 * 2**40
"""Twice what the largest machines that can be rented have (https://aws.amazon.com/ec2/instance-types, read 2026-11)."""
LEAST_BYTES = 6 * 2**20
"""https://docs.docker.com/engine/containers/resource_constraints (read 2026-11): a lower limit is refused."""


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """Each request and limit that is out of this world."""
    resources = deployment.resources
    for side, amounts in (("requests", resources.requests), ("limits", resources.limits)):
        at: Route = ("resources", side)
        cpu, memory = amounts.cpu, amounts.memory
        if side == "limits":
            yield from (
                _no_limit((*at, name))
                for name, given in (("cpu", cpu), ("memory", memory))
                if given and not given.units
            )
        if cpu and cpu.units > _MOST_CORES:
            yield _too_many((*at, "cpu"), cpu)
        if memory and memory.units > _MOST_BYTES:
            yield _too_much((*at, "memory"), memory)
        elif memory and 0 < memory.units < LEAST_BYTES:
            yield too_little((*at, "memory"), memory)


def _too_many(route: Route, cpu: Quantity) -> Diagnostic:
    millions = cpu.units / 10**6
    number = int(millions if millions.denominator == 1 else cpu.units)
    return error(
        CODE,
        f"no service runs on {shown(cpu.text)} CPUs",
        Label(route, "more than a machine for models has"),
        help=f"did you mean `{number}m`?" if number <= _MOST_MILLICORES else "look at the suffix, as in `2000m`",
    )


def _no_limit(route: Route) -> Diagnostic:
    return error(
        CODE,
        f"a limit of `0` limits no {'CPU' if route[-1] == 'cpu' else 'memory'}",
        Label(route, "to Docker and Kubernetes this is no limit"),
        help="take it out, or write how much there may be",
    )


def _too_much(route: Route, memory: Quantity) -> Diagnostic:
    return error(
        CODE,
        f"no machine has {shown(memory.text)} of memory",
        Label(route, "more than there is"),
        help="look at the suffix, as in `512Mi`",
    )


def too_little(route: Route, memory: Quantity) -> Diagnostic:
    """Less memory than anything runs in."""
    # Without a suffix, or with the `m` of thousandths, as what was written is kept in its shortest form.
    number = memory.units if memory.units.denominator == 1 else memory.units * 1000
    meant = f"did you mean `{number}Mi`?" if LEAST_BYTES <= number * 2**20 < _MOST_BYTES else ""
    return error(
        CODE,
        f"nothing runs in {shown(memory.text)} of memory",
        Label(route, "less than Docker takes, 6Mi"),
        help=meant or "look at the suffix: `Mi` and `Gi` are those that are mostly meant, as in `512Mi`",
    )
