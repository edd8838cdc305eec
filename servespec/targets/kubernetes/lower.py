"""The manifests, one file a kind of object."""

from __future__ import annotations

from servespec.deployment.types import Deployment
from servespec.emit.quoted import traced
from servespec.targets.contract import Context, Lowered
from servespec.targets.kube.beside import applied
from servespec.targets.kubernetes.objects import objects
from servespec.targets.kubernetes.options import KubernetesOptions


def lower(deployment: Deployment, context: Context) -> Lowered:
    """All objects of the service, what must exist before them, and how they are applied."""
    options = context.options
    assert isinstance(options, KubernetesOptions)
    namespace = traced(options.namespace, "targets.kubernetes.namespace") if options.namespace else None
    made = tuple(objects(deployment, context.images, options))
    return applied(deployment, context, "kubernetes", made, namespace=namespace, kustomize=options.kustomize)
