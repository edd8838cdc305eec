"""A name is not one that an object of Kubernetes can have.

Most are lower-case letters, digits, `-` and `.`, with a letter or digit first and last. The name of the service itself,
which becomes that of its Service, begins with a letter and has no `.`; with what is put before and after it, it has 63
characters at most, and 52 for a batch that a CronJob starts, or 51 or 50 with more than 10 or 100 pods at once.

Bad:
```yaml
identity: {serviceAccount: Fraud_Detector}
```
Good:
```yaml
identity: {serviceAccount: fraud-detector}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.checks.wording import shown, typed
from servespec.deployment.names import as_label, is_label, is_subdomain
from servespec.deployment.types import Deployment
from servespec.deployment.workloads import scorer_name, scores_in_pods, serves
from servespec.diagnostics.types import Diagnostic, Label, Severity, error
from servespec.facts import Facts
from servespec.spans import Route

CODE = "invalid-object-name"
SEVERITY = Severity.ERROR

_LONGEST = 63
_LONGEST_CRONJOB = 52  # read: kubernetes.io, CronJob: the names of its Jobs have 11 characters more, 2026-11
_LONGEST_OF_PARTS = 53  # read: pkg/apis/batch/validation, ValidateJob: NAME-NNNNNNNN-PART is a host's name, 2026-11
_OF_KEDA = "keda-hpa-"  # read: kedacore/keda v2.20.2, pkg/../scaledobject: before the name of the autoscaler, 2026-11


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """Each name that would be refused."""
    for route, name in _subdomains(deployment):
        if name is not None and not is_subdomain(name):
            yield _malformed(route, name)
    for route, name in _namespaces(deployment):
        if name is not None and not is_label(name):
            yield _malformed(route, name)
    if "kubernetes" in deployment.targets and is_label(deployment.name):
        yield from _of_service(deployment) if serves(deployment) else ()
        yield from _of_cronjob(deployment) if scores_in_pods(deployment) else ()


def _subdomains(deployment: Deployment) -> Iterator[tuple[Route, str | None]]:
    placement, expose = deployment.placement, deployment.network.expose
    yield ("identity", "serviceAccount"), deployment.identity.service_account if is_label(deployment.name) else None
    yield ("batch", "volumeClaim"), deployment.batch.volume_claim if deployment.batch else None
    yield ("placement", "priorityClass"), placement.priority_class
    yield ("placement", "runtimeClass"), placement.runtime_class
    if expose:
        yield ("network", "expose", "ingressClass"), expose.ingress_class
        if gateway := expose.gateway:
            yield ("network", "expose", "gateway", "name"), gateway.name
            yield ("network", "expose", "gateway", "listener"), gateway.listener


def _namespaces(deployment: Deployment) -> Iterator[tuple[Route, str | None]]:
    network = deployment.network
    if network.expose and network.expose.gateway:
        yield ("network", "expose", "gateway", "namespace"), network.expose.gateway.namespace
    for field, peers in (("callers", network.callers or ()), ("egress", network.egress)):
        for index, peer in enumerate(peers):
            yield ("network", field, index, "namespace"), peer.namespace


def _of_service(deployment: Deployment) -> Iterator[Diagnostic]:
    if deployment.name[0].isdigit():
        yield _digit(deployment.name)
    scaling = deployment.scaling.autoscaling
    before = _OF_KEDA if scaling and scaling.metric not in ("cpu", "memory") else ""
    names = [deployment.name, *(f"{deployment.name}-{variant.name}" for variant in deployment.variants)]
    longest = max(filter(is_label, names), key=len)  # of a longer one `invalid-name` tells
    if len(before) + len(longest) > _LONGEST:
        yield _long(f"{before}{longest}")


def _of_cronjob(deployment: Deployment) -> Iterator[Diagnostic]:
    name, parts = scorer_name(deployment), deployment.batch.parallelism if deployment.batch else 1
    most = _LONGEST_CRONJOB if parts == 1 else min(_LONGEST_CRONJOB, _LONGEST_OF_PARTS - len(str(parts - 1)))
    if len(name) > most:
        yield _long(name, most=most)


def _malformed(route: Route, name: str) -> Diagnostic:
    near = typed(as_label(name))
    return error(
        CODE,
        f"{shown(name)} can't be the name of an object",
        Label(route, "lower-case letters, digits, `-` and `.`"),
        help=f"write `{near}`" if near else "write a name such as `fraud-detector`",
    )


def _digit(name: str) -> Diagnostic:
    return error(
        CODE,
        f"{shown(name)} can't be the name of a Service",
        Label(("name",), "begins with a digit"),
        help="put a letter first",
    )


def _long(name: str, *, most: int = _LONGEST) -> Diagnostic:
    over = len(name) - most
    return error(
        CODE,
        "a name derived from this one is too long",
        Label(("name",), f"`{name}` has {len(name)} characters, {most} are allowed"),
        help=f"write a name that is {over} character{'s' if over > 1 else ''} shorter",
    )
