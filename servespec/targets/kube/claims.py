"""The names that a deployment's objects take in their namespace."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Label
from servespec.spans import Route
from servespec.targets.contract import Claim


def objects(deployment: Deployment, kind: str, *, namespace: str | None) -> Iterator[Claim]:
    """Those of objects that are called like the deployment or one of its variants, and of the account that is made."""
    names: dict[str, Route] = {deployment.name: ("name",)}
    for index, variant in enumerate(deployment.variants):
        names[f"{deployment.name}-{variant.name}"] = ("variants", index, "name")
    yield from named(deployment, kind, names, namespace=namespace)
    if deployment.identity.made:
        account: Mapping[str, Route] = {deployment.identity.service_account: ("identity", "serviceAccount")}
        yield from named(deployment, "ServiceAccount", account, namespace=namespace)


def named(deployment: Deployment, kind: str, names: Mapping[str, Route], *, namespace: str | None) -> Iterator[Claim]:
    """Objects of a kind by their names, each with where it is said."""
    where = f" in namespace `{namespace}`" if namespace else ""
    for name, route in names.items():
        yield Claim(
            "object-clash",
            (deployment.platform.name or "", namespace or "", kind, name),
            f"{kind} `{name}`{where}",
            Label(route, otherwise=Label(("name",))),
        )
