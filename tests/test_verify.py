"""What `verify` lets through, and the bugs of ours that it must catch."""

from __future__ import annotations

import subprocess
from itertools import count

import dockerfile as oracle
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servespec import package_data
from servespec.artifacts import Artifact, Bundle, Content, Language, Recipe
from servespec.emit import (
    dockerfile,
    dockerignore,
    json,
    markdown,
    nginx,
    properties,
    python,
    requirements,
    shell,
    template,
    textproto,
    yaml,
)
from servespec.emit.quoted import Quoted
from servespec.emit.shape import HOLE, Shape
from servespec.verify import Mismatch, verify
from servespec.verify import dockerfile as dockerfile_reader
from servespec.verify import properties as properties_reader
from servespec.verify import shell as shell_reader
from servespec.verify.compare import Unreadable

NUMBERS = count()
NASTY = "a b\"'\\$HOME `id` #;&|{x} é \U0001f600"


def _check(language: Language, content: Content) -> tuple[Mismatch, ...]:
    return verify(Bundle("test", (Artifact("file", content, language),)))


def _render(source: str, **slots: template.Slot) -> Content:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(package_data, "read", lambda _: source)
        return template.render(f"test/verify/{next(NUMBERS)}", slots)


def _text(text: str, expected: object) -> Content:
    return Content(text, ((),) * len(text.splitlines()), expected)


DOCKERFILE = """# ours
FROM {{ image }} AS base
ARG A=1
ENV PATH="/x:$PATH" \\
    A={{ word }}

LABEL a={{ word }}
RUN --mount=type=cache,target=/x \\
    # between
    pip install "$A" {{ run }}
WORKDIR {{ word }}
COPY --chown={{ user }} {{ copy }}
EXPOSE {{ port }}
USER {{ user }}
HEALTHCHECK --interval=3s CMD {{ argv }}
CMD {{ argv }}
"""

SCRIPT = """#!/bin/sh
set -eu  # it's ours
cat <<'EOF'
don't $(x
EOF
A={{ word }} "$(id {{ word }} "b")" "${X:-y}" $((1 << 2)) &&
case "$1" in a) {{ run }} ;; esac
exec {{ run }} "$@" >&2
"""

MODULE = '''"""It's ours."""

SPEC = {{ literal }}


@decorate({{ literal }})
def run(a: int = 1) -> object:
    return SPEC[a]
'''

PROXY = """user {{ word }}; # it's ours
http {
    # between { and ;
    map $x {{ word }} {
        "a b" a{{ number }}b;
        ${x}y '';
    }
    server { listen {{ number }}; }
}
"""

SLOTS: dict[str, template.Slot] = {
    "image": dockerfile.image("python:3.11-slim"),
    "word": dockerfile.word(NASTY),
    "run": dockerfile.run_command(["x", NASTY, "--mount=x"]),
    "user": dockerfile.user("1000:1000"),
    "copy": dockerfile.copy_form(["a [1]*?.txt", "$HOME'"], "/to \\"),
    "port": dockerfile.port(8080),
    "argv": dockerfile.exec_form([NASTY, "a\nb"]),
}
WORDS: dict[str, template.Slot] = {"word": shell.word(f"{NASTY}\n;\r\x1b"), "run": shell.command(["A=b", "", NASTY])}
NGINX: dict[str, template.Slot] = {
    "word": nginx.word(NASTY.replace("$", "")),
    "number": nginx.integer(8080),
}
DATA = {"a": ["no", "1e3", NASTY, 1, 1.0, True, None, 1e-7, {}, [], {"y": {"b": "\u2028\n"}}], "b": "x"}
WRITTEN = [
    (Language.DOCKERFILE, _render(DOCKERFILE, **SLOTS)),
    (Language.SHELL, _render(SCRIPT, **WORDS)),
    (Language.NGINX, _render(PROXY, **NGINX)),
    (Language.PYTHON, _render(MODULE, literal=python.literal([DATA, "\ud800", HOLE]))),
    (Language.YAML, yaml.dump(DATA, header="ours")),
    (Language.JSON, json.dump([DATA, "\ud800"])),
    (Language.PROPERTIES, properties.dump([("a b=:#", f" {NASTY}\n"), ("b", True), ("c", "")], header="ours")),
    (
        Language.REQUIREMENTS,
        requirements.dump([requirements.parse("a[b] >= 1, < 2")], header="ours"),
    ),
    (Language.DOCKERIGNORE, dockerignore.allow([("a b/[x]*!#$\\c", ()), ("d/", ())], header="ours")),
    (
        Language.TEXTPROTO,
        textproto.dump({"a": NASTY, "b": [1, -2.5, 1e22], "c": {"d": textproto.EnumName("E"), "e": True}}),
    ),
    (Language.MARKDOWN, _render("# Title\n\ttext {{ code }}\n", code=markdown.code("a_b *c* <d>"))),
]


@pytest.mark.parametrize(("language", "content"), WRITTEN)
def test_what_is_written_right_is_let_through(language: Language, content: Content) -> None:
    """The worst values, quoted by `emit`, read back in every language."""
    assert _check(language, content) == ()


def test_archives_are_left_to_who_writes_them() -> None:
    """A recipe has no text to read."""
    assert verify(Bundle("test", (Artifact("a.mar", Recipe(lambda: iter(()), "0"), Language.ZIP),))) == ()


def _by_hand(text: str, value: str, neutral: str = HOLE) -> Quoted:
    return Quoted(text, value, neutral)


DOCKER_BUGS = [
    ("ENV A={{ v }}\n", _by_hand('"a\nRUN id"', "a\nRUN id")),
    ("ENV A={{ v }}\n", _by_hand('"a"\nRUN id', "a")),
    ("ENV A={{ v }}\n", _by_hand("a b=c", "a b=c")),
    ("ENV A={{ v }}\n", _by_hand('"$HOME"', "$HOME")),
    ("LABEL {{ v }}=x\n", _by_hand('"a=b"', "a=b")),
    ("WORKDIR {{ v }}\nUSER x\n", _by_hand("a\\", "a\\")),
    ("CMD {{ v }}\n", _by_hand("['a']", "a", f'["{HOLE}"]')),
    ("CMD {{ v }}\n", _by_hand('["a", "b"]', "a", f'["{HOLE}"]')),
    ("RUN x {{ v }}\n", _by_hand("a; id", "a; id")),
    ("RUN {{ v }}\n", _by_hand("--mount=x", "--mount=x")),
    ("RUN x {{ v }}\n", _by_hand("<<EOF", "<<EOF")),
    ("COPY {{ v }}\n", _by_hand('["a*", "/x"]', "a\0/x", f'["{HOLE}", "{HOLE}"]')),
    ("FROM {{ v }}\n", _by_hand("a AS b", "a AS b")),
    ("# {{ v }}\nFROM x\n", _by_hand("a", "a")),
    ("# escape={{ v }}\nFROM x\n", _by_hand("`", "`")),
]
SHELL_BUGS = [
    ("x {{ v }}\n", _by_hand("a;b", "a;b")),
    ("x {{ v }}\n", _by_hand("a b", "a b")),
    ("x {{ v }}\n", _by_hand("a\nb", "a\nb")),
    ("x {{ v }}\n", _by_hand("$HOME", "$HOME")),
    ("x {{ v }}\n", _by_hand('"$(id)"', "$(id)")),
    ("x {{ v }}\n", _by_hand("`id`", "`id`")),
    ("x {{ v }}\n", _by_hand("*", "*")),
    ("x {{ v }}\n", _by_hand("'a'b'", "a'b")),
    ("x {{ v }} y\n", _by_hand("a #", "a #")),
    ("x {{ v }}\n", _by_hand("\na", "a")),
    ("x {{ v }}\n", _by_hand("a", "b")),
    ('x "{{ v }}"\n', shell.word("a b")),
    ("# {{ v }}\nx\n", shell.word("a")),
    ("cat <<EOF\n{{ v }}\nEOF\n", _by_hand("EOF\nid", "EOF\nid")),
    ("cat <<EOF\n{{ v }}\nEOF\n", shell.word("$(id)")),
    ("x {{ v }}\n", _by_hand("a", "a", "x")),
    ("x {{ v }}\n", _by_hand("a", "a", f"{HOLE} {HOLE}")),
]
IN_QUOTES = f'"{HOLE}"'
PYTHON_BUGS = [
    ("S = {{ v }}\n", _by_hand("1\nimport os", "1", IN_QUOTES)),
    ("S = {{ v }}\n", _by_hand("__import__('os')", "1", IN_QUOTES)),
    ("S = {{ v }}\n", _by_hand("1", "True", IN_QUOTES)),
    ("S = {{ v }}\n", _by_hand("1, 2", "1", IN_QUOTES)),
    ("S = {{ v }}\n", _by_hand("'a'; id()", "'a'", IN_QUOTES)),
    ("S = {{ v }}, 2\n", _by_hand("1 #", "1", IN_QUOTES)),
    ("S = {{ v }}\n", _by_hand("'", "''", IN_QUOTES)),
    ('S = """{{ v }}"""\n', _by_hand('"""; id(); """', "a", IN_QUOTES)),
    ("S = 1  # {{ v }}\n", python.literal("a")),
    ("# {{ v }}\nS = 1\n", _by_hand("a\nid()", "a", IN_QUOTES)),
]
NGINX_BUGS = [
    ("x {{ v }};\n", _by_hand("a b", "a b")),
    ("x {{ v }};\n", _by_hand("a; y", "a; y")),
    ("x {{ v }};\n", _by_hand('"a"; y', "a")),
    ("x {{ v }};\n", _by_hand('"a" y', "a")),
    ("x {{ v }};\n", _by_hand("a {}", "a")),
    ("x {{ v }};\n", _by_hand("#", "#")),
    ("x {{ v }};\n", _by_hand('"a\\"', "a\\")),
    ("x {{ v }};\n", _by_hand("a\ny", "a\ny")),
    ("x {{ v }};\n", _by_hand("a", "b")),
    ("x { y {{ v }}; }\n", _by_hand("a; } z {", "a")),
    ("# {{ v }}\nx y;\n", _by_hand("a", "a")),
    ("# {{ v }}\nx y;\n", _by_hand("a\nz;", "a\nz;")),
]
PLANTED = [(Language.DOCKERFILE, *bug) for bug in DOCKER_BUGS]
PLANTED += [(Language.SHELL, *bug) for bug in SHELL_BUGS]
PLANTED += [(Language.NGINX, *bug) for bug in NGINX_BUGS]
PLANTED += [(Language.PYTHON, *bug) for bug in PYTHON_BUGS]


@pytest.mark.parametrize(("language", "source", "value"), PLANTED)
def test_a_value_that_left_its_slot_is_caught(language: Language, source: str, value: Quoted) -> None:
    """A value quoted wrongly, or for another language, is a mismatch in the artefact where it stands."""
    (mismatch,) = _check(language, _render(source, v=value))
    assert mismatch.path == "file"
    assert mismatch.expected != mismatch.found


WRONG_DATA = [
    (Language.YAML, "a: no\n", {"a": "no"}),
    (Language.YAML, "a: y\n", {"a": "y"}),
    (Language.YAML, "a: 1e3\n", {"a": "1e3"}),
    (Language.YAML, "a: 1e3\n", {"a": 1000.0}),
    (Language.YAML, "a: 22:22\n", {"a": "22:22"}),
    (Language.YAML, "a: 1.10\n", {"a": "1.10"}),
    (Language.YAML, "a: 010\n", {"a": 10}),
    (Language.YAML, "a: 1\n", {"a": True}),
    (Language.YAML, "a: 1\n", {"a": 1.0}),
    (Language.YAML, "a: 1\na: 1\n", {"a": 1}),
    (Language.YAML, "a: &x 1\n", {"a": 1}),
    (Language.YAML, 'a: !!str "1"\n', {"a": "1"}),
    (Language.YAML, "no: 1\n", {"no": 1}),
    (Language.YAML, "a: [\n", {"a": []}),
    (Language.YAML, "a: 1\n---\nb: 2\n", {"a": 1}),
    (Language.YAML, 'a: "b"\nc: "d"\n', {"a": "b"}),
    (Language.YAML, "- a\n", ["a", "b"]),
    (Language.JSON, '{"a": 1, "a": 1}\n', {"a": 1}),
    (Language.JSON, "[NaN]\n", [1.0]),
    (Language.JSON, "[1]\n", [True]),
    (Language.JSON, "[1\n", [1]),
    (Language.PROPERTIES, "a=$$X$$\n", {"a": "$$X$$"}),
    (Language.PROPERTIES, "a=b\\\nc=d\n", {"a": "b\\", "c": "d"}),
    (Language.PROPERTIES, "a b=c\n", {"a b": "c"}),
    (Language.PROPERTIES, "a= b\n", {"a": " b"}),
    (Language.PROPERTIES, "a=é\n", {"a": "é"}),
    (Language.PROPERTIES, "a=1\na=1\n", {"a": "1"}),
    (Language.REQUIREMENTS, "a==1\n-r x\n", ("a==1",)),
    (Language.REQUIREMENTS, "a==1 # b\n", ("a==1 # b",)),
    (Language.DOCKERIGNORE, "*\n!a*\n", ("*", "!a*")),
    (Language.DOCKERIGNORE, "*\n!a \n", ("*", "!a ")),
    (Language.DOCKERIGNORE, "*\n!a\n!b\n", ("*", "!a\n!b")),
    (Language.TEXTPROTO, 'a: "b"\nc: 1 #"\n', (("a", 'b"\nc: 1 #'),)),
    (Language.TEXTPROTO, 'a: "E"\n', (("a", textproto.EnumName("E")),)),
    (Language.TEXTPROTO, "a: 1\n", (("a", True),)),
    (Language.TEXTPROTO, "a {\n", (("a", ()),)),
    (Language.MARKDOWN, "a\x1b[31m\n", Shape("a\x1b[31m\n", ())),
    (Language.MARKDOWN, "a `b`\n", Shape("a `c`\n", ())),
    (Language.SHELL, "a\n", None),
    (Language.DOCKERFILE, "FROM a\n", "FROM a\n"),
]


@pytest.mark.parametrize(("language", "text", "expected"), WRONG_DATA)
def test_data_that_reads_differently_is_caught(language: Language, text: str, expected: object) -> None:
    """Another type, another structure, or what one reader of a language takes for something else is a mismatch."""
    (mismatch,) = _check(language, _text(text, expected))
    assert mismatch.path == "file"


def test_a_mismatch_says_where_and_what() -> None:
    """The place in the structure, what was expected there, and what came back."""
    (mismatch,) = _check(Language.YAML, _text('a:\n  - b: "x"\n', {"a": [{"b": "y"}]}))
    assert mismatch == Mismatch("file", "0.a.0.b", "'y'", "'x'")


def test_every_line_has_origins() -> None:
    """A text with more or fewer lines than origins cannot be explained."""
    assert _check(Language.MARKDOWN, Content("a\nb\n", ((),), None))


FRAGMENTS = [
    "'",
    '"',
    "\\",
    "\\\n",
    "\n",
    "$x",
    "$(",
    ")",
    "`",
    " ",
    "a",
    "b",
    ";",
    "#",
    "*",
    "~",
    "{a,b}",
    "=",
    "<",
    "!",
    "é",
    "$'",
    "[a]",
]
RAW = st.lists(st.sampled_from(FRAGMENTS), min_size=1, max_size=7).map("".join)


def _literal_word(text: str) -> str | None:
    """What our reader takes the text for, when that is one word without anything to expand."""
    try:
        tokens = shell_reader.read(text)
    except Unreadable:
        return None
    single = len(tokens) == 1 and tokens[0][0] == "word" and shell_reader.ACTIVE not in tokens[0][1]
    return tokens[0][1] if single and not text.endswith("\\\n") else None


@settings(max_examples=30, deadline=None)
@given(st.lists(RAW, min_size=50, max_size=200))
def test_what_our_reader_takes_for_a_word_is_one_to_bash(texts: list[str]) -> None:
    """Text that passes for one literal word is that word to the shell, too."""
    words = {text: word for text in texts if (word := _literal_word(text)) is not None}
    script = "".join(f"printf '%s\\0' {text}\n" for text in words)
    done = subprocess.run(["bash"], input=script.encode(), capture_output=True, check=True)
    assert done.stdout.decode().split("\0")[:-1] == list(words.values())


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(["'", '"', "\\", "$x", " ", "a", "=", "[", "]", "{", "#", "\t", "é", "\xa0"]), max_size=7
    ).map("".join)
)
def test_what_our_reader_takes_for_arguments_buildkit_does(text: str) -> None:
    """A line that our reader splits into arguments is split alike by BuildKit's parser."""
    try:
        ((_, _, arguments),) = dockerfile_reader.read(f"LABEL a=b{text} c=d\n")
    except Unreadable:
        return
    (command,) = oracle.parse_string(f"LABEL a=b{text} c=d\n")
    assert len(command.value) == 2 * len(arguments)


@settings(deadline=None)
@given(
    st.lists(st.sampled_from([" ", "\\", "\n", "=", ":", "#", "a", "\\u0041", "\t", "!", "\f", "\r"]), max_size=12).map(
        "".join
    )
)
def test_our_reader_of_properties_is_that_of_java(text: str) -> None:
    """Continuations, comments and separators are those that `javaproperties` finds."""
    import javaproperties

    try:
        found = properties_reader.read(text)
    except Unreadable:
        return
    assert found == javaproperties.loads(text)
