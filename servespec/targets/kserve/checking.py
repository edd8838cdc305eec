"""What KServe's webhook, and Knative's under it, would refuse, looked at before anything is applied.

kserve/kserve v0.20.0, inference_service_validation.go; knative/serving v0.49, pkg/apis/serving (read 2026-11).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from servespec.deployment.addresses import storage_address
from servespec.deployment.fetching import fetched
from servespec.deployment.names import is_label
from servespec.deployment.platform import Platform
from servespec.deployment.references import connection_named
from servespec.deployment.types import Deployment, Model, Variant
from servespec.diagnostics.types import Diagnostic
from servespec.runtimes.kserve import (
    BLOCKED_ENV,
    CANARY_SINCE,
    INIT_CONTAINERS,
    MOST_PERCENT,
    MOST_SECONDS,
    NAME,
    RESERVED_ENV,
    RESERVED_PORTS,
    SERVICE_SUFFIX,
)
from servespec.targets.kserve import messages, variant_messages
from servespec.targets.kserve.cluster import KNATIVE, STANDARD, has_canaries, mode_of
from servespec.targets.kserve.options import KServeOptions
from servespec.targets.kube.idle import idle_options
from servespec.targets.kube.installed import not_installed
from servespec.targets.kube.names import wrong_names
from servespec.targets.kube.scaling_messages import MEASURED, no_scale_to_zero, scaling
from servespec.targets.kube.stored import wrong_layout

_SEVERAL = 2
_INIT = "init container"
_LONGEST = 63  # RFC 1123, a label: the name of a Service


def check(deployment: Deployment, options: KServeOptions) -> Iterator[Diagnostic]:
    """What is wrong in the mode that the options name."""
    mode = mode_of(deployment, options)
    yield from _installed(deployment.platform, mode)
    yield from wrong_names("kserve", options.namespace, options.prometheus)
    yield from _names(deployment)
    yield from wrong_layout(deployment, "kserve")
    yield from _storages(deployment)
    yield from _canaries(deployment, mode)
    yield from _variables(deployment, mode)
    load = deployment.scaling.autoscaling
    if load and load.metric in MEASURED and (load.target or 0) > MOST_PERCENT.value:
        yield messages.over_all(load.metric, most=MOST_PERCENT.value)
    if mode == STANDARD:
        address = options.prometheus.address if options.prometheus else None
        yield from scaling(deployment, "kserve", title="KServe in the mode `Standard`", address=address)
    if mode == KNATIVE:
        yield from idle_options("kserve", options, ("prometheus",), where="KServe on Knative")
        yield from _ports(deployment)
        if load and load.min == 0 and load.metric in MEASURED:
            yield no_scale_to_zero(
                "kserve", title=f"Knative's autoscaler by {load.metric}", instead="scale by `rps` or `concurrency`"
            )
        yield from _init_containers(deployment)
        if deployment.runtime.timeouts.request.seconds > MOST_SECONDS.value:
            yield messages.knative_timeout(most=MOST_SECONDS.value)


def _installed(platform: Platform, mode: str) -> Iterator[Diagnostic]:
    name = str(platform.name)
    if platform.lacks(platform.kserve):
        yield not_installed(messages.HERE, "KServe", platform=name, field='kserve: "0.20"')
    elif mode == KNATIVE and platform.lacks(platform.knative):
        yield not_installed(messages.IN_MODE, "Knative", platform=name, field='knative: "1.22"')


def _storages(deployment: Deployment) -> Iterator[Diagnostic]:
    """KServe takes the secret of a storage for the whole service."""
    used = {variant.model.credentials.storage: index for index, variant in enumerate(deployment.variants)}
    named = {name: index for name, index in used.items() if connection_named(deployment, name)}
    if len(named) > 1:
        (first, one), (second, other) = list(named.items())[:2]
        yield messages.several_storages((str(first), one), (str(second), other))


def _names(deployment: Deployment) -> Iterator[Diagnostic]:
    name, most = deployment.name, _LONGEST - len(SERVICE_SUFFIX.value)
    if is_label(name) and not (re.fullmatch(NAME.value, name) and len(name) <= most):
        near = re.sub("^[0-9-]+", "", name)[:most].rstrip("-") or f"model-{name}"[:most]
        yield messages.unfit_service_name(name, most=most, near=near)
        return
    left = most - len(name) - 1
    for index, variant in _sharing(deployment)[1:]:
        if is_label(variant.name) and len(variant.name) > left:
            yield variant_messages.unfit_variant_name(index, most=left)


def _sharing(deployment: Deployment) -> list[tuple[int, Variant]]:
    """The variants that are to get requests, the one with the most first: the service itself, of which the others are
    canaries."""
    found = [(index, variant) for index, variant in enumerate(deployment.variants) if not variant.shadow]
    return sorted(found, key=lambda item: -(item[1].weight or 0))


def _canaries(deployment: Deployment, mode: str) -> Iterator[Diagnostic]:
    sharing = _sharing(deployment)
    if len(sharing) < _SEVERAL:
        return
    platform = deployment.platform
    if mode == KNATIVE:
        yield variant_messages.knative_canary(_second(sharing), platform, since=CANARY_SINCE.value)
        return
    if platform.lacks(platform.kserve):
        return  # that it is not installed is said already
    if not has_canaries(platform):
        yield variant_messages.missing_canaries(_second(sharing), platform, since=CANARY_SINCE.value)
        return
    (first, stable), *canaries = sharing
    automatic = stable.scaling.autoscaling
    taken = sum(variant.scaling.replicas for _, variant in canaries)
    if automatic and automatic.min + taken > automatic.max:
        yield variant_messages.canary_replicas(taken, least=automatic.min + taken)
    if automatic and automatic.metric not in MEASURED:
        yield variant_messages.unscaled_canary(automatic.metric)
    for index, variant in canaries:
        if _brought_by(variant.model) != _brought_by(stable.model):
            yield variant_messages.mixed_storage(index, stable=first)


def _brought_by(model: Model) -> str:
    """What brings a model to its server: KServe, an init container of ours, or its image."""
    if storage_address(model) is not None:
        return "KServe"
    return _INIT if fetched(model) else "image"


def _second(sharing: list[tuple[int, Variant]]) -> int:
    return sorted(index for index, _ in sharing)[1]


def _variables(deployment: Deployment, mode: str) -> Iterator[Diagnostic]:
    refused = dict.fromkeys(BLOCKED_ENV.value, "KServe")
    if mode == KNATIVE:
        refused |= dict.fromkeys(RESERVED_ENV.value, "Knative")
    for name in deployment.runtime.env:
        if name in refused:
            yield messages.refused_variable(name, by=refused[name])


def _init_containers(deployment: Deployment) -> Iterator[Diagnostic]:
    """Of the models that KServe fetches none needs one."""
    served = [variant.model for _, variant in _sharing(deployment)] or [deployment.model]
    feature = INIT_CONTAINERS.value
    if feature not in deployment.platform.features and any(_brought_by(model) == _INIT for model in served):
        yield messages.knative_init_container(feature)


def _ports(deployment: Deployment) -> Iterator[Diagnostic]:
    for protocol, port in deployment.runtime.protocols.items():
        if port in RESERVED_PORTS.value:
            yield messages.knative_port(protocol, port)
