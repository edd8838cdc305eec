"""`servespec run`: start the server of a spec on this machine, watch it, and stop it."""

from __future__ import annotations

from pathlib import Path

import click

from servespec.cli import options
from servespec.cli.asked import Python, Run
from servespec.cli.exits import Exit


@click.command("run")
@click.argument("path", required=False, type=click.Path())
@options.environment
@click.option("--docker", is_flag=True, help="Build the image and run the compose file, instead of a local process.")
@click.option("--install", is_flag=True, help="Create the server's virtual environment if it is missing.")
@click.option("--python", metavar="PYTHON", help="Python interpreter for that environment.  [default: image.python]")
@click.option(
    "--venv",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    metavar="DIR",
    help="Your own virtual environment to use, with everything that the server needs.",
)
@click.option(
    "--interval-start",
    "interval",
    metavar="TIME",
    help="For the pattern `batch`: score the interval that starts at this date, or time in the schedule's time zone.",
)
@click.option(
    "--smoke",
    is_flag=True,
    help="Send the examples when it is ready, show the answers, stop, and exit with the code of `smoke`.",
)
@click.option(
    "--broker",
    metavar="HOST:PORT",
    help="Start a worker of the pattern `streaming` for this broker.  [default, without `realtime`: on this machine]",
)
@click.option("--variant", metavar="NAME", help="The variant to run.  [default: the one with the largest weight]")
def command(
    path: str | None,
    environment: str | None,
    docker: bool,
    install: bool,
    python: str | None,
    venv: Path | None,
    interval: str | None,
    smoke: bool,
    broker: str | None,
    variant: str | None,
) -> Exit:
    """Run a spec on this machine.

    The spec is compiled into .servespec/run beside it. With the pattern `realtime` its server is started. With
    `streaming` alone, or with --broker, a worker is started for a broker that already runs. With --interval-start one
    interval of the pattern `batch` is scored.

    Server and worker run until Ctrl-C (exit code 130) or SIGTERM (exit code 0), and log to standard error. Of several
    variants one runs as a process; with --docker all of them run behind a proxy. Without PATH: ./serving.yaml, else the
    nearest above.
    """
    if docker and broker:
        raise click.UsageError("--broker is for a run without --docker, which brings its own")
    if docker and (install or python or venv):
        raise click.UsageError("--install, --python and --venv are for a run without --docker")
    if docker and variant:
        raise click.UsageError("--variant is for a run without --docker, which runs all of them")
    if venv and (install or python):
        raise click.UsageError("--install and --python are for an environment of servespec's, not for one of yours")
    from servespec.cli.one import analysed

    work = analysed(path, environment)
    if work is None:
        return Exit.ERRORS
    asked = Run(docker, Python(venv, python, install), smoke, variant, broker)
    if interval is not None:
        from servespec.cli.scoring import score

        return score(work, asked, interval)
    from servespec.deployment.workloads import only_streams

    if broker or only_streams(work.analysis.deployment):
        from servespec.cli.streaming import work_on_stream

        return work_on_stream(work, asked)
    from servespec.cli.serving import serve

    return serve(work, asked)
