"""What `servespec list` tells of a sound spec."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterable, Iterator

from servespec.cli.find import OUTPUT
from servespec.cli.work import Work
from servespec.deployment.names import secret_variable
from servespec.deployment.quantities import Quantity
from servespec.deployment.types import Deployment, Resources, Runtime
from servespec.deployment.workloads import BATCH, REALTIME, dockerfile_name, serves
from servespec.pipeline import Sound, making, targets_of
from servespec.records import dataclass
from servespec.runtimes.catalog import SERVERS
from servespec.spans import Value
from servespec.targets.contract import Output
from servespec.targets.registry import closure

HEAD = ("name", "environment", "owner", "replicas", "requests", "runs on", "spec", "images")


@dataclass(frozen=True)
class Load:
    """So many copies of something that runs, and what each asks for."""

    workload: str
    """The pattern that it serves, or the variant."""
    replicas: int
    """At the start, where they are scaled; of a batch, how many score at once."""
    resources: Resources

    def requests(self) -> dict[str, Quantity]:
        """What one copy asks for, by Kubernetes' names of it."""
        amounts, gpus = self.resources.requests, self.resources.accelerator
        asked = {"cpu": amounts.cpu, "memory": amounts.memory}
        if gpus:
            asked[gpus.resource] = Quantity.parse(str(gpus.count))
        return {name: amount for name, amount in asked.items() if amount is not None}

    def as_data(self) -> Value:
        """Plain data."""
        requests: dict[str, Value] = {name: amount.text for name, amount in self.requests().items()}
        return {"workload": self.workload, "replicas": self.replicas, "requests": requests}


@dataclass(frozen=True)
class Built:
    """An image, and what it is built with; the paths are relative to where the command runs."""

    workload: str
    reference: str
    dockerfile: str
    context: str
    untold: tuple[str, ...]
    """Files in it that its reference does not follow."""
    secrets: tuple[str, ...]
    """The variables that hand a build its secrets."""
    platforms: tuple[str, ...]
    """What it is built for; empty: for what builds it."""

    def as_data(self) -> Value:
        """Plain data."""
        return {name: getattr(self, name) for name in ("workload", "reference", "dockerfile", "context")}


@dataclass(frozen=True)
class Running:
    """A spec in one environment: what runs of it, and what that is built of."""

    deployment: Deployment
    targets: tuple[str, ...]
    loads: tuple[Load, ...]
    runtimes: tuple[Runtime, ...]
    images: tuple[Built, ...]

    def total(self) -> dict[str, str]:
        """What all copies ask for together."""
        sums: dict[str, Quantity] = {}
        for load in self.loads:
            for name, amount in load.requests().items():
                all_ = amount.times(load.replicas)
                sums[name] = sums[name].plus(all_) if name in sums else all_
        return {name: amount.text for name, amount in sums.items()}

    def as_data(self) -> Value:
        """Plain data."""
        return {
            "environment": self.deployment.environment,
            "owner": self.deployment.owner,
            "targets": list(self.targets),
            "loads": [load.as_data() for load in self.loads],
            "requests": dict(self.total()),
            "runtimes": [_lifecycle(runtime) for runtime in self.runtimes],
            "images": [image.as_data() for image in self.images],
        }

    def cells(self, path: str) -> tuple[str, ...]:
        """A row for people, by `HEAD`."""
        texts = (
            self.deployment.name,
            self.deployment.environment,
            self.deployment.owner,
            str(sum(load.replicas for load in self.loads)),
            ", ".join(f"{name} {amount}" for name, amount in self.total().items()),
            ", ".join(map(_told, self.runtimes)),
            path,
            " ".join(image.reference for image in self.images),
        )
        return tuple(text or "-" for text in texts)


@dataclass(frozen=True)
class Listed:
    """A spec, in each environment that was asked for."""

    path: str
    each: tuple[Running, ...]

    def as_data(self) -> Value:
        """Plain data: what a job needs to know of the spec, and all about each of its environments."""
        first = self.each[0].deployment
        environments = [running.deployment.environment for running in self.each]
        return {
            "name": first.name,
            "path": self.path,
            "owner": next((owner for running in self.each if (owner := running.deployment.owner)), None),
            "environments": [name for name in environments if name is not None],
            "targets": list(dict.fromkeys(name for running in self.each for name in running.targets)),
            "images": list(dict.fromkeys(image.reference for running in self.each for image in running.images)),
            "deployments": [running.as_data() for running in self.each],
        }

    def rows(self) -> Iterator[tuple[str, ...]]:
        """A row for people for each environment."""
        return (running.cells(self.path) for running in self.each)


def listed(work: Work) -> Listed:
    """What is told of a sound spec."""
    return Listed(work.source.shown, tuple(_running(analysis, work) for analysis in work.analyses.sound))


def _running(analysis: Sound, work: Work) -> Running:
    deployment = analysis.deployment
    return Running(
        deployment,
        targets=tuple(target.name for target in targets_of(deployment)),
        loads=tuple(_loads(deployment)),
        runtimes=tuple(_runtimes(deployment)),
        images=tuple(_images(analysis, deployment, work)),
    )


def _loads(deployment: Deployment) -> Iterator[Load]:
    for variant in deployment.variants:
        yield Load(variant.name, variant.replicas, variant.resources)
    if serves(deployment) and not deployment.variants:
        yield Load(REALTIME, deployment.scaling.replicas, deployment.resources)
    if deployment.batch:
        yield Load(BATCH, deployment.batch.parallelism, deployment.resources)


def _runtimes(deployment: Deployment) -> Iterable[Runtime]:
    """The model servers, each once."""
    if not serves(deployment):
        return ()
    running = [variant.runtime for variant in deployment.variants] or [deployment.runtime]
    return {(runtime.server, runtime.version): runtime for runtime in running}.values()


def _lifecycle(runtime: Runtime) -> Value:
    """A server, and whether anybody still looks after it."""
    ended = SERVERS[runtime.server].maintenance
    return {
        "server": runtime.server,
        "version": runtime.version,
        "maintained": ended is None,
        "since": ended.since if ended else None,
    }


def _told(runtime: Runtime) -> str:
    ended = SERVERS[runtime.server].maintenance
    return f"{runtime.server} {runtime.version}" + (f" (unmaintained since {ended.since})" if ended else "")


def _images(analysis: Sound, deployment: Deployment, work: Work) -> Iterator[Built]:
    """The images that the spec is built into."""
    if "docker" not in (target.name for target in targets_of(deployment)):
        return
    project = work.source.project
    folder = project / OUTPUT / deployment.name / (deployment.environment or "")
    output = Output(str(project), str(folder))
    images = making.lowered(analysis, output, closure(deployment, ("docker",))).images
    context = os.path.relpath(project)
    secrets = tuple(map(secret_variable, deployment.image.build_secrets))
    for workload, image in images.items():
        path = posixpath.join(output.of("docker"), dockerfile_name(workload, images))
        yield Built(
            workload,
            str(image.reference),
            os.path.normpath(os.path.join(context, path)),
            context,
            untold=image.untold,
            secrets=secrets,
            platforms=deployment.image.platforms,
        )
