"""Reading what a Python file defines, without importing it."""

from __future__ import annotations

import warnings

import pytest

from servespec.checks.python_file import outline


def test_classes_and_functions_of_the_top_count() -> None:
    """Imported and inner classes are not the file's own; those in conditions and fallbacks are."""
    text = (
        "from torch import nn\n"
        "try:\n    class A(nn.Module): pass\nexcept ImportError:\n    class B: pass\n"
        "if True:\n    def handle(data, context): pass\n"
        "def make():\n    class Inner: pass\n"
    )
    found = outline(text)
    assert [item.name for item in found.classes] == ["A", "B"]
    assert found.functions == {"handle", "make"}


def test_what_a_server_never_runs_does_not_count() -> None:
    """Classes for a type checker, or for running the file by hand, are not there in a server."""
    text = (
        "if TYPE_CHECKING:\n    class A: pass\nelse:\n    class B: pass\n"
        "if __name__ == '__main__':\n    class C: pass\n"
    )
    assert [item.name for item in outline(text).classes] == ["B"]


@pytest.mark.parametrize(
    ("arguments", "needs"),
    [("self", False), ("self, a=1", False), ("self, *a, **k", False), ("self, a", True), ("self, *, a", True)],
)
def test_a_constructor_may_need_arguments(arguments: str, needs: bool) -> None:
    """Only arguments without a default are needed."""
    (found,) = outline(f"class A:\n    def __init__({arguments}): pass\n").classes
    assert found.needs_arguments is needs


@pytest.mark.parametrize(
    ("text", "line"),
    [("a = 1\nclass (:\n", 2), ("a\0b", 1), ("(" * 5000, 1), ("if a:\n pass\n" + "elif a:\n pass\n" * 5000, 1)],
)
def test_what_is_no_python_is_said_to_be_broken(text: str, line: int) -> None:
    """Neither bad syntax nor a parser's limits come out as an exception."""
    assert outline(text).broken == line


def test_reading_prints_no_warnings() -> None:
    """What Python thinks of an escape in a user's file is not for the terminal."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert outline(r'a = "\d"').broken is None
