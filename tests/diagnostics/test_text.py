"""The long form, as pictures: each is what a person sees."""

from __future__ import annotations

from textwrap import dedent

from servespec.diagnostics import text
from servespec.diagnostics.types import Diagnostic, Findings, Label, Part, Report, error, warning
from servespec.spans import Document, Place, Route, Span, Text


def found(*diagnostics: Diagnostic, **files: str) -> Findings:
    """Findings in files that are named by keyword: `serving` is `serving.yaml`."""
    texts = {f"{name}.yaml": Text(f"{name}.yaml", content) for name, content in files.items()}
    return Findings(Document("serving.yaml", None, {}, texts), Report(diagnostics))


def span(content: str, piece: str) -> Span:
    """Where the piece stands first in `serving.yaml`."""
    start = content.index(piece)
    return Span("serving.yaml", start, start + len(piece))


def picture(*findings: Findings, width: int = 80) -> str:
    """What is rendered, between empty lines so that a golden text can begin on a line of its own."""
    return "\n" + text.render(findings, color=False, width=width)


def test_the_picture_of_the_design() -> None:
    """The picture that DESIGN promises comes out to the letter, from routes."""
    content = "\n" * 12 + "scaling:\n  replica: 3\n"
    start = content.index("replica")
    key = Span("serving.yaml", start, start + 7)
    where: dict[Route, Place] = {
        ("scaling", "replica"): Place(key, Span("serving.yaml", start + 9, start + 10), plain=True)
    }
    document = Document("serving.yaml", None, where, {"serving.yaml": Text("serving.yaml", content)})
    unknown = error(
        "unknown-field",
        "`replica` is not a field of `scaling`",
        Label(("scaling", "replica"), "not a field here", Part.KEY),
        help="did you mean `replicas`?",
    )
    assert picture(Findings(document, Report((unknown,)))) == dedent("""
        error[unknown-field]: `replica` is not a field of `scaling`
          --> serving.yaml:14:3
           |
        14 |   replica: 3
           |   ^^^^^^^ not a field here
           |
           = help: did you mean `replicas`?
           = more: servespec explain unknown-field

        1 error in serving.yaml
    """)


def test_other_places_are_shown_in_file_order() -> None:
    """Secondary labels have their own marker, wherever they stand, and dots say where lines are left out."""
    content = "name: a\nmodel: {format: onnx}\nimage: x\n\nname: b\n"
    first, second = span(content, "name"), span(content, "name: b")
    twice = error(
        "duplicate-key",
        "`name` is written twice",
        Label(Span("serving.yaml", second.start, second.start + 4), "again here"),
        Label(span(content, "onnx")),
        Label(first, "first here"),
        Label(span(content, "format"), "and this"),
        notes=("the last one would win elsewhere",),
    )
    assert picture(found(twice, serving=content)) == dedent("""
        error[duplicate-key]: `name` is written twice
         --> serving.yaml:5:1
          |
        1 | name: a
          | ---- first here
        2 | model: {format: onnx}
          |         ------ and this
          |                 ----
        ...
        5 | name: b
          | ^^^^ again here
          |
          = note: the last one would win elsewhere
          = more: servespec explain duplicate-key

        1 error in serving.yaml
    """)


def test_other_files_have_their_own_section() -> None:
    """A clash between a spec and its overlay shows both files, under one frame."""
    base, overlay = "name: a\n", "\n" * 9 + "name: b\n"
    clash = warning(
        "name-clash",
        "`name` differs",
        Label(Span("serving.yaml", 6, 7), "the base"),
        Label(Span("prod.yaml", 15, 16), "the overlay"),
        help="keep one:\nname: a",
    )
    assert picture(found(clash, serving=base, prod=overlay)) == dedent("""
        warning[name-clash]: `name` differs
          --> serving.yaml:1:7
           |
         1 | name: a
           |       ^ the base
           |
          ::: prod.yaml:10:7
           |
        10 | name: b
           |       - the overlay
           |
           = help: keep one:
                   name: a
           = more: servespec explain name-clash

        1 warning in serving.yaml
    """)


def test_a_block_is_shown_by_its_first_line() -> None:
    """A span over several lines is marked to the end of its first one, and says where it ends."""
    content = "batch:\n  schedule: daily\n  retries: 3\n\n\nname: a\n"
    block = Span("serving.yaml", content.index("schedule"), content.index("name"))
    unused = error("unused-block", "`batch` is not used", Label(block, "not used"), Label(Span("serving.yaml", 6, 6)))
    assert picture(found(unused, serving=content)) == dedent("""
        error[unused-block]: `batch` is not used
         --> serving.yaml:2:3
          |
        1 | batch:
          |       -
        2 |   schedule: daily
          |   ^^^^^^^^^^^^^^^ not used (to line 3)
          |
          = more: servespec explain unused-block

        1 error in serving.yaml
    """)


def test_carets_stand_under_wide_and_combining_and_invisible_characters() -> None:
    """Cells are counted, not characters: two for CJK, none for a combining accent, six for an escape."""
    content = "\t模型e\u0301\u202e\x1b: x\n"
    odd = error("odd", "\u202eodd\n\x9b", Label(span(content, "x"), "here\r"), Label(span(content, "型e\u0301")))
    assert picture(found(odd, serving=content)) == dedent(r"""
        error[odd]: \u202eodd\n\u009b
         --> serving.yaml:1:10
          |
        1 |     模型é\u202e\u001b: x
          |       ---
          |                        ^ here\r
          |
          = more: servespec explain odd

        1 error in serving.yaml
    """).replace("é", "e\u0301")


def test_long_lines_are_cut_around_each_label() -> None:
    """A line that is wider than the terminal shows what each label means, with dots where it was cut."""
    content = "uri: " + "a" * 40 + "BAD" + "b" * 40 + "END\n"
    long = error("long", "too long", Label(span(content, "BAD"), "here"), Label(span(content, "END")))
    assert picture(found(long, serving=content), width=34) == dedent("""
        error[long]: too long
         --> serving.yaml:1:46
          |
        1 | ...aaaaaaaaaaBADbbbbbbbbbbb...
          |              ^^^ here
        1 | ...bbbbbbbbbbbbbbbbbbbbbEND
          |                         ---
          |
          = more: servespec explain long

        1 error in serving.yaml
    """)


def test_one_mistake_is_shown_once() -> None:
    """What two environments find in one place is one mistake; two missing fields of one block are two."""
    content = "model: {}\n"
    at = Label(span(content, "model"))
    uri, format_ = (error("missing-field", f"`model.{field}` is missing", at) for field in ("uri", "format"))
    dev = found(uri, format_, serving=content)
    shown = picture(dev, found(uri, serving=content))
    assert [line for line in shown.splitlines() if line.startswith("error")] == [
        "error[missing-field]: `model.format` is missing",
        "error[missing-field]: `model.uri` is missing",
    ]
    assert shown.endswith("\n2 errors in serving.yaml\n")


def test_the_count_names_every_severity() -> None:
    """The last line adds up what is above, over all files."""
    one, two = "name: a\n", "name: b\n"
    findings = [
        found(error("x", "x", Label(Span("b.yaml", 0, 1))), error("y", "y", Label(Span("b.yaml", 0, 1))), b=two),
        found(warning("z", "z", Label(Span("a.yaml", 0, 1))), a=one),
    ]
    assert picture(*findings).endswith("\n2 errors and 1 warning in 2 files\n")
    assert picture(*findings).startswith("\nwarning[z]: z\n --> a.yaml:1:1\n")


def test_a_file_without_text_is_still_named() -> None:
    """What could not be read has its diagnostic at the first character."""
    unreadable = error("unreadable", "can't be read", Label(Span("gone.yaml", 7, 9), "no such file"))
    assert " --> gone.yaml:1:1\n  |\n1 |\n  | ^ no such file\n" in picture(found(unreadable))


def test_nothing_found_nothing_said() -> None:
    """A clean run prints nothing, not even a count of zero."""
    assert text.render([found(serving="name: a\n")], color=False, width=80) == ""


def test_colour_adds_codes_and_nothing_else() -> None:
    """With the codes taken away, the coloured picture is the plain one; severity and marker match."""
    content = "name: a\n"
    item = found(warning("z", "headline", Label(span(content, "a"), "here"), help="help"), serving=content)
    coloured = text.render([item], color=True, width=80)
    assert "\x1b[1;33mwarning[z]\x1b[0m" in coloured
    assert "\x1b[1;33m^\x1b[0m \x1b[1;33mhere\x1b[0m" in coloured
    stripped = coloured
    for code in ("1;31", "1;33", "1;34", "1;36", "1", "0"):
        stripped = stripped.replace(f"\x1b[{code}m", "")
    assert stripped == text.render([item], color=False, width=80)
