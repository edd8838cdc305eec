"""Words that a shell offers for what has been typed so far, where they are not the command line's own."""

from __future__ import annotations

from collections.abc import Iterable

import click
from click.shell_completion import CompletionItem

from servespec.cli.find import NotFound, find


def environments(ctx: click.Context, param: click.Parameter, begun: str) -> list[str]:
    """The environments of the specs that were named before, or of the nearest one."""
    from servespec.cli.work import analyse

    given = ctx.params.get("paths") or ctx.params.get("path") or ctx.args
    try:
        works = [analyse(source) for source in find([given] if isinstance(given, str) else list(given))]
    except (NotFound, OSError):
        return []  # a shell that asks for words has no place for a reason; the command itself will give it
    return _fitting({name for work in works for name in work.environments}, begun)


def targets(ctx: click.Context, param: click.Parameter, begun: str) -> list[str]:
    """The targets that there are."""
    from servespec.targets.registry import TARGETS

    return _fitting(TARGETS, begun)


def explained(ctx: click.Context, param: click.Parameter, begun: str) -> list[CompletionItem]:
    """The codes of rules and the paths of fields; else a file, of which a line can be explained."""
    from servespec.reference import fields, schema
    from servespec.reference.rules import rules

    paths = (path for whole in (schema.load(), schema.load_root()) for path in fields.fields(whole))
    found = [CompletionItem(name) for name in _fitting({*rules(), *paths}, begun)]
    return found or [CompletionItem(begun, type="file")]


def _fitting(names: Iterable[str], begun: str) -> list[str]:
    return sorted(name for name in names if name.startswith(begun))
