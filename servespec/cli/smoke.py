"""`servespec smoke`: the examples of a spec, sent to what runs."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from servespec.cli import options
from servespec.cli.console import show
from servespec.cli.exits import Exit

if TYPE_CHECKING:
    from servespec.cli.work import Work
    from servespec.deployment.types import Deployment
    from servespec.running.smoke import Aim, Verdict

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
    from servespec.deployment.workloads import only_streams

    if broker is not None or only_streams(work.analysis.deployment):
        from servespec.cli.streaming import Broker, smoke_stream

        return smoke_stream(work, Broker(broker, venv), seconds=_seconds(timeout), format_=format_)
    if token is None:
        token = token_file.read_text("utf-8", errors="replace").strip() if token_file else os.environ.get(TOKEN)
    if token and not (token.isascii() and token.isprintable()):
        raise click.UsageError("the token has characters that no HTTP header can carry")
    return smoke(work, aim(work, url=url, timeout=timeout, token=token), format_=format_)


def aim(work: Work, *, url: str | None, timeout: str, token: str | None) -> Aim:
    """Where the examples of a sound spec go. Raises a usage error for what can't be meant."""
    from servespec.running.folder import RunFolder
    from servespec.running.smoke import Aim

    deployment = work.analysis.deployment
    assert deployment is not None
    if token is None and url is None:  # what runs here; a key of ours is nobody else's business
        token = RunFolder.of(work.source.project, deployment).read_token()
    return Aim(
        url=_checked(url) if url else local_url(deployment),
        wait_seconds=_seconds(timeout),
        answer_seconds=deployment.runtime.timeouts.request.milliseconds / 1000,
        token=token,
        needs_token=deployment.security.authorization == "token",
    )


def _seconds(timeout: str) -> float:
    from servespec.deployment.durations import Duration

    wait = Duration.parse(timeout)
    if wait is None:
        raise click.BadParameter(f"{timeout!r} is no time such as 500ms, 60s or 2m", param_hint="--timeout")
    return wait.milliseconds / 1000


def local_url(deployment: Deployment) -> str:
    """The address of the server on this machine."""
    return f"http://127.0.0.1:{deployment.runtime.protocols['rest']}"


def smoke(work: Work, at: Aim, *, format_: str = "text", answers: bool = False) -> Exit:
    """The exit code of sending the examples, after telling what came of each, and on request what was answered."""
    from servespec.deployment.workloads import serves
    from servespec.running import told
    from servespec.running.protocols import wire
    from servespec.running.smoke import smoke as verdicts_of

    deployment = work.analysis.deployment
    assert deployment is not None
    if not serves(deployment):
        raise click.UsageError(f"{work.source.shown} has a batch only, which answers nobody: `servespec run` scores it")
    how = wire(deployment)
    if how is None:
        raise click.UsageError(f"examples can't be sent to {deployment.runtime.server} over REST")
    if not deployment.examples:
        raise click.UsageError(f"{work.source.shown} has no `examples`, so there is nothing to send")
    verdicts: list[Verdict] = []
    if format_ == "text":
        show(f"{deployment.name} at {at.url}\n")
    for verdict in verdicts_of(deployment, how, at):
        verdicts.append(verdict)
        if format_ == "text":
            show(told.line(verdict) + (told.answer(verdict) if answers else ""))
            sys.stdout.flush()
    show(told.count(verdicts) if format_ == "text" else told.junit(deployment.name, verdicts))
    return Exit.ERRORS if any(verdict.problem for verdict in verdicts) else Exit.OK


def _checked(url: str) -> str:
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0 and "@" not in url
    except ValueError:
        good = False
    if not good or parts.query or parts.fragment or not url.isascii() or not url.isprintable() or " " in url:
        named = "what holds a user or a password" if "@" in url else repr(url)  # which a log would keep
        raise click.BadParameter(f"{named} is no address such as http://127.0.0.1:8080", param_hint="--url")
    return url.rstrip("/")
