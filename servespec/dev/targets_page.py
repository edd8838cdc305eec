"""The page of targets and servers: what reaches which target, what fits what, and what is known of each."""

from __future__ import annotations

from collections.abc import Iterator

from servespec.dev.schema import OURS, schema
from servespec.reference.markdown import code, derived, table
from servespec.reference.matrix import degree_words, matrix
from servespec.reference.servers import Known, known
from servespec.runtimes.catalog import OTHERS, SERVERS
from servespec.runtimes.fits import FITS
from servespec.targets.registry import NAMES


def text() -> str:
    """The page."""
    source = "the tables of servespec/targets and servespec/runtimes"
    return "\n".join([derived(source), "# Targets and servers\n", *_targets(), *_fits(), *_servers()])


def _targets() -> Iterator[str]:
    yield table(("target", "what it emits"), ((code(target.name), target.summary) for target in OURS))
    yield "## Which field reaches which target\n"
    yield (
        "*kept*: wholly. *approximated*, *dropped*: in part or not at all, for the reason given; a build says so, and\n"
        "`--strict` makes it an error. A dash: the field says nothing that the target is about.\n"
    )
    rows = matrix(schema())
    assert all(tuple(answer.target for answer in row.answers) == NAMES for row in rows), "a target has not answered"
    yield table(("field", *NAMES), ((code(row.field), *map(degree_words, row.answers)) for row in rows))


def _fits() -> Iterator[str]:
    yield "## What fits what\n"
    head = ("format", "server", "platforms", "protocols", "default server of the format")
    rows = ((fit.format, fit.server, fit.platforms, fit.protocols, fit.default) for fit in FITS)
    yield table(
        head,
        (
            (code(format_), code(server), ", ".join(platforms), ", ".join(protocols), "yes" if default else "")
            for format_, server, platforms, protocols, default in rows
        ),
    )


def _servers() -> Iterator[str]:
    for name, server in SERVERS.items():
        yield f"## {server.title}\n"
        if care := server.maintenance:
            yield f"Since {care.since} {care.state}. Instead: {', '.join(care.instead)}. Source: {care.source}\n"
        yield _facts(name)
    for name, title in OTHERS.items():
        yield f"## {title}\n"
        yield _facts(name)


def _facts(name: str) -> str:
    return table(("fact", "value", "source", "checked"), map(_fact, known(name)))


def _fact(fact: Known) -> tuple[str, ...]:
    name = f"{fact.name}.{fact.key}" if fact.key else fact.name
    return code(name), code(fact.value), fact.source, fact.checked
