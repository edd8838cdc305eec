"""The files of the streaming target."""

from __future__ import annotations

import posixpath

from servespec.artifacts import Artifact, Bundle, Language
from servespec.deployment.streaming import Streaming
from servespec.deployment.types import Deployment
from servespec.deployment.workloads import STREAMING
from servespec.emit import python, requirements, shell, template
from servespec.emit.quoted import Data, traced
from servespec.emit.requirements import Requirement
from servespec.facts import Facts
from servespec.runtimes import streaming as facts
from servespec.targets.batch.model import model_files
from servespec.targets.contract import Context, Lowered
from servespec.targets.streaming import topics
from servespec.targets.streaming.container import container
from servespec.targets.streaming.literal import literal
from servespec.targets.streaming.packages import packages
from servespec.targets.streaming.program import program

PROBE = "probe.py"
"""The program that sends events and tells what came of each."""
_SERVICE = "service"


def lower(deployment: Deployment, context: Context) -> Lowered:
    """The worker with its modules, what makes its topics, its health check, and what it needs installed."""
    streaming = deployment.streaming
    assert streaming is not None
    files = model_files(deployment, context)
    own = deployment.model.format if streaming.scoring == "worker" else _SERVICE
    artifacts = (
        *program(literal(deployment, files, context.facts), model=own),
        topics.program(deployment),
        Artifact(PROBE, template.render("streaming/probe.py", {}), Language.PYTHON),
        _healthcheck(deployment),
        Artifact(
            "requirements.txt",
            requirements.dump(_packages(deployment, streaming, context.facts)),
            Language.REQUIREMENTS,
        ),
    )
    scripts = tuple(item.path for item in artifacts if item.language is Language.PYTHON)
    made = Bundle(STREAMING, artifacts, _run(context, files.path if own != _SERVICE else None))
    return Lowered(made, container(deployment, context, files, scripts))


def _packages(deployment: Deployment, streaming: Streaming, found: Facts) -> list[Requirement]:
    source, sink = streaming.source, streaming.sink
    return packages(
        deployment,
        found,
        kinds={source.kind, sink.kind},
        encodings={source.encoding.format, sink.encoding.format},
        service=streaming.scoring == "realtime",
    )


def _healthcheck(deployment: Deployment) -> Artifact:
    spec: dict[str, Data] = {
        "url": traced(f"http://127.0.0.1:{facts.PORT.value}{facts.READY.value}", "fact:streaming.PORT"),
        "timeout": traced(deployment.probes.readiness.timeout_seconds, "probes.readiness.timeoutSeconds"),
    }
    slots = {"spec": python.literal(spec, column=len("SPEC = "))}
    return Artifact("healthcheck.py", template.render("streaming/healthcheck.py", slots), Language.PYTHON)


def _run(context: Context, model: str | None) -> tuple[str, ...]:
    """The command lines that make the topics and start a worker, in an environment with the requirements."""
    folder = context.output.of(STREAMING)
    given = [shell.option("--model", model)] if model else []
    return (
        shell.command(["python", posixpath.join(folder, topics.SCRIPT)]).text,
        shell.command(["python", posixpath.join(folder, "stream.py"), *given]).text,
    )
