"""Spec to deployment: defaults filled in, names derived, quantities parsed. It never stops at a mistake."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from servespec import models
from servespec.deployment import messages, resolve_cluster, types
from servespec.deployment.addresses import scheme
from servespec.deployment.cluster import Disruption
from servespec.deployment.durations import Duration
from servespec.deployment.images import ImageReference, names_registry
from servespec.deployment.locked import Lock, meant_by, weights_digest
from servespec.deployment.mirrors import mirrored_base, mirrored_indexes
from servespec.deployment.platform import ANY, Platform
from servespec.deployment.quantities import Quantity
from servespec.deployment.reading import Reader, by_key, by_keys, variables
from servespec.deployment.setting import NO_SETTING, Setting
from servespec.deployment.steps import OPTIMIZE
from servespec.deployment.workloads import default_targets
from servespec.diagnostics.types import Report
from servespec.records import dataclass
from servespec.runtimes.catalog import SERVERS
from servespec.runtimes.fits import default_server
from servespec.runtimes.types import ServerFacts
from servespec.spans import Route
from servespec.spec.common import Many
from servespec.spec.image import Image
from servespec.spec.model import Model
from servespec.spec.operations import Amounts, Probe, Probes
from servespec.spec.root import Spec
from servespec.spec.runtime import MOST_WORKERS, Runtime

if TYPE_CHECKING:  # start-up: most specs have none
    from servespec.deployment.batch import Batch
    from servespec.deployment.connections import Connection
    from servespec.deployment.streaming import Streaming
    from servespec.spec.signature import Face, Signature

_STORAGES = ("s3", "gs", "az")
"""Schemes of addresses in which a `/` at the end says nothing."""


@dataclass(frozen=True)
class Resolved:
    """What a spec means, and what was wrong with its values (a default stands in for each of those)."""

    deployment: types.Deployment
    report: Report


def resolve(spec: Spec, setting: Setting = NO_SETTING, *, variants: tuple[types.Variant, ...] = ()) -> Resolved:
    """What `spec` describes where it stands, with its variants, which were resolved as specs of their own."""
    reader = Reader()
    name = spec.runtime.server or default_server(spec.model.format)
    server = SERVERS[name]
    resources = _resources(reader, spec, server=server)
    runtime = _runtime(reader, spec.runtime, server=server, resources=resources)
    patterns = (spec.pattern,) if isinstance(spec.pattern, str) else tuple(dict.fromkeys(spec.pattern))
    deployment = types.Deployment(
        name=spec.name,
        environment=setting.environment,
        patterns=patterns,
        release=spec.release,
        description=spec.description,
        owner=spec.owner,
        labels=by_key(spec.labels),
        model=_model(spec.model, name=spec.name, server=server, lock=setting.lock),
        signature=_signature(spec.signature) if spec.signature else None,
        optimize=_optimize(spec),
        runtime=runtime,
        image=_image(reader, spec, server=server, mirrors=setting.mirrors),
        resources=resources,
        platform=_platform(reader, spec.platform, setting),
        scaling=resolve_cluster.scaling(spec.scaling),
        probes=_probes(reader, spec.probes, startup=spec.runtime.timeouts.startup),
        security=_security(spec, servers=_servers(server, variants)),
        identity=resolve_cluster.identity(spec.identity, name=spec.name),
        placement=resolve_cluster.placement(reader, spec.placement),
        network=resolve_cluster.network(reader, spec.network, request=runtime.timeouts.request),
        disruption=Disruption(spec.disruption.maxUnavailable) if spec.disruption else Disruption(),
        connections=_connections(spec),
        secrets=tuple(types.Secret(secret.name, secret.keys) for secret in spec.secrets),
        batch=_batch(reader, spec),
        streaming=_streaming(reader, spec),
        variants=variants,
        examples=_examples(reader, spec),
        targets=_targets(reader, spec, patterns, servers=_servers(server, variants)),
        overrides=tuple(types.Override(o.target, o.file, o.merge, o.reason) for o in spec.overrides),
        mirrors=setting.mirrors,
        digests=setting.lock.images,
        suppress=tuple(types.Suppression(s.rule, s.reason, s.until) for s in spec.suppress),
    )
    if setting.mirrors.images or setting.mirrors.pip or setting.mirrors.apt:
        from servespec.deployment.debian import unmirrored  # start-up: most repositories have no mirrors

        reader.found.extend(unmirrored(deployment))
    return Resolved(deployment, Report(tuple(reader.found)))


def _platform(reader: Reader, name: str | None, setting: Setting) -> Platform:
    if name is None:
        return ANY
    if name not in setting.platforms and not setting.doubtful:
        reader.found.append(messages.undescribed_platform(("platform",), name, known=tuple(setting.platforms)))
    return setting.platforms.get(name, ANY)


def path(text: str) -> str:
    """A path of the spec in one form: `./model/` and `model` are the same, and so they are in a storage. An absolute
    path stays one, and an address of the web as it is."""
    kind = scheme(text)
    if kind in _STORAGES and not text.endswith("//"):
        return text.rstrip("/")
    return posixpath.normpath(text) if text and kind is None else text


def paths(texts: Many[str]) -> tuple[str, ...]:
    """Several paths in one form."""
    return tuple(path(text) for text in texts)


def _servers(server: ServerFacts, variants: tuple[types.Variant, ...]) -> tuple[str, ...]:
    """The model servers of the realtime face."""
    return tuple(dict.fromkeys(variant.runtime.server for variant in variants)) or (server.name,)


def _targets(reader: Reader, spec: Spec, patterns: tuple[str, ...], *, servers: tuple[str, ...]) -> tuple[str, ...]:
    """Those that the spec names, else the usual ones of its patterns; a conversion comes with its block too."""
    added = (OPTIMIZE,) if spec.optimize else ()
    if spec.targets is not None:
        if not (spec.targets or added):
            reader.found.append(messages.no_targets())
        return tuple(sorted({*spec.targets, *added}))
    named = dict.fromkeys(target for pattern in patterns for target in default_targets(pattern, servers=servers))
    if not names_registry(spec.image.repository or spec.name):  # no cluster could pull the image
        named.pop("kubernetes", None)
    cluster = ("kubernetes",) if spec.batch and spec.batch.runOn == "kubernetes" else ()
    return tuple(dict.fromkeys((*named, *cluster, *added)))


def _optimize(spec: Spec) -> types.Optimize | None:
    if spec.optimize is None and OPTIMIZE not in (spec.targets or ()):
        return None
    from servespec.deployment.resolve_optimize import resolve_optimize  # start-up: most specs have none

    return resolve_optimize(spec)


def _connections(spec: Spec) -> tuple[Connection, ...]:
    if not spec.connections:
        return ()
    from servespec.deployment.resolve_connections import connection  # start-up: most specs have none

    return tuple(map(connection, spec.connections))


def _batch(reader: Reader, spec: Spec) -> Batch | None:
    if spec.batch is None:
        return None
    from servespec.deployment.resolve_batch import resolve_batch  # start-up: most specs have none

    return resolve_batch(reader, spec, spec.batch)


def _streaming(reader: Reader, spec: Spec) -> Streaming | None:
    if spec.streaming is None:
        return None
    from servespec.deployment.resolve_streaming import resolve_streaming  # start-up: most specs have none

    return resolve_streaming(reader, spec, spec.streaming)


def _model(model: Model, *, name: str, server: ServerFacts, lock: Lock) -> types.Model:
    handler, framework = model.handler, model.framework
    uri = path(model.uri)
    locked = lock.models.get(uri)
    return types.Model(
        name=model.name or name,
        format=model.format,
        uri=meant_by(uri, locked),
        version=model.version or ("1" if server.whole_versions else "1.0"),
        digest=model.digest or weights_digest(model.format, locked),
        framework=models.Framework(framework.name, framework.version) if framework else None,
        code=path(model.code) if model.code else None,
        handler=types.Handler(path(handler.file), handler.className, by_key(handler.settings)) if handler else None,
        extra_files=paths(model.extraFiles),
        credentials=types.ModelCredentials(model.credentials.storage, model.credentials.registry),
        locked=locked,
    )


def _signature(signature: Signature) -> models.Signature:
    outputs = signature.outputs
    return models.Signature(_face(signature.inputs), _face(outputs) if outputs else None)


def _face(face: Face) -> models.Face:
    columns = face.columns or {}
    return models.Face(
        columns=tuple(models.Column(name, datatype) for name, datatype in columns.items()),
        tensors=tuple(models.Tensor(t.name, t.datatype, t.shape) for t in face.tensors or ()),
    )


def _runtime(reader: Reader, runtime: Runtime, *, server: ServerFacts, resources: types.Resources) -> types.Runtime:
    at, limits = ("runtime",), runtime.timeouts
    delay = reader.duration(runtime.microBatch.delay, (*at, "microBatch", "delay"), default="5ms")
    return types.Runtime(
        server=server.name,
        version=runtime.version or server.version.value,
        protocols=_protocols(runtime, server=server),
        workers=runtime.workers or default_workers(resources.requests, server=server),
        threads=runtime.threads or 1,
        graph_level=runtime.graphLevel,
        micro_batch=types.MicroBatch(runtime.microBatch.size, delay),
        timeouts=types.Timeouts(
            request=reader.duration(limits.request, (*at, "timeouts", "request"), default="30s"),
            startup=reader.duration(limits.startup, (*at, "timeouts", "startup"), default="2m"),
            shutdown=reader.duration(limits.shutdown, (*at, "timeouts", "shutdown"), default="30s"),
        ),
        env=variables(runtime.env),
        config=by_key(runtime.config),
    )


def _protocols(runtime: Runtime, *, server: ServerFacts) -> dict[str, int]:
    """The ports of what the server speaks, and of what it was asked to speak."""
    asked = {"rest": runtime.protocols.rest, "grpc": runtime.protocols.grpc}
    given = {protocol: port for protocol, port in asked.items() if port is not None}
    return {**{protocol: port.value for protocol, port in server.ports.items()}, **given}


def default_workers(requests: types.Amounts, *, server: ServerFacts) -> int:
    """One worker for each whole CPU that is set aside, at least one, and no more than the field takes; or as many as
    the server is known to do best with."""
    if server.workers is not None:
        return server.workers.value
    return min(MOST_WORKERS, max(1, int(requests.cpu.units))) if requests.cpu else 1


def _image(reader: Reader, spec: Spec, *, server: ServerFacts, mirrors: types.Mirrors) -> types.Image:
    image, base = spec.image, _base(reader, spec, server=server)
    return types.Image(
        repository=_repository(reader, image, name=spec.name),
        base=mirrored_base(reader, base, mirrors),
        python=image.python,
        requirements=path(image.requirements) if image.requirements else None,
        indexes=mirrored_indexes(reader, image.indexes, mirrors),
        wheels=path(image.wheels) if image.wheels else None,
        system_packages=image.systemPackages,
        env=by_key(image.env),
        files=tuple(types.CopiedFile(path(file.source), file.target) for file in image.files),
        build_secrets=image.buildSecrets,
        platforms=image.platforms,
    )


def _repository(reader: Reader, image: Image, *, name: str) -> str:
    if image.repository is not None:
        return reader.repository(image.repository, ("image", "repository"))
    # A bad name is reported as one; it must not be reported as a bad image too.
    return name if ImageReference.parse(name) else "model"


def _base(reader: Reader, spec: Spec, *, server: ServerFacts) -> ImageReference:
    image, gpu = spec.image, spec.resources.accelerator is not None
    derived = server.image(python=image.python, version=spec.runtime.version or server.version.value, gpu=gpu)
    default = server.image(python=next(iter(server.python.value), ""), version=server.version.value, gpu=gpu)
    if image.base is not None:
        base = reader.image(image.base, ("image", "base"), default=default)
        if base.tells_no_debian:
            reader.found.append(messages.unfit_base(str(base)))
        return base
    return ImageReference.parse(derived) or ImageReference(*default.split(":"))


def _resources(reader: Reader, spec: Spec, *, server: ServerFacts) -> types.Resources:
    def amounts(given: Amounts, side: str) -> types.Amounts:
        return types.Amounts(
            cpu=reader.quantity(given.cpu, ("resources", side, "cpu"), example="500m"),
            memory=reader.quantity(given.memory, ("resources", side, "memory"), example="1Gi"),
        )

    requests, limits = amounts(spec.resources.requests, "requests"), amounts(spec.resources.limits, "limits")
    if limits.memory is None:
        # Unlimited memory on a shared machine is everybody's problem; CPU is left alone, since throttling hurts.
        workers = spec.runtime.workers or default_workers(requests, server=server)
        needed = Quantity.parse(f"{_memory(spec, server, workers)}Mi")
        known = filter(None, (needed, requests.memory))
        limits = types.Amounts(limits.cpu, max(known, key=lambda amount: amount.thousandths))
    gpus = spec.resources.accelerator
    return types.Resources(requests, limits, types.Accelerator(gpus.resource, gpus.count) if gpus else None)


def _memory(spec: Spec, server: ServerFacts, workers: int) -> int:
    """MiB that the server needs, or where a batch is all there is, the job that scores files."""
    if spec.pattern not in ("batch", ("batch",), ["batch"]):
        return server.memory(workers)
    from servespec.runtimes.batch import MEMORY  # start-up: most specs have none

    return MEMORY.value


def _probes(reader: Reader, probes: Probes, *, startup: str) -> types.Probes:
    ready = _probe(probes.readiness, types.Probe(period_seconds=10, timeout_seconds=5, failure_threshold=3))
    wait = Duration.parse(startup) or Duration(120_000)
    period = probes.startup.periodSeconds or 5
    tries = -(-wait.seconds // period)
    return types.Probes(
        startup=_probe(probes.startup, types.Probe(period, ready.timeout_seconds, tries)),
        readiness=ready,
        liveness=_probe(probes.liveness, types.Probe(ready.period_seconds, ready.timeout_seconds, failure_threshold=6)),
    )


def _probe(given: Probe, default: types.Probe) -> types.Probe:
    return types.Probe(
        period_seconds=given.periodSeconds or default.period_seconds,
        timeout_seconds=given.timeoutSeconds or default.timeout_seconds,
        failure_threshold=given.failureThreshold or default.failure_threshold,
    )


def _security(spec: Spec, *, servers: tuple[str, ...]) -> types.Security:
    given = spec.security
    asked = "authorization" in given.model_fields_set or any(SERVERS[name].key_file for name in servers)
    return types.Security(
        run_as_user=given.runAsUser,
        run_as_group=given.runAsGroup,
        read_only_root_filesystem=given.readOnlyRootFilesystem,
        authorization=given.authorization if asked else None,
        reason=given.reason,
    )


def _examples(reader: Reader, spec: Spec) -> tuple[types.Example, ...]:
    def latency(text: str | None, index: int) -> Duration | None:
        route: Route = ("examples", index, "latency")
        return reader.duration(text, route, default="1s") if text is not None else None

    return tuple(
        types.Example(
            item.name, by_keys(item.request), by_keys(item.expect), item.tolerance, latency(item.latency, index)
        )
        for index, item in enumerate(spec.examples)
    )
