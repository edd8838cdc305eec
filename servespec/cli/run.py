"""`servespec run`: start the server of a spec on this machine, watch it, and stop it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from servespec.cli import options
from servespec.cli.exits import Exit
from servespec.records import dataclass


@dataclass(frozen=True)
class Request:
    """What was asked of a run."""

    docker: bool
    install: bool
    python: str | None
    venv: Path | None
    smoke: bool
    variant: str | None
    broker: str | None


@click.command("run")
@click.argument("path", required=False, type=click.Path())
@options.environment
@click.option("--docker", is_flag=True, help="Build the image and run the compose file, instead of a process.")
@click.option("--install", is_flag=True, help="Make the virtual environment of the server when it is not there.")
@click.option("--python", metavar="PYTHON", help="The interpreter for that environment.  [default: image.python]")
@click.option(
    "--venv",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    metavar="DIR",
    help="A virtual environment of your own, with all that the server needs.",
)
@click.option(
    "--interval-start",
    "interval",
    metavar="TIME",
    help="Score this interval, for the pattern `batch`: a date, or a time in the zone of its schedule.",
)
@click.option(
    "--smoke",
    is_flag=True,
    help="Send the examples when it is ready, show the answers, stop, and exit as `smoke` does.",
)
@click.option(
    "--broker",
    metavar="HOST:PORT",
    help="Start a worker of the pattern `streaming` for that broker.  [default, without `realtime`: this machine's]",
)
@click.option("--variant", metavar="NAME", help="The variant to run.  [default: the one with the most requests]")
def command(path: str | None, environment: str | None, interval: str | None, **given: Any) -> Exit:
    """Start the server of the spec at PATH on this machine, or score one interval of its batch.

    It is compiled into .servespec/run beside the spec, and runs until Ctrl-C stops it (exit code 130), or SIGTERM (0).
    Its log goes to standard error. Of a spec with variants one runs as a process, and with --docker all of them behind
    their proxy; of a stream a worker, for a broker that is there already. Without PATH: ./serving.yaml, else the
    nearest above.
    """
    asked = Request(**given)
    if asked.docker and asked.broker:
        raise click.UsageError("--broker is for a run without --docker, which brings its own")
    if asked.docker and (asked.install or asked.python or asked.venv):
        raise click.UsageError("--install, --python and --venv are for a run without --docker")
    if asked.docker and asked.variant:
        raise click.UsageError("--variant is for a run without --docker, which runs all of them")
    if asked.venv and (asked.install or asked.python):
        raise click.UsageError("--install and --python are for an environment of servespec's, not for one of yours")
    from servespec.cli.one import analysed

    work = analysed(path, environment)
    if work is None:
        return Exit.ERRORS
    if interval is not None:
        from servespec.cli.scoring import score

        return score(work, asked, interval)
    from servespec.deployment.workloads import only_streams

    if asked.broker or only_streams(work.analysis.deployment):
        from servespec.cli.streaming import work_on_stream

        return work_on_stream(work, asked)
    from servespec.cli.serving import serve

    return serve(work, asked)
