"""The manifests, one file a kind of object."""

from __future__ import annotations

from servespec.artifacts import Artifact, Bundle, Language, Structured
from servespec.deployment.types import Deployment
from servespec.emit import shell
from servespec.emit.quoted import Data, traced
from servespec.targets.contract import Context, Lowered
from servespec.targets.kube.secrets import needed, secret_files
from servespec.targets.kubernetes.objects import objects
from servespec.targets.kubernetes.options import KubernetesOptions


def lower(deployment: Deployment, context: Context) -> Lowered:
    """All objects of the service, what must exist before them, and how they are applied."""
    options = context.options
    assert isinstance(options, KubernetesOptions)
    made = dict(objects(deployment, context.images, options))
    artifacts = [Artifact(f"{name}.yaml", Structured(data), Language.YAML) for name, data in made.items()]
    if options.kustomize:
        artifacts.append(_kustomization(artifacts))
    namespace = traced(options.namespace, "targets.kubernetes.namespace") if options.namespace else None
    artifacts += secret_files(tuple(needed(deployment)), namespace=namespace)
    flag = "--kustomize" if options.kustomize else "--filename"
    files = context.output.of("kubernetes")
    apply = shell.command(["kubectl", "apply", f"{flag}={files}"])
    return Lowered(Bundle("kubernetes", tuple(artifacts), (apply.text,)))


def _kustomization(artifacts: list[Artifact]) -> Artifact:
    data: dict[str, Data] = {
        "apiVersion": "kustomize.config.k8s.io/v1beta1",
        "kind": "Kustomization",
        "resources": traced([item.path for item in artifacts], "targets.kubernetes.kustomize"),
    }
    return Artifact("kustomization.yaml", Structured(data), Language.YAML)
