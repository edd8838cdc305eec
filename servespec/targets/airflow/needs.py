"""What must exist before a DAG can run: in Airflow, on its workers, and in the cluster of its pods."""

from __future__ import annotations

from collections.abc import Iterator

from servespec.artifacts import Artifact, Language, Origin
from servespec.deployment.batch import Batch
from servespec.deployment.names import secret_variable
from servespec.deployment.secret_keys import SecretKey
from servespec.deployment.types import Deployment
from servespec.emit import markdown, template
from servespec.emit.quoted import Quoted
from servespec.targets.airflow.options import AirflowOptions
from servespec.targets.airflow.run_on import connection_name
from servespec.targets.batch.variables import variables


def needs(deployment: Deployment, options: AirflowOptions) -> Iterator[Artifact]:
    """The list for people; no file where nothing is needed."""
    batch = deployment.batch
    assert batch is not None
    found: dict[str, template.Slot] = {
        "pool": _code(batch.dag.pool, "batch.dag.pool"),
        "notify": _code(batch.dag.notify, "batch.dag.notify"),
        "spark": batch.run_on == "spark",
        "cluster": batch.run_on == "kubernetes",
        "variables": [] if batch.run_on == "kubernetes" else list(_variables(deployment)),
        **(_in_cluster(deployment, batch) if batch.run_on == "kubernetes" else _NOTHING),
    }
    if any(found.values()):
        slots = {
            **found,
            "dag": _code(batch.dag.id, "batch.dag.id"),
            "connection": _code(connection_name(batch, options), "targets.airflow.connection"),
            "namespace": _code(options.namespace, "targets.airflow.namespace"),
        }
        yield Artifact("needs.md", template.render("airflow/needs.md", slots), Language.MARKDOWN)


_NOTHING: dict[str, template.Slot] = {"secrets": [], "pull": [], "account": None, "claim": None}


def _in_cluster(deployment: Deployment, batch: Batch) -> dict[str, template.Slot]:
    """What pods are started with that somebody else has made."""
    identity, why = deployment.identity, "identity.imagePullSecrets"
    return {
        "secrets": list(_secrets(deployment)),
        "pull": [markdown.code(name, f"{why}[{index}]") for index, name in enumerate(identity.image_pull_secrets)],
        "account": None if identity.made else _code(identity.service_account, "identity.serviceAccount"),
        "claim": _code(batch.volume_claim, "batch.volumeClaim"),
    }


def _code(name: str | None, origin: Origin) -> Quoted | None:
    return markdown.code(name, origin) if name else None


def _keys(deployment: Deployment) -> Iterator[tuple[SecretKey, Origin]]:
    """The keys of secrets that a scorer is given."""
    for given in variables(deployment):
        if isinstance(given.value, SecretKey):
            yield given.value, given.origin


def _variables(deployment: Deployment) -> Iterator[dict[str, Quoted]]:
    origins = dict(_keys(deployment))
    for key, origin in origins.items():
        yield {
            "name": markdown.code(secret_variable(key.secret, key.key), origin),
            "secret": markdown.code(key.secret, origin),
            "key": markdown.code(key.key, origin),
        }


def _secrets(deployment: Deployment) -> Iterator[dict[str, Quoted | list[Quoted]]]:
    """Each secret with those of its keys that are read."""
    found: dict[str, dict[str, Origin]] = {}
    for key, origin in _keys(deployment):
        found.setdefault(key.secret, {}).setdefault(key.key, origin)
    for secret, keys in found.items():
        yield {
            "name": markdown.code(secret, *keys.values()),
            "keys": [markdown.code(key, origin) for key, origin in keys.items()],
        }
