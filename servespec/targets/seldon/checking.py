"""What Seldon's webhook and schedulers would refuse, or take and never serve, looked at before anything is applied.

The rules of version 1: SeldonIO/seldon-core v1.17.1, seldondeployment_webhook.go and seldondeployment_controller.go; of
version 2: v2.6.0, model_types.go and scheduler/pkg/store/experiment/validate.go (read 2026-11).
"""

from __future__ import annotations

from collections.abc import Iterator

from servespec.deployment.addresses import storage_address
from servespec.deployment.names import as_label, is_label
from servespec.deployment.types import Deployment
from servespec.diagnostics.types import Diagnostic, Label
from servespec.runtimes.catalog import SERVERS
from servespec.runtimes.fits import servers_for
from servespec.runtimes.seldon import CAPABILITIES, ENGINE_PORTS, FREE, PROTOCOLS, RESERVED_NAMES, V2
from servespec.targets.kube.idle import idle_options
from servespec.targets.kube.installed import not_installed
from servespec.targets.kube.names import wrong_names
from servespec.targets.kube.scaling_messages import scaling
from servespec.targets.kube.stored import wrong_layout
from servespec.targets.seldon import messages
from servespec.targets.seldon.generation import api_version, is_commercial, version_of
from servespec.targets.seldon.options import SeldonOptions


def check(deployment: Deployment, options: SeldonOptions) -> Iterator[Diagnostic]:
    """What is wrong in the version of Seldon that the options or the platform name."""
    api, platform = api_version(deployment, options), deployment.platform
    version = version_of(platform, api)
    title, field = ("Seldon Core 2", 'seldon: ["2.6"]') if api == V2 else ("Seldon Core 1", 'seldon: ["1.17"]')
    if platform.lacks(version):
        at = Label((*messages.OPTIONS, "apiVersion"), "compiled to it", otherwise=messages.HERE)
        yield not_installed(at, title, platform=str(platform.name), field=field)
    yield from wrong_names("seldon", options.namespace, options.prometheus)
    if is_commercial(platform, api):
        yield messages.commercial_licence(FREE.value[api], version=version)
    idle = ("protocol", "orchestrator", "prometheus") if api == V2 else ("server",)
    yield from idle_options("seldon", options, idle, where=title)
    yield from _second(deployment) if api == V2 else _first(deployment, options)


def _first(deployment: Deployment, options: SeldonOptions) -> Iterator[Diagnostic]:
    address = options.prometheus.address if options.prometheus else None
    yield from scaling(deployment, "seldon", title="Seldon", address=address)
    speaks, server = spoken(deployment), deployment.runtime.server
    if options.protocol is not None and options.protocol not in speaks:
        yield messages.unspoken_protocol(options.protocol, server=SERVERS[server].title, speaks=speaks)
    elif "tensorflow" in speaks and (options.protocol or options.orchestrator):
        yield messages.unmaintained_protocol()
    if options.orchestrator:
        yield from _orchestrated(deployment, speaks)
    if node_name(deployment) in RESERVED_NAMES.value:
        yield messages.reserved_container(node_name(deployment))
    yield from wrong_layout(deployment, "seldon")
    if storage_address(deployment.model) is not None:
        yield from _wire_name(deployment)


def _orchestrated(deployment: Deployment, speaks: tuple[str, ...]) -> Iterator[Diagnostic]:
    if not speaks:
        yield messages.unroutable_server(SERVERS[deployment.runtime.server].title)
    for protocol, port in deployment.runtime.protocols.items():
        if port in ENGINE_PORTS.value:
            yield messages.orchestrator_port(protocol, port)


def _second(deployment: Deployment) -> Iterator[Diagnostic]:
    server = deployment.runtime.server
    if server not in CAPABILITIES.value:
        able = tuple(name for name in servers_for(deployment.model.format) if name in CAPABILITIES.value)
        yield messages.unscheduled_server(SERVERS[server].title, known=tuple(CAPABILITIES.value), able=able)
    elif storage_address(deployment.model) is None:
        yield messages.local_model(deployment.model.format)
    else:
        yield from _wire_name(deployment)


def _wire_name(deployment: Deployment) -> Iterator[Diagnostic]:
    """The name by which clients call the model is then that of an object of Kubernetes."""
    name = deployment.model.name
    if not is_label(name) and is_label(deployment.name):
        yield messages.unfit_model_name(name, near=as_label(name) or deployment.name)


def spoken(deployment: Deployment) -> tuple[str, ...]:
    """The protocols of Seldon in which the server can be asked: one, or none."""
    server = deployment.runtime.server
    return tuple(protocol for protocol, servers in PROTOCOLS.value.items() if server in servers)


def node_name(deployment: Deployment) -> str:
    """The name of the graph's node and of its container: that of the model where an object can be called so."""
    name = deployment.model.name
    return name if is_label(name) else deployment.name
