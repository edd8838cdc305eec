"""Findings about what YAML has and a spec has not."""

from __future__ import annotations

from servespec.diagnostics.types import Diagnostic, Edit, Fix, Label, error
from servespec.source.messages.shown import proposed, quoted, shown
from servespec.spans import Span

_INSTEAD = "write the value out at each place; what differs between environments goes under `environments`"
_MOST_USES = 5


def yaml_anchor(span: Span, name: str, uses: tuple[Span, ...]) -> Diagnostic:
    """A value is named with `&` to be used again with `*`.

    With anchors a value has several places, a small file can hold billions of values, and a change in one block
    changes another out of sight. Variants and environments are made for sharing.

    Bad:
        requests: &size {cpu: 1}
        limits: *size
    Good:
        requests: {cpu: 1}
        limits: {cpu: 1}
    """
    return error(
        "yaml-anchor",
        f"anchors are not read: {shown('&' + name)}",
        Label(span, "an anchor"),
        *(Label(use, "used here") for use in uses[:_MOST_USES]),
        help=_INSTEAD,
        notes=(f"used at {len(uses)} places",) if len(uses) > _MOST_USES else (),
    )


def yaml_alias(span: Span, name: str) -> Diagnostic:
    """A text starts with `*`, which makes it the name of an anchor.

    Anchors are not read, and there is none of this name. A pattern such as `*.py` or a cron line needs quotes.

    Bad:
        schedule: *hourly
    Good:
        schedule: "*hourly"
    """
    word = f"*{name}"
    return error(
        "yaml-alias",
        f"{shown(word)} needs quotes",
        Label(span, "no anchor has this name"),
        help=f"write {proposed(word)} if it is text",
        fix=Fix("Quote the text", (Edit(span, quoted(word)),), safe=False),
    )


def yaml_merge_key(span: Span, source: Span | None) -> Diagnostic:
    """A block takes over another with `<<`.

    Merge keys are no part of YAML 1.2, readers disagree on which value wins, and a field would have a place where
    it was not written.

    Bad:
        base: &base {cpu: 1}
        requests:
          <<: *base
    Good:
        requests: {cpu: 1}
    """
    return error(
        "yaml-merge-key",
        "merge keys are not read: `<<`",
        Label(span, "a merge key"),
        *((Label(source, "takes over what stands here"),) if source else ()),
        help=_INSTEAD,
    )


def yaml_tag(span: Span, tag: str) -> Diagnostic:
    """A value has a tag, a word that starts with `!`.

    Tags tell a reader to make an object of its own from a value. The type of each field is known already.

    Bad:
        version: !!str 1.10
    Good:
        version: "1.10"
    """
    return error(
        "yaml-tag",
        f"tags are not read: {shown(tag)}",
        Label(span, "a tag"),
        help="delete it; if text is meant, put quotes around the value (or around all, if `!` belongs to the text)",
    )


def yaml_directive(span: Span, line: str) -> Diagnostic:
    """A line starts with `%` before the document.

    Directives choose the version of YAML or name tags. A spec is always read as YAML 1.2, without tags.

    Bad:
        %YAML 1.1
        ---
        name: fraud-detector
    Good:
        ---
        name: fraud-detector
    """
    return error(
        "yaml-directive",
        f"directives are not read: {shown(line)}",
        Label(span, "a directive"),
        help="delete the line",
    )


def template_expression(span: Span, expression: str, *, dated: bool = True) -> Diagnostic:
    """A value starts with a template expression that has no quotes.

    To YAML an opening brace begins a mapping. And nothing renders `{{ … }}` in a spec: it would be emitted as the
    plain text that it is. Placeholders of servespec have one brace, and are rendered in each target's own way.

    Bad:
        input: {{ ds }}/rows.csv
    Good:
        input: "{interval.start:%Y-%m-%d}/rows.csv"
    """
    help = 'put double quotes around the whole value: "…"'
    if expression.startswith(("{{", "{%")):
        help = "write the value itself: nothing renders this in a spec"
        if dated:
            help = 'put quotes around the whole value; a date is written "{interval.start:%Y-%m-%d}" in a spec'
    return error(
        "template-expression",
        f"{shown(expression)} needs quotes",
        Label(span, "read as a mapping, because of the brace"),
        help=help,
    )
