"""Spec to deployment: defaults filled in, names derived, quantities parsed. It never stops at a mistake."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field

from servespec.deployment import messages, types
from servespec.deployment.durations import Duration
from servespec.deployment.images import ImageReference
from servespec.deployment.quantities import Quantity
from servespec.diagnostics.types import Diagnostic, Report
from servespec.runtimes.catalog import SERVERS
from servespec.runtimes.fits import default_server
from servespec.runtimes.types import ServerFacts
from servespec.spans import Route
from servespec.spec.common import Many
from servespec.spec.image import Image
from servespec.spec.model import Model
from servespec.spec.operations import Amounts, Probe, Probes
from servespec.spec.root import Spec
from servespec.spec.runtime import Runtime, SecretKey
from servespec.spec.signature import Face, Signature


@dataclass(frozen=True)
class Resolved:
    """What a spec means, and what was wrong with its values (a default stands in for each of those)."""

    deployment: types.Deployment
    report: Report


def resolve(spec: Spec) -> Resolved:
    """The deployment that `spec` describes."""
    reader = _Reader()
    name = spec.runtime.server or default_server(spec.model.format)
    server = SERVERS[name]
    resources = _resources(reader, spec, server=server)
    deployment = types.Deployment(
        name=spec.name,
        patterns=(spec.pattern,) if isinstance(spec.pattern, str) else tuple(dict.fromkeys(spec.pattern)),
        release=spec.release,
        description=spec.description,
        owner=spec.owner,
        labels=dict(spec.labels),
        model=_model(spec.model, name=spec.name),
        signature=_signature(spec.signature) if spec.signature else None,
        runtime=_runtime(reader, spec.runtime, server=server, resources=resources),
        image=_image(reader, spec.image, name=spec.name, server=server),
        resources=resources,
        probes=_probes(reader, spec.probes, startup=spec.runtime.timeouts.startup),
        security=_security(spec),
        secrets=tuple(types.Secret(secret.name, secret.keys) for secret in spec.secrets),
        examples=_examples(reader, spec),
        targets=tuple(spec.targets) if spec.targets is not None else (server.name, "docker", "compose"),
        overrides=tuple(types.Override(o.target, o.file, o.merge, o.reason) for o in spec.overrides),
        suppress=tuple(types.Suppression(s.rule, s.reason, s.until) for s in spec.suppress),
    )
    return Resolved(deployment, Report(tuple(reader.found)))


@dataclass
class _Reader:
    """Reads value objects, and remembers which texts were none."""

    found: list[Diagnostic] = field(default_factory=list)

    def duration(self, text: str, route: Route, *, default: str) -> Duration:
        duration = Duration.parse(text)
        if duration is None:
            self.found.append(messages.invalid_duration(route))
            duration = Duration.parse(default)
        assert duration is not None, f"the default {default!r} is no duration"
        return duration

    def quantity(self, text: str | None, route: Route, *, example: str) -> Quantity | None:
        quantity = Quantity.parse(text) if text is not None else None
        if text is not None and quantity is None:
            self.found.append(messages.invalid_quantity(route, example=example))
        return quantity

    def image(self, text: str, route: Route, *, default: str) -> ImageReference:
        image = ImageReference.parse(text)
        if image is None:
            self.found.append(messages.invalid_image(route))
            image = ImageReference.parse(default)
        assert image is not None, f"the default {default!r} is no image"
        return image


def path(text: str) -> str:
    """A path of the spec in one form: `./model/` and `model` are the same; an absolute one stays so."""
    return posixpath.normpath(text) if text else text


def paths(texts: Many[str]) -> tuple[str, ...]:
    """Several paths in one form."""
    return tuple(path(text) for text in texts)


def _model(model: Model, *, name: str) -> types.Model:
    handler, framework = model.handler, model.framework
    return types.Model(
        name=model.name or name,
        format=model.format,
        uri=path(model.uri),
        version=model.version,
        digest=model.digest,
        framework=types.Framework(framework.name, framework.version) if framework else None,
        code=path(model.code) if model.code else None,
        handler=types.Handler(path(handler.file), handler.className, handler.settings) if handler else None,
        extra_files=paths(model.extraFiles),
    )


def _signature(signature: Signature) -> types.Signature:
    outputs = signature.outputs
    return types.Signature(_face(signature.inputs), _face(outputs) if outputs else None)


def _face(face: Face) -> types.Face:
    columns = face.columns or {}
    return types.Face(
        columns=tuple(types.Column(name, datatype) for name, datatype in columns.items()),
        tensors=tuple(types.Tensor(t.name, t.datatype, t.shape) for t in face.tensors or ()),
    )


def _runtime(reader: _Reader, runtime: Runtime, *, server: ServerFacts, resources: types.Resources) -> types.Runtime:
    at, limits = ("runtime",), runtime.timeouts
    delay = reader.duration(runtime.microBatch.delay, (*at, "microBatch", "delay"), default="5ms")
    return types.Runtime(
        server=server.name,
        version=runtime.version or server.version.value,
        protocols=types.Protocols(
            rest=runtime.protocols.rest or server.rest.value, grpc=runtime.protocols.grpc or server.grpc.value
        ),
        workers=runtime.workers or default_workers(resources.requests),
        micro_batch=types.MicroBatch(runtime.microBatch.size, delay),
        timeouts=types.Timeouts(
            request=reader.duration(limits.request, (*at, "timeouts", "request"), default="30s"),
            startup=reader.duration(limits.startup, (*at, "timeouts", "startup"), default="2m"),
            shutdown=reader.duration(limits.shutdown, (*at, "timeouts", "shutdown"), default="30s"),
        ),
        env={name: _env(value) for name, value in runtime.env.items()},
        config=dict(runtime.config),
    )


def _env(value: str | SecretKey) -> str | types.SecretKey:
    return value if isinstance(value, str) else types.SecretKey(value.secret, value.key)


def default_workers(requests: types.Amounts) -> int:
    """One worker for each whole CPU that is set aside, at least one."""
    return max(1, int(requests.cpu.units)) if requests.cpu else 1


def _image(reader: _Reader, image: Image, *, name: str, server: ServerFacts) -> types.Image:
    return types.Image(
        repository=_repository(reader, image, name=name),
        base=_base(reader, image, server=server),
        python=image.python,
        requirements=path(image.requirements) if image.requirements else None,
        indexes=tuple(types.Index(index.url, index.secret) for index in image.indexes),
        wheels=path(image.wheels) if image.wheels else None,
        system_packages=image.systemPackages,
        env=dict(image.env),
        files=tuple(types.CopiedFile(path(file.source), file.target) for file in image.files),
        build_secrets=image.buildSecrets,
        platforms=image.platforms,
    )


def _repository(reader: _Reader, image: Image, *, name: str) -> str:
    if image.repository is not None:
        return reader.image(image.repository, ("image", "repository"), default="model").repository
    # A bad name is reported as one; it must not be reported as a bad image too.
    return name if ImageReference.parse(name) else "model"


def _base(reader: _Reader, image: Image, *, server: ServerFacts) -> ImageReference:
    derived = server.base.value.format(python=image.python)
    default = server.base.value.format(python=server.python.value[0])
    if image.base is not None:
        return reader.image(image.base, ("image", "base"), default=default)
    return ImageReference.parse(derived) or ImageReference(*default.split(":"))


def _resources(reader: _Reader, spec: Spec, *, server: ServerFacts) -> types.Resources:
    def amounts(given: Amounts, side: str) -> types.Amounts:
        return types.Amounts(
            cpu=reader.quantity(given.cpu, ("resources", side, "cpu"), example="500m"),
            memory=reader.quantity(given.memory, ("resources", side, "memory"), example="1Gi"),
        )

    requests, limits = amounts(spec.resources.requests, "requests"), amounts(spec.resources.limits, "limits")
    if limits.memory is None:
        # Unlimited memory on a shared machine is everybody's problem; CPU is left alone, since throttling hurts.
        workers = spec.runtime.workers or default_workers(requests)
        needed = Quantity.parse(f"{server.memory(workers)}Mi")
        limits = types.Amounts(limits.cpu, max(filter(None, (needed, requests.memory))))
    return types.Resources(requests, limits)


def _probes(reader: _Reader, probes: Probes, *, startup: str) -> types.Probes:
    ready = _probe(probes.readiness, types.Probe(period_seconds=10, timeout_seconds=5, failure_threshold=3))
    wait = Duration.parse(startup) or Duration(120_000)
    period = probes.startup.periodSeconds or 5
    tries = -(-wait.seconds // period)
    return types.Probes(
        startup=_probe(probes.startup, types.Probe(period, ready.timeout_seconds, tries)), readiness=ready
    )


def _probe(given: Probe, default: types.Probe) -> types.Probe:
    return types.Probe(
        period_seconds=given.periodSeconds or default.period_seconds,
        timeout_seconds=given.timeoutSeconds or default.timeout_seconds,
        failure_threshold=given.failureThreshold or default.failure_threshold,
    )


def _security(spec: Spec) -> types.Security:
    given = spec.security
    return types.Security(
        run_as_user=given.runAsUser,
        run_as_group=given.runAsGroup,
        read_only_root_filesystem=given.readOnlyRootFilesystem,
        authorization=given.authorization,
        reason=given.reason,
    )


def _examples(reader: _Reader, spec: Spec) -> tuple[types.Example, ...]:
    def latency(text: str | None, index: int) -> Duration | None:
        route: Route = ("examples", index, "latency")
        return reader.duration(text, route, default="1s") if text is not None else None

    return tuple(
        types.Example(item.name, item.request, item.expect, item.tolerance, latency(item.latency, index))
        for index, item in enumerate(spec.examples)
    )
