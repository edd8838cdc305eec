"""Manual pages for a terminal: of a rule, and of a field."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator

from servespec.reference.fields import Field, answers, fields
from servespec.reference.rules import Rule
from servespec.reference.schema import TARGETS, Schema

_FENCED = re.compile(r"```yaml\n(.*?)\n```", re.DOTALL)
_SENTENCE_END = re.compile(r"(?<=[.])\s+(?=[A-Z`])")
_SAID = {"kept": "keeps it", "approximated": "keeps it in part", "dropped": "drops it"}
_NARROWED = "a target's options, the platform and `runOn` can change that: `servespec targets SPEC` has it as it is"
_WIDTH = 100


def rule_page(rule: Rule) -> str:
    """The page of a rule, its examples indented."""
    page = _FENCED.sub(lambda match: textwrap.indent(match[1], "    "), rule.page)
    return f"{rule.severity}[{rule.code}]\n\n{page}\n"


def field_page(field: Field, schema: Schema) -> str:
    """The page of a field: what it is, what it takes, and what becomes of it in each target."""
    text = textwrap.fill(field.description, _WIDTH, initial_indent="  ", subsequent_indent="  ")
    where = "" if TARGETS in schema else f", in {schema['title']}"
    below = list(_below(field, schema))
    return "\n".join([f"{field.path}{where}", text, "", *_facts(field), *below, *_targets(field, schema)]) + "\n"


def _facts(field: Field) -> Iterator[str]:
    yield f"  type      {field.type}"
    if field.required:
        yield "  default   none, it is required"
    elif field.default:
        yield f"  default   {field.default}"
    for number, example in enumerate(field.examples):
        yield f"  {'example' if number == 0 else '':<9} {field.path.rpartition('.')[2]}: {example}"


def _below(field: Field, schema: Schema) -> Iterator[str]:
    """The fields of a block, each with its type and what it is, in a sentence."""
    known = fields(schema) if field.children else {}
    for number, name in enumerate(field.children):
        item = known[f"{field.path}.{name}"]
        text = f"{name} ({item.type}): {_SENTENCE_END.split(item.description, maxsplit=1)[0]}"
        head = f"  {'fields' if number == 0 else '':<9} "
        yield textwrap.fill(text, _WIDTH, initial_indent=head, subsequent_indent=" " * 14, break_on_hyphens=False)


def _targets(field: Field, schema: Schema) -> Iterator[str]:
    known = answers(schema, field.path)
    said = [answer for answer in known if answer.degree in _SAID]
    width = max((len(answer.target) for answer in said), default=0)
    for number, answer in enumerate(said):
        reason = f": {answer.reason}" if answer.reason else ""
        yield f"  {'targets' if number == 0 else '':<9} {answer.target:<{width}}  {_SAID[answer.degree]}{reason}"
    if len(said) < len(known):
        yield "            the others are not about it" if said else "  targets   none is about it"
    if known:
        yield f"  {'':<9} {_NARROWED}"
