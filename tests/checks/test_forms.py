"""The forms that rules know, at their edges: each character that is allowed, and those beside it."""

from __future__ import annotations

import re
from types import ModuleType

import pytest

from servespec.checks import invalid_index_url, invalid_name, invalid_package, invalid_topic, invalid_version

_HOST = "https://a.example"
_FORMS: dict[str, tuple[ModuleType, str, str, str]] = {
    "address of an index": (
        invalid_index_url,
        "_URL",
        "https://a http://a https://a-b.c https://A9 https://9Z https://[::1] https://[fd00:AF09::a.f] https://a:1 "
        "https://a:65535 https://u@a https://u:p@a:80/x https://a/ https://a? https://a/azAZ09._~:/?@!$&'()*+,;=%-",
        "a ftp://a https:// https://-a https://a- https://.a https://a. https://a_b https://a: https://a:123456 "
        "https://a:x https://@a https://u@v@a https://u_/@a https://u_?@a https://u_#@a https://a/#x https://a/ä "
        'https://a/" https://a/< https://a/[ https://a/\\ https://a/^ https://a/` https://a/{ https://[g] https://[] '
        "https://a\u00a0@b",
    ),
    "name of a model": (
        invalid_name,
        "_MODEL_NAME",
        f"a Z 0 9 a_ a- a.b az AZ09 {'a' * 128}",
        f"_ - . _a -a .a a. a/b a:b ä {'a' * 129}",
    ),
    "topic": (
        invalid_topic,
        "_TOPIC",
        f"a z A Z 0 9 a. ... .a - _ a.b-c_d {'a' * 249}",
        f". .. a/b a:b ä a$ {'a' * 250}",
    ),
    "stream": (invalid_topic, "_NAME", f"a z A Z 0 9 _ - {'a' * 255}", f"a.b a/b a$ ä {'a' * 256}"),
    "subject": (
        invalid_topic,
        "_SUBJECT",
        "a z A Z 0 9 _ / = $ - a.b.c _._ /./ =.= $.$ -.- a.z.A.Z.0.9",
        ". a. .a a..b * > a.* a.> ä a:b",
    ),
    "filter of subjects": (
        invalid_topic,
        "_FILTER",
        "a _ / = $ - * > a.b *.* a.* *.a.> a.> *.> _._ /./ =.= $.$ -.- z.Z.9",
        ". a. .a a..b a* *a >.a a.>.b >> ** ä",
    ),
    "package's version": (
        invalid_version,
        "_PACKAGE",
        "1 9 0 v1 1!1 1.0 1.0.0.0 1a1 1b2 1rc3 1.post1 1.dev1 1a1.post2.dev3 1+cpu 1.0+cu121 1+a.b.9 1+z0 10!2.30",
        "v !1 1! 1. .1 1..2 1a 1c1 1.post 1.dev 1post1 1+ 1+. 1+a. 1+A 1+a..b 1-1 x 1.x ä 1.0.dev1.post1",
    ),
    "tag of an image": (
        invalid_version,
        "_TAG",
        f"a Z 0 9 _ a. a- a_ _.- A.Z-0_9 {'a' * 115}",
        f". - .a -a a+b a/b a:b ä {'a' * 116}",
    ),
    "version that names a file": (
        invalid_version,
        "_FILE_NAME",
        f"a Z 0 9 _ a- a_ a.b _-_ A.Z-0_9 {'a' * 64}",
        f". - .a -a a. a+b a/b ä {'a' * 65}",
    ),
    "Debian package": (
        invalid_package,
        "_PACKAGE",
        "aa a0 0a g++ lib-c.6 aa=1 aa=1:2 aa=1.2~rc+b-3Z aa=0:0 z9",
        "a A Aa -a +a .a a_b aa= aa=: aa=a aa=:1 aa=1: aa=1_2 aa==1 ä",
    ),
}


def _words(which: int) -> list[tuple[str, str]]:
    return [(name, word) for name, form in _FORMS.items() for word in str(form[which]).split(" ")]


def _has_form(name: str, word: str) -> bool:
    module, form, *_ = _FORMS[name]
    return re.fullmatch(getattr(module, form), word) is not None


@pytest.mark.parametrize(("name", "word"), _words(2))
def test_what_has_the_form(name: str, word: str) -> None:
    """It is taken as it is."""
    assert _has_form(name, word)


@pytest.mark.parametrize(
    ("name", "word"), [*_words(3), *((name, "") for name in _FORMS), *((name, "1\n") for name in _FORMS)]
)
def test_what_lacks_the_form(name: str, word: str) -> None:
    """It is told of, nothing and the end of a line too."""
    assert not _has_form(name, word)
