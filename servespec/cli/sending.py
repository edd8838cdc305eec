"""The examples of a spec, sent to a server: where they go, and what is said of the answers."""

from __future__ import annotations

import sys
from urllib.parse import urlsplit

import click

from servespec.cli.console import show
from servespec.cli.exits import Exit
from servespec.cli.work import Work
from servespec.deployment.durations import Duration
from servespec.deployment.workloads import serves
from servespec.running import told
from servespec.running.folder import RunFolder
from servespec.running.protocols import local_url, wire
from servespec.running.smoke import Aim, Verdict, smoke


def aim(work: Work, *, url: str | None, timeout: str, token: str | None) -> Aim:
    """Where the examples of a sound spec go. Raises a usage error for what can't be meant."""
    deployment = work.analysis.deployment
    if token is None and url is None:  # what runs here; a key of ours is nobody else's business
        token = RunFolder.of(work.source.project, deployment).read_token()
    return Aim(
        url=_checked(url) if url else local_url(deployment),
        wait_seconds=seconds(timeout),
        answer_seconds=deployment.runtime.timeouts.request.milliseconds / 1000,
        token=token,
        needs_token=deployment.security.authorization == "token",
    )


def seconds(timeout: str) -> float:
    """What `--timeout` says, in seconds."""
    wait = Duration.parse(timeout)
    if wait is None:
        raise click.BadParameter(f"{timeout!r} is no time such as 500ms, 60s or 2m", param_hint="--timeout")
    return wait.milliseconds / 1000


def require_examples(work: Work) -> None:
    """Stops a command that has nothing to send."""
    if not work.analysis.deployment.examples:
        raise click.UsageError(
            f"{work.source.shown} has no `examples`, so there is nothing to send: write one, or remove the `#` before "
            "those that `servespec init` wrote"
        )


def send(work: Work, at: Aim, *, format_: str = "text", answers: bool = False) -> Exit:
    """The exit code of sending the examples, after telling what came of each, and on request what was answered."""
    deployment = work.analysis.deployment
    if not serves(deployment):
        raise click.UsageError(f"{work.source.shown} has a batch only, which answers nobody: `servespec run` scores it")
    how = wire(deployment)
    if how is None:
        raise click.UsageError(f"examples can't be sent to {deployment.runtime.server} over REST")
    require_examples(work)
    verdicts: list[Verdict] = []
    if format_ == "text":
        show(f"{deployment.name} at {at.url}\n")
    for verdict in smoke(deployment, how, at):
        verdicts.append(verdict)
        if format_ == "text":
            show(told.line(verdict) + (told.answer(verdict) if answers else ""))
            sys.stdout.flush()
    show(told.count(verdicts) if format_ == "text" else told.junit(deployment.name, verdicts))
    return Exit.ERRORS if any(verdict.problem for verdict in verdicts) else Exit.OK


def _checked(url: str) -> str:
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").encode("idna")  # as it is sent
        good = parts.scheme in ("http", "https") and bool(host) and parts.port != 0 and "@" not in url
    except ValueError:
        good = False
    if not good or parts.query or parts.fragment or not url.isascii() or not url.isprintable() or " " in url:
        named = "what holds a user or a password" if "@" in url else repr(url)  # which a log would keep
        raise click.BadParameter(f"{named} is no address such as http://127.0.0.1:8080", param_hint="--url")
    return url.rstrip("/")
