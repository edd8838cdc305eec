"""What stands beside objects: the account of the pods, a kustomization, the secrets needed; and how all is applied."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from servespec.artifacts import Artifact, Bundle, Language, Origin, Structured
from servespec.deployment.types import Deployment
from servespec.emit import shell
from servespec.emit.quoted import Data, traced
from servespec.targets.contract import Context, Lowered
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


def applied(
    deployment: Deployment,
    context: Context,
    target: str,
    objects: Sequence[tuple[str, Data]],
    *,
    namespace: Data,
    kustomize: bool,
    shaped: Iterable[Shaped] = (),
) -> Lowered:
    """A target's files: the objects, what must exist before them, and the command that applies them."""
    files = _manifests(objects, kustomize=kustomize, why=f"targets.{target}.kustomize")
    expose = deployment.network.expose if any(name == "ingress" for name, _ in objects) else None
    secrets = needed(deployment, tuple(item for item in shaped if item.secret), expose=expose)
    contract = secret_files(tuple(secrets), namespace=namespace)
    flag = "--kustomize" if kustomize else "--filename"
    apply = shell.command(["kubectl", "apply", f"{flag}={context.output.of(target)}"])
    return Lowered(Bundle(target, (*files, *contract), applies=(apply.text,)))


def _manifests(objects: Sequence[tuple[str, Data]], *, kustomize: bool, why: Origin) -> list[Artifact]:
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
