"""A spec compiled into its run folder: by the same stages as a build, for this machine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from servespec import writer
from servespec.deployment.fetching import fetched
from servespec.deployment.types import Deployment
from servespec.deployment.workers import beside_broker
from servespec.deployment.workloads import BATCH, REALTIME, STREAMING, of_workload, serves
from servespec.diagnostics.types import Severity
from servespec.edge.gather import gather
from servespec.facts import Depth, Facts, Kind, Wanted
from servespec.node import Node
from servespec.pipeline import Sound, making
from servespec.records import dataclass, replace
from servespec.running.cannot import CannotRun
from servespec.running.folder import RunFolder
from servespec.targets.container import BuiltImage, Container
from servespec.targets.contract import Output
from servespec.targets.registry import TARGETS
from servespec.writer import Tree


@dataclass(frozen=True)
class Compiled:
    """What was compiled, and where it lies."""

    deployment: Deployment
    images: Mapping[str, BuiltImage]
    """All images of the deployment, by workload and by the name that each has once it is built."""
    project: Path
    folder: RunFolder
    workloads: tuple[str, ...] = (REALTIME,)
    """Those that are run: the server, each variant of it, or a batch."""

    @property
    def image(self) -> BuiltImage:
        """The image of what is run; with variants, of the first one."""
        return self.images[self.workloads[0]]

    @property
    def container(self) -> Container:
        """What is in that image."""
        return self.image.container

    @property
    def grace(self) -> int:
        """The seconds in which all servers end by themselves, requests in flight included."""
        return max(
            of_workload(self.deployment, name).runtime.timeouts.shutdown.seconds
            + self.images[name].container.stop_seconds
            for name in self.workloads
        )


def require_process(deployment: Deployment) -> None:
    """Raises `CannotRun` for what only a container can run: before it there is a step that fetches."""
    if fetched(deployment.model):
        raise CannotRun(f"the model of {deployment.name} is fetched when its container starts; use --docker")


def for_process(analysis: Sound, project: Path) -> Compiled:
    """The files of the server alone, with all in them that an image's build would else make."""
    deployment = analysis.deployment
    require_process(deployment)
    server = TARGETS[deployment.runtime.server]
    given = server.options_in(analysis.options)
    options = given.model_copy(update=dict(server.on_host))
    facts = _looked_closer(analysis, project, options)
    for finding in server.check(deployment, options, facts):
        if finding.severity is Severity.ERROR:
            raise CannotRun(f"{deployment.name} can't run: {finding.headline}")
    told = replace(analysis, options={**analysis.options, server.name: options}, facts=facts)
    return _compiled(told, project, targets=(server.name,))


def for_engine(analysis: Sound, project: Path) -> Compiled:
    """The files of the server, its image and its compose file."""
    variants = tuple(variant.name for variant in analysis.deployment.variants)
    served = (variants or (REALTIME,)) if serves(analysis.deployment) else ()
    streamed = tuple(name for name in analysis.deployment.patterns if name == STREAMING)
    return _compiled(analysis, project, targets=("compose",), workloads=(*served, *streamed))


def for_batch(analysis: Sound, project: Path, *, targets: Iterable[str]) -> Compiled:
    """The files of the scorer, or those of its image; a server of the same spec may run beside it."""
    return _compiled(analysis, project, targets=targets, workloads=(BATCH,))


def for_stream(analysis: Sound, project: Path) -> Compiled:
    """The files of a worker, with a deployment as it is where the broker is one of this machine."""
    made = _compiled(analysis, project, targets=(STREAMING,), workloads=(STREAMING,))
    return replace(made, deployment=beside_broker(made.deployment))


def _looked_closer(analysis: Sound, project: Path, options: Node) -> Facts:
    """What the options of a run want to know of the project besides; the weights must be the ones that are meant."""
    deployment = analysis.deployment
    model = deployment.model
    wanted = list(TARGETS[deployment.runtime.server].wants(deployment, options))
    if model.digest:
        wanted.append(Wanted(model.uri, Depth.BYTES))
    more = gather(project, wanted)
    if model.digest and not any(f"sha256:{fact.sha256}" == model.digest for fact in more.files.values()):
        raise CannotRun(f"no file of {model.uri} has the digest that the spec gives: {model.digest}")
    return replace(analysis.facts, files={**analysis.facts.files, **more.files})


def _compiled(
    analysis: Sound, project: Path, *, targets: Iterable[str], workloads: tuple[str, ...] = (REALTIME,)
) -> Compiled:
    deployment = analysis.deployment
    folder = RunFolder.of(project, deployment, workloads[0] if workloads[0] in (BATCH, STREAMING) else REALTIME)
    made = making.make(analysis, Output(str(project), str(folder.emitted)), targets=targets)
    for name in workloads:
        _require_inputs(made.images[name].container, project)
    folder.make()
    tree = Tree(
        name=folder.emitted.name,
        files={f"{bundle.folder}/{item.path}": item for bundle in made.bundles for item in bundle.artifacts},
        deployment=analysis.digest,
        inputs="",
    )
    writer.apply(writer.plan(tree, folder.path), force=True)  # all in it is ours
    return Compiled(deployment, made.images, project, folder, workloads)


def _require_inputs(container: Container, project: Path) -> None:
    for item in container.inputs():
        if item.emitted_by is None:
            fact = gather(project, [Wanted(item.path, Depth.STAT)]).file(item.path)
            if fact.kind not in (Kind.FILE, Kind.FOLDER):
                raise CannotRun(f"{item.path} is {fact.kind}, and the server needs it")
            if fact.lfs_pointer:
                raise CannotRun(f"{item.path} is a Git LFS pointer; `git lfs pull` fetches the file")
