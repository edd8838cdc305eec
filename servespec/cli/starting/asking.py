"""Choices of a first spec: given by a flag, found in the folder, or asked for on a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

import click

from servespec.cli.starting.looking import Seen
from servespec.cli.starting.writing import Choices
from servespec.deployment.layout import saved_by
from servespec.deployment.names import as_label, is_label
from servespec.diagnostics.suggest import closest
from servespec.inspection.candidates import Candidate
from servespec.records import dataclass, replace
from servespec.runtimes.fits import FITS, servers_for
from servespec.spec.root import Pattern

PATTERNS: tuple[str, ...] = get_args(Pattern)
FORMATS = tuple(dict.fromkeys(fit.format for fit in FITS))


@dataclass(frozen=True)
class Given:
    """What the flags say; None where one was not given."""

    name: str | None
    pattern: str | None
    format: str | None
    uri: str | None
    code: str | None
    server: str | None
    asks: bool
    """Whether there is a person to ask."""


def choose(given: Given, seen: Seen) -> Choices:
    """All choices made; a UsageError that names the flag where one is missing and nobody can be asked."""
    for flag, value, known in (("--pattern", given.pattern, PATTERNS), ("--format", given.format, FORMATS)):
        _check(flag, value, known)
    name = _name(given, seen)
    pattern = given.pattern or _pick("Pattern", PATTERNS, flag="--pattern", asks=given.asks, default=PATTERNS[0])
    model = _with_class(_model(given, seen), given)
    if save := saved_by(model.format, model.uri):
        raise click.UsageError(
            f"{model.uri} is a pickled {model.format} model, which no server loads: save it by {save}"
        )
    servers = servers_for(model.format)
    _check("--server", given.server, servers)
    server = given.server or _pick("Server", servers, flag="--server", asks=given.asks, default=servers[0])
    return Choices(name, pattern, model, server, seen.requirements)


def _name(given: Given, seen: Seen) -> str:
    name = given.name or _ask("Name of the service", seen.name, flag="--name", asks=given.asks)
    if not is_label(name):
        near = as_label(name)
        hint = f"; '{near}' would be one" if near else ""
        raise click.UsageError(f"--name: a name is at most 63 of a-z, 0-9 and inner '-'{hint}")
    return name


def _model(given: Given, seen: Seen) -> Candidate:
    found = [item for item in seen.models if given.format in (None, item.format)]
    if not found and given.uri is None:
        kind = f"{given.format} model" if given.format else "model"
        question = f"There is no {kind} here, nor in a folder right below. Path of the model"
        uri = _ask(question, None, flag="--uri", asks=given.asks)
        return Candidate(_format(given), uri)
    if not found:
        return Candidate(_format(given), str(given.uri))
    # Weights with their class, or TorchScript, are more likely meant than weights alone.
    likely = [item for item in found if item.complete] or found
    uri = _pick("Model", [item.uri for item in likely], flag="--uri", asks=given.asks)
    return next(item for item in likely if item.uri == uri)


def _format(given: Given) -> str:
    return given.format or _pick("Format", FORMATS, flag="--format", asks=given.asks)


def _with_class(model: Candidate, given: Given) -> Candidate:
    """The model with the file of its class, which weights alone do not have."""
    if given.code is not None:
        return replace(model, code=given.code)
    if model.complete:
        return model
    question = f"{model.uri} holds weights only. Python file with the model's class"
    return replace(model, code=_ask(question, None, flag="--code", asks=given.asks))


def _check(flag: str, value: str | None, known: Sequence[str]) -> None:
    if value is not None and value not in known:
        near = closest(value, known)
        raise click.UsageError(f"{flag}: " + (f"did you mean '{near}'?" if near else f"one of {', '.join(known)}"))


def _ask(question: str, default: str | None, *, flag: str, asks: bool) -> str:
    if asks:
        return str(click.prompt(question, default=default, err=True))
    if default is None:
        raise click.UsageError(f"{question}? Say it with {flag}.")
    return default


def _pick(question: str, options: Sequence[str], *, flag: str, asks: bool, default: str | None = None) -> str:
    """The one of the options that is meant; nobody is asked when there is only one."""
    if len(options) == 1:
        return options[0]
    if asks:
        return str(click.prompt(question, type=click.Choice(options), default=default, err=True))
    if default is None:
        raise click.UsageError(f"{question}: {', '.join(options)}? Say it with {flag}.")
    return default
