"""What stands beside the objects of a platform: the account that pods run as, a kustomization, the secrets needed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from servespec.artifacts import Artifact, Language, Origin, Structured
from servespec.deployment.types import Deployment
from servespec.emit.quoted import Data, traced
from servespec.targets.kube.account import account
from servespec.targets.kube.members import Member
from servespec.targets.kube.secrets import needed, secret_files
from servespec.targets.kube.storage import Shaped


def own_account(
    deployment: Deployment, *, namespace: Data, image: Member, notes: Mapping[str, Data] | None = None
) -> Iterator[tuple[str, Data]]:
    """The ServiceAccount of the pods, when it is ours to make."""
    if deployment.identity.made:
        yield "serviceaccount", account(deployment, Member(deployment.name, image.image, namespace), notes=notes)


def manifests(objects: Sequence[tuple[str, Data]], *, kustomize: bool, why: Origin) -> list[Artifact]:
    """A file for each object, and the list of them for what applies folders."""
    artifacts = [Artifact(f"{name}.yaml", Structured(data), Language.YAML) for name, data in objects]
    if kustomize:
        data: dict[str, Data] = {
            "apiVersion": "kustomize.config.k8s.io/v1beta1",
            "kind": "Kustomization",
            "resources": traced([item.path for item in artifacts], why),
        }
        artifacts.append(Artifact("kustomization.yaml", Structured(data), Language.YAML))
    return artifacts


def contract(deployment: Deployment, *, namespace: Data, shaped: Iterable[Shaped] = ()) -> Iterator[Artifact]:
    """What must exist before the objects are applied."""
    secrets = needed(deployment, tuple(item for item in shaped if item.secret))
    yield from secret_files(tuple(secrets), namespace=namespace)
