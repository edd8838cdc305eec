"""`servespec smoke`: the examples of a spec, sent to what runs."""

from __future__ import annotations

import os
from pathlib import Path

import click

from servespec.cli import options
from servespec.cli.asked import Python
from servespec.cli.exits import Exit

TOKEN = "SERVESPEC_TOKEN"


@click.command("smoke")
@click.argument("path", required=False, type=click.Path())
@options.environment
@click.option("--url", help="Where the server is.  [default: this machine, at the port of the spec]")
@click.option("--broker", metavar="HOST:PORT", help="Where the broker of a stream is.  [default: this machine]")
@click.option(
    "--venv",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    metavar="DIR",
    help="For a stream: your own virtual environment, with the client of the broker.",
)
@click.option("--timeout", default="60s", show_default=True, metavar="TIME", help="How long to wait until it is ready.")
@click.option("--token", help=f"The token to authenticate with.  [default: ${TOKEN}, else that of `servespec run`]")
@click.option("--token-file", type=click.Path(path_type=Path), help="A file that contains the token.")
@options.form("text", "junit")
def command(
    path: str | None,
    environment: str | None,
    url: str | None,
    broker: str | None,
    venv: Path | None,
    timeout: str,
    token: str | None,
    token_file: Path | None,
    format_: str,
) -> Exit:
    """Send a spec's examples to the running service.

    They are sent as requests to the server of the pattern `realtime`, or, if the spec has no such pattern, as events to
    running workers of the pattern `streaming`. When the server is ready, each answer is compared with the one that the
    example expects, and its time with the latency that the example allows. Exits with 1 when an example fails.
    Without PATH: ./serving.yaml, else the nearest above.
    """
    from servespec.cli.one import analysed

    work = analysed(path, environment)
    if work is None:
        return Exit.ERRORS
    from servespec.cli.sending import aim, seconds, send
    from servespec.deployment.workloads import only_streams

    if broker is not None or only_streams(work.analysis.deployment):
        from servespec.cli.streaming import Broker, smoke_stream

        return smoke_stream(work, Broker(broker, Python(venv)), seconds=seconds(timeout), format_=format_)
    if token is None:
        token = token_file.read_text("utf-8", errors="replace").strip() if token_file else os.environ.get(TOKEN)
    if token and not (token.isascii() and token.isprintable()):
        raise click.UsageError("the token has characters that no HTTP header can carry")
    return send(work, aim(work, url=url, timeout=timeout, token=token), format_=format_)
