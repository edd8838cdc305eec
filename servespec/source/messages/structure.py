"""Findings about the document and its keys and values."""

from __future__ import annotations

from servespec.diagnostics.types import Diagnostic, Edit, Fix, Label, error
from servespec.source.messages.shown import proposed, quoted, shown
from servespec.spans import Route, Span, Value

SMALLEST = "a spec begins with `apiVersion: servespec/v1`; `servespec init` writes one"


def empty_spec(span: Span, *, comments: bool) -> Diagnostic:
    """The file says nothing.

    There is nothing to compile in an empty file or one that holds only comments.

    Bad:
        # to be written
    Good:
        apiVersion: servespec/v1
    """
    words = "nothing but comments here" if comments else "the file has no fields"
    return error("empty-spec", "the file is empty", Label(span, words), help=SMALLEST)


def not_a_mapping(span: Span, value: Value) -> Diagnostic:
    """The file holds a list or a single value instead of fields.

    A spec is a mapping: names of fields, each with its value.

    Bad:
        - name: fraud-detector
    Good:
        name: fraud-detector
    """
    kind = "a list" if isinstance(value, list) else "a single value"
    return error(
        "not-a-mapping",
        f"the file is {kind}, not a mapping of fields",
        Label(span, f"{kind} stands here"),
        help="write `field: value`, with a space after the colon and no `-` before the name",
        notes=(SMALLEST,),
    )


def several_documents(span: Span) -> Diagnostic:
    """The file holds more than one YAML document.

    One file is one spec, so that every place in it belongs to one name.

    Bad:
        name: fraud-detector
        ---
        name: churn
    Good:
        name: fraud-detector
    """
    return error(
        "several-documents",
        "a second document begins",
        Label(span, "ends the first document"),
        help="put each spec in a `serving.yaml` of its own folder; `servespec build` takes several paths",
    )


def duplicate_key(span: Span, name: str, first: Span) -> Diagnostic:
    """A key is written twice in one block.

    Most readers silently take the last one, others the first: what was meant can't be known.

    Bad:
        scaling:
          replicas: 2
          replicas: 3
    Good:
        scaling:
          replicas: 3
    """
    return error(
        "duplicate-key",
        f"{shown(name)} is written twice",
        Label(span, "written again here"),
        Label(first, "first written here"),
        help="keep one of the two",
    )


def key_not_text(span: Span, word: str) -> Diagnostic:
    """A key is a number, a truth value, a date or nothing, to this or another YAML reader.

    Keys are names, and names are text. Without quotes some readers take this one for something else, such as
    `on` for true.

    Bad:
        labels:
          on: call
    Good:
        labels:
          "on": call
    """
    if not word:
        return error(
            "key-not-text", "there is no key before `:`", Label(span, "a name is missing"), help="write the name"
        )
    return error(
        "key-not-text",
        f"the key {shown(word)} needs quotes",
        Label(span, "not text to every YAML reader"),
        help=f"write {proposed(word)}",
        fix=Fix("Quote the key", (Edit(span, quoted(word)),)),
    )


def collection_as_key(span: Span) -> Diagnostic:
    """A key is a list or a mapping.

    Keys are names, and names are text. Often it is a value in braces that should have had quotes.

    Bad:
        labels:
          [a, b]: c
    Good:
        labels:
          a: c
          b: c
    """
    return error(
        "collection-as-key",
        "a list or a mapping can't be a key",
        Label(span, "stands where a name is needed"),
        help="write a name; if the braces or brackets are part of a text, put quotes around all of it",
    )


def number_out_of_range(span: Span, word: str) -> Diagnostic:
    """A number is too large, too small, infinite or not a number at all.

    What is emitted is read by programs that hold integers in 64 bits and floats in IEEE 754 doubles.

    Bad:
        timeout: .inf
    Good:
        timeout: 30
    """
    return error(
        "number-out-of-range",
        f"{shown(word)} is out of range",
        Label(span, "no finite number of 64 bits"),
        help="write a smaller number; if text is meant, put quotes around it",
    )


def too_deep(span: Span, limit: int) -> Diagnostic:
    """Values are nested more than 100 deep.

    A spec needs fewer than ten levels. Such depth comes from a broken generator, or is meant to exhaust a reader.

    Bad:
        # and so on, more than a hundred times
        a: [[[[[[[[]]]]]]]]
    Good:
        a: []
    """
    return error(
        "too-deep",
        f"values are nested more than {limit} deep",
        Label(span, "one level too many"),
        help="nest less; nothing behind this place was read",
    )


def too_many_values(span: Span) -> Diagnostic:
    """The file has more values than any spec.

    The limit keeps a file that was not written by a person from taking the memory of the machine.

    Bad:
        # and so on, twenty thousand times
        a: [1, 1, 1]
    Good:
        a: values.csv
    """
    return error(
        "too-many-values",
        "the file has too many values",
        Label(span, "nothing behind this place was read"),
        help="keep data in files of their own and name their paths in the spec",
    )


def too_many_problems(at: Span | Route, limit: int) -> Diagnostic:
    """The spec has so many mistakes that the rest was not looked at.

    A list of hundreds helps nobody; they mostly have one cause.

    Bad:
        # a hundred keys without quotes
        1: a
        2: b
    Good:
        "1": a
        "2": b
    """
    return error(
        "too-many-problems",
        f"more than {limit} mistakes; the rest is not shown",
        Label(at, "nothing behind this place was looked at"),
        help="mend the ones above and run it again",
    )
