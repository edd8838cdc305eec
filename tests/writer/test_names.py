"""Which names can be checked out on everybody's disk."""

from __future__ import annotations

import pytest

from servespec.writer import names

DEVICES = "con prn aux nul CON Prn com0 com1 com9 COM¹ com² com³ lpt0 lpt5 LPT9 lpt¹ lpt² lpt³ nul.tar.gz aux.\u2028x"


@pytest.mark.parametrize("name", DEVICES.split(" "))
def test_devices_of_windows(name: str) -> None:
    """Their names are taken, in any case and with any extension, in any folder."""
    assert names.problem(f"a/{name}/b") == f"names the Windows device `{name}`"


_BLANK = "ends a name with a blank or a dot, which Windows drops"
PROBLEMS = {
    "": "is not a plain relative path",
    ".": "is not a plain relative path",
    "..": "is not a plain relative path",
    "/a": "is not a plain relative path",
    "a/": "is not a plain relative path",
    "a//b": "is not a plain relative path",
    "a/../b": "is not a plain relative path",
    "a.": _BLANK,
    "a ": _BLANK,
    "a./b": _BLANK,
    **dict.fromkeys(
        ("\\", "a\0", "a\x1f", "a\x7f", "a\x9f", "\x80", "\ud800", "\udfff"),
        "holds a backslash, a control character or half a character",
    ),
    "a" * 256: "has a name of more than 255 bytes",
    "b/" + "ä" * 128: "has a name of more than 255 bytes",
}


@pytest.mark.parametrize("path", PROBLEMS, ids=ascii)
def test_each_problem_is_told(path: str) -> None:
    """The sentence says what is wrong with the path."""
    assert names.problem(path) == PROBLEMS[path]


@pytest.mark.parametrize(
    "path",
    [
        "a",
        ".a",
        "..a",
        "a b/.c",
        "a/b.c",
        "console",
        "com",
        "com10",
        "lpta",
        "nul-1",
        "ä" * 127 + "a",
        "a\xa0b",
        "\ue000",
    ],
)
def test_other_names_are_fine(path: str) -> None:
    """Also those that only look like them."""
    assert names.problem(path) == ""


@pytest.mark.parametrize(
    ("paths", "told"),
    [
        (("a/b", "A/c"), "output paths 'A/' and 'a/' clash"),
        (("x", "X"), "output paths 'X' and 'x' clash"),
        (("a", "a/b"), "output paths 'a/' and 'a' clash"),
        (("a/b/c", "a/b"), "output paths 'a/b' and 'a/b/' clash"),
        (("ok", "a?/../b"), "output path 'a?/../b' is not a plain relative path"),
    ],
)
def test_paths_that_cannot_be_together(paths: tuple[str, ...], told: str) -> None:
    """Both are named, each as it was written."""
    with pytest.raises(ValueError, match="output path") as raised:
        names.require(paths)
    assert str(raised.value) == told


def test_paths_that_can_be_together() -> None:
    """Files of one folder, and folders that differ in more than case."""
    names.require(("a/b", "a/c", "a/b.c", "ab/c", "b"))
