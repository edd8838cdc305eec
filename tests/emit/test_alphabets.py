"""Which characters each kind of word takes, and at which place: every one of them, and no other.

The alphabets stand here as the languages' own documents name them; a pattern that lost a character would refuse what
users may write, and one that won a character would let it through.
"""

from __future__ import annotations

from collections.abc import Callable
from string import ascii_letters, ascii_lowercase, digits, hexdigits

import pytest

from servespec.emit import (
    dockerfile,
    dockerflags,
    dockerignore,
    jobs,
    json,
    markdown,
    nginx,
    properties,
    python,
    requirements,
    shell,
    textproto,
    yaml,
)
from servespec.emit.quoted import Unwritable

_RANGES = ((0x00, 0x180), (0x2000, 0x2070), (0xD7FF, 0xE002), (0xF8FE, 0xF901), (0xFFE0, 0x10002))
_SINGLE = "\u061b\u061c\u061d\u0661\ufefe\ufeff\uff00\uff11\U0010ffff"
CHARACTERS = [*(chr(code) for first, end in _RANGES for code in range(first, end)), *_SINGLE]

ALNUM = ascii_letters + digits
LOWER = ascii_lowercase + digits
CONTROL = "".join(map(chr, [*range(0x20), *range(0x7F, 0xA0)]))
SURROGATES = "".join(map(chr, range(0xD800, 0xE000)))
LINE_ENDS = "\u2028\u2029"
ASCII = "".join(map(chr, range(0x20, 0x7F)))
BLANKS = " \xa0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f"
HIDDEN = "\u061c" + "".join(map(chr, [*range(0x200B, 0x2010), *range(0x2028, 0x202F), *range(0x2060, 0x2070), 0xFEFF]))
ZEROS = "0" * 31

Make = Callable[[str], object]


def _alone(make: Callable[..., object], **more: object) -> Make:
    return lambda text: make(text, **more)


def _clause(text: str) -> object:
    return requirements.parse(f"a{text}")


def _field(text: str) -> object:
    return textproto.dump({text: 1})


def _enum(text: str) -> object:
    return textproto.dump({"a": textproto.EnumName(text)})


def _source(text: str) -> object:
    return dockerfile.copy_form([text], "/to")


def _ignored(text: str) -> object:
    return dockerignore.allow([(text, ())])


def _option(text: str) -> object:
    return shell.option(text, "x")


def _host(text: str) -> object:
    return nginx.address(text, 80)


def _measure(text: str) -> object:
    return dockerflags.flag("--interval", text)


_BIND, _SECRET = _alone(dockerflags.bind, target="/x"), _alone(dockerflags.secret, target="/x")
_PARSED = _alone(requirements.parse)

TAKEN = [
    (dockerfile.stage, "{}", ascii_lowercase),
    (dockerfile.stage, "a{}", LOWER + "-"),
    (dockerfile.variable, "{}", ascii_letters + "_"),
    (dockerfile.variable, "a{}", ALNUM + "_"),
    (dockerfile.label, "{}", ALNUM),
    (dockerfile.label, "a{}", ALNUM),
    (dockerfile.label, "a{}a", ALNUM + "._/-"),
    (dockerfile.user, "{}", LOWER + "_"),
    (dockerfile.user, "a{}", LOWER + "_-"),
    (dockerfile.user, "1{}", digits),
    (dockerfile.user, "1:{}", LOWER + "_"),
    (dockerfile.user, "1:a{}", LOWER + "_-"),
    (dockerfile.user, "1:1{}", digits),
    (dockerfile.image, "{}", LOWER),
    (dockerfile.image, "a{}a", LOWER + "._-/:"),
    (dockerfile.image, "a/a{}a", LOWER + "._-/:"),
    (dockerfile.image, "a:{}", ALNUM + "_"),
    (dockerfile.image, "a:a{}", ALNUM + "_.-"),
    (dockerfile.image, "{}/a", ALNUM),
    (dockerfile.image, "A{}b/c", ALNUM + ".-/"),
    (dockerfile.image, "A.{}b/c", ALNUM),
    (dockerfile.image, "A{}/c", ALNUM),
    (dockerfile.image, "[{}]/a", hexdigits + ":"),
    (dockerfile.image, "a:{}/b", digits),
    (dockerfile.image, "a:5{}/b", digits),
    (dockerfile.image, "a@{}:" + ZEROS + "0", ascii_letters),
    (dockerfile.image, "a@a{}b:" + ZEROS + "0", ALNUM + "-_+."),
    (dockerfile.image, "a@a+{}:" + ZEROS + "0", ascii_letters),
    (dockerfile.image, "a@a+b{}c:" + ZEROS + "0", ALNUM + "-_+."),
    (dockerfile.image, "a@sha256:" + ZEROS + "{}", hexdigits),
    (_BIND, "{}", ALNUM + "._+@-"),
    (_BIND, "a{}a", ALNUM + "._+@-/"),
    (_BIND, "a/{}", ALNUM + "._+@-"),
    (_SECRET, "{}", ALNUM + "_.-"),
    (_measure, "{}", digits),
    (_measure, "1{}", digits + "smh"),
    (nginx.variable, "{}", ascii_lowercase),
    (nginx.variable, "a{}", ascii_lowercase + "_"),
    (_host, "{}", LOWER),
    (_host, "a{}", LOWER),
    (_host, "a{}a", LOWER + "-."),
    (_host, "a.{}", LOWER),
    (_host, "a.a{}a", LOWER + "-."),
    (_host, "a.a{}", LOWER),
    (_option, "{}a", "-"),
    (_option, "-{}", ALNUM),
    (_option, "--{}", ALNUM),
    (_option, "--a{}", ALNUM + "_.-"),
    (jobs.variable, "{}", ascii_letters + "_"),
    (jobs.variable, "a{}a", ALNUM + "_."),
    (jobs.variable, "a.{}", ascii_letters + "_"),
    (jobs.github_expression, "a.a{}", ALNUM + "_"),
    (_field, "{}", ascii_letters + "_"),
    (_field, "a{}", ALNUM + "_"),
    (_enum, "A{}", ALNUM + "_"),
    (_PARSED, "{}", ALNUM),
    (_PARSED, "a{}a", ALNUM + "._-"),
    (_PARSED, "a{}", ALNUM + " \t"),
    (_PARSED, "{}a", ALNUM + " \t"),
    (_PARSED, "a[{}]", ALNUM),
    (_PARSED, "a[a{}a]", ALNUM + "._-,"),
    (_PARSED, "a[a,{}]", ALNUM),
    (_clause, "{}=1", "=!<>"),
    (_clause, "{}1", "<>._-" + ALNUM),
    (_clause, "=={}1", digits + " \t"),
    (_clause, "==1{}", digits + " \t"),
    (_clause, "==1{}1", digits + ".!ab+"),
    (_clause, "==1+{}", LOWER),
    (_clause, "==1+1{}1", LOWER + "."),
    (_clause, "~=1{}1", "."),
    (_clause, "~={}1.1", digits + " \t"),
    (_clause, "~=1.1{}", digits + " \t"),
    (_clause, ">=1{}>=1", ","),
]
"""A maker of words, a word with a place for one character, and all the characters that it takes there."""

REFUSED = [
    (dockerfile.word, "a{}a", CONTROL + SURROGATES),
    (lambda text: dockerfile.run_command(["x", text]), "a{}a", CONTROL + SURROGATES),
    (_source, "a{}a", CONTROL + SURROGATES + "\\"),
    (_alone(lambda text: dockerfile.exec_form([text])), "a{}a", "\0" + SURROGATES),
    (_ignored, "a{}a", CONTROL + SURROGATES + LINE_ENDS),
    (_ignored, "a{}", CONTROL + SURROGATES + LINE_ENDS + BLANKS),
    (nginx.word, "a{}a", CONTROL + SURROGATES + "$"),
    (markdown.code, "a{}a", CONTROL + SURROGATES + LINE_ENDS + "`|\\"),
    (markdown.code, "{}a", CONTROL + SURROGATES + LINE_ENDS + BLANKS + "`|\\"),
    (markdown.code, "a{}", CONTROL + SURROGATES + LINE_ENDS + BLANKS + "`|\\"),
    (shell.word, "a{}a", "\0" + SURROGATES),
    (yaml.dump, "a{}a", SURROGATES),
    (lambda text: textproto.dump({"a": text}), "a{}a", SURROGATES),
]
"""The same for makers that take whatever a language can carry: the characters that they refuse."""


def _name(item: object) -> str:
    return ascii(item) if isinstance(item, str) and len(item) < 20 else getattr(item, "__name__", "characters")


def _taken(make: Make, form: str) -> set[str]:
    found = set()
    for character in CHARACTERS:
        try:
            make(form.format(character))
        except (Unwritable, ValueError):
            continue
        found.add(character)
    return found


@pytest.mark.parametrize(("make", "form", "alphabet"), TAKEN, ids=_name)
def test_just_these_characters_are_taken(make: Make, form: str, alphabet: str) -> None:
    """No name that a language allows is refused, and none that it doesn't is written."""
    assert _taken(make, form) == set(alphabet)


@pytest.mark.parametrize(("make", "form", "refused"), REFUSED, ids=_name)
def test_just_these_characters_are_refused(make: Make, form: str, refused: str) -> None:
    """What a language can carry is carried; the rest is refused, wherever it stands."""
    assert set(CHARACTERS) - _taken(make, form) == set(refused)


def _in_yaml(text: str) -> str:
    return yaml.string(text)


def _in_json(text: str) -> str:
    return json.dump(text).text


def _in_key(text: str) -> str:
    return properties.dump([(text, "x")]).text


def _in_value(text: str) -> str:
    return properties.dump([("x", text)]).text.removeprefix("x=")


def _in_textproto(text: str) -> str:
    return textproto.dump({"x": text}).text


def _in_python(text: str) -> str:
    return python.literal(text).text


def _in_nginx(text: str) -> str:
    return nginx.word(text).text


def _in_ignore(text: str) -> str:
    return _ignored(text).text  # type: ignore[attr-defined,no-any-return]


def _in_word(text: str) -> str:
    return dockerfile.word(text).text


def _in_copy(text: str) -> str:
    return dockerfile.copy_form([text], "/to").text


def _in_exec(text: str) -> str:
    return dockerfile.exec_form([text]).text


_ALL = "".join(CHARACTERS)


def _but(*left_out: str) -> set[str]:
    return set(_ALL) - set("".join(left_out))


_UNPRINTABLE = "\xa0\xad" + "".join(item for item in CHARACTERS if "\ue000" <= item <= "\uf8ff" or item >= "\ufff0")
AS_IT_IS = [
    (_in_yaml, "a {}b", _but(CONTROL, SURROGATES, HIDDEN, _UNPRINTABLE, '"\\')),
    (_in_yaml, "a{}b", _but(CONTROL, SURROGATES, HIDDEN, _UNPRINTABLE, '"\\')),
    (_in_json, "a{}b", _but(CONTROL, SURROGATES, HIDDEN, '"\\')),
    (_in_key, "a{}b", set(ASCII) - set(" \\=:#!")),
    (_in_value, "a{}b", set(ASCII) - set("\\")),
    (_in_value, "{}b", set(ASCII) - set("\\ ")),
    (_in_textproto, "a{}b", set(ASCII) - set('"\\')),
    (_in_python, "a{}b", set(ASCII) - set("\\")),
    (_in_nginx, "a {}b", _but(CONTROL, SURROGATES, '$"\\')),
    (_in_ignore, "a{}b", _but(CONTROL, SURROGATES, LINE_ENDS, "\\*?[](){}|+^$")),
    (_in_word, "a{}b", _but(CONTROL, SURROGATES, '\\"$')),
    (_in_copy, "a{}b", _but(CONTROL, SURROGATES, LINE_ENDS, "\\\"'$*?[")),
    (_in_exec, "a{}b", _but(CONTROL, SURROGATES, LINE_ENDS, '\\"')),
]
"""What writes a text, a text with a place for one character, and the characters that stand there as they are."""


@pytest.mark.parametrize(("write", "form", "alphabet"), AS_IT_IS, ids=_name)
def test_just_these_characters_stand_as_they_are(write: Callable[[str], str], form: str, alphabet: set[str]) -> None:
    """Others are escaped, or refused: none that a person can't see, and none that a language takes for its own."""
    found = set()
    for character in CHARACTERS:
        text = form.format(character)
        try:
            written = write(text)
        except Unwritable:
            continue
        if text in written and f"\\{character}" not in written:
            found.add(character)
    assert found == alphabet


QUOTED = [
    (_in_yaml, "a{}a", ALNUM + "_./-"),
    (_in_yaml, "{}aa", ascii_letters + "/"),
    (_in_yaml, "aa{}", ALNUM),
    (_in_nginx, "a{}a", ALNUM + ".-"),
    (_in_nginx, "{}a", ALNUM),
]


@pytest.mark.parametrize(("write", "form", "alphabet"), QUOTED, ids=_name)
def test_just_these_characters_need_no_quotes(write: Callable[[str], str], form: str, alphabet: str) -> None:
    """What needs none has none: files stay easy to read, and the examples' output as it was."""
    able = _taken(write, form)
    assert {item for item in able if write(form.format(item)) == form.format(item)} == set(alphabet)


@pytest.mark.parametrize(
    "word", ["y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf", "infinity"]
)
def test_words_of_yaml_are_quoted(word: str) -> None:
    """However they are spelt, some reader takes them for something else than text."""
    for spelling in (word, word.upper(), word.title()):
        assert yaml.string(spelling) == f'"{spelling}"'


@pytest.mark.parametrize("word", ["true", "false", "inf", "nan"])
def test_words_of_textproto_are_no_names_of_an_enum(word: str) -> None:
    """A reader takes them for a truth value or a number."""
    with pytest.raises(Unwritable):
        _enum(word)


FORMS = [
    (dockerfile.image, ["a__b", "a---b", "a/b/c", "a-b.c/d:e", "A-B.c:80/d", "a@sha512+b.c:" + ZEROS + "0", "[::1]/a"]),
    (dockerfile.user, ["root", "root:root", "1000", "1000:1000", "_a:_b"]),
    (_measure, ["1ms", "10s", "3m", "12h", "7"]),
    (_SECRET, ["a" * 64]),
    (_BIND, ["a/b/c", "a"]),
    (_option, ["-a", "--a", "--a-b", "-ab"]),
    (
        _PARSED,
        ["a[b,c]", "a [ b , c ] == 1 , != 2", "a", "a<=1,>=0", "a~=1.2", "a==1.*", "a!=1.*", "a==1!1.2rc1.post1.dev1"],
    ),
    (
        _PARSED,
        ["a==1+a.b", "a==1a1", "a==1b1", "a==1rc1", "a==1.post1", "a==1.dev1", "a~=1!1.2rc1", "a==1!1.*", "a==1.2.3"],
    ),
    (_host, ["a-b.c-d", "a.b.c"]),
    (jobs.variable, ["a.b.c", "A_B"]),
]
NO_FORMS = [
    (dockerfile.image, ["a..b", "a___b", "a-", "-a", "a//b", "a/", "a:", "a@b", "a:" + "b" * 129, "A"]),
    (dockerfile.image, ["a@a:" + ZEROS, "a@a+:" + ZEROS + "0", "a@a+-b:" + ZEROS + "0", "-A.b/c", "A-.b/c", "a:/b"]),
    (dockerfile.user, ["", "a:", ":a", "a:b:c", "1a"]),
    (_measure, ["", "s", "ms", "1sm", "1ss"]),
    (_SECRET, ["", "a" * 65]),
    (_BIND, ["", "/a", "a/", "a//b"]),
    (_option, ["", "-", "--", "a", "---a"]),
    (_PARSED, ["a[]", "a[b,]", "a==1,", "a~=1", "a<1.*", "a<1+b", "a==1.", "a==.1", "a==1post1", "a==1rc", "a==1++b"]),
    (_host, ["", "a..b", "-a", "a-", ".a"]),
    (jobs.variable, ["", "a.", ".a", "a..b", "1a"]),
]


@pytest.mark.parametrize(("make", "texts"), FORMS, ids=_name)
def test_forms_that_are_taken(make: Make, texts: list[str]) -> None:
    """All that the grammar of a word allows, its optional parts too."""
    assert [text for text in texts if make(text) is None] == []


@pytest.mark.parametrize(("make", "texts"), NO_FORMS, ids=_name)
def test_forms_that_are_refused(make: Make, texts: list[str]) -> None:
    """Parts that are missing, twice, or at another place."""
    for text in texts:
        with pytest.raises((Unwritable, ValueError)):
            make(text)
