"""Reading a requirements file."""

from __future__ import annotations

import pytest

from servespec.deployment.requirements_file import Requirement, parse


def _one(text: str) -> Requirement:
    (line,) = parse(text)
    return line


@pytest.mark.parametrize(
    ("text", "name", "version"),
    [
        ("torch==2.13.0", "torch", "2.13.0"),
        ("  Torch_Vision == 0.28.0  # vision", "torch-vision", "0.28.0"),
        ("torch==2.13.0+cpu ; python_version >= '3.11'", "torch", "2.13.0+cpu"),
        ("uvicorn[standard]==0.40.0 --hash=sha256:ab --hash=sha256:cd", "uvicorn", "0.40.0"),
        ("numpy===2.4.6", "numpy", "2.4.6"),
    ],
)
def test_a_pin_is_found(text: str, name: str, version: str) -> None:
    """Extras, markers, hashes and comments do not hide a package's only version."""
    assert (_one(text).name, _one(text).version, _one(text).pinned) == (name, version, True)


@pytest.mark.parametrize(
    "text", ["torch", "torch>=2", "torch~=2.13", "torch==2.*", "torch==2.13.0,<3", "a @ git+https://h/r"]
)
def test_what_is_open_is_no_pin(text: str) -> None:
    """A range, a pattern and a branch install something else tomorrow."""
    assert _one(text).pinned is False


@pytest.mark.parametrize("text", ["a @ https://h/a-1.0-py3-none-any.whl#sha256=ab", "a @ git+https://h/r@" + "0" * 40])
def test_one_file_is_a_pin(text: str) -> None:
    """An address of one wheel or one commit always gives the same package."""
    assert _one(text).pinned is True


@pytest.mark.parametrize("text", ["-r more.txt", "--index-url=https://h/simple", "./a.whl", "https://h/a.whl", "-e ."])
def test_what_names_no_package(text: str) -> None:
    """Options, paths and bare addresses are lines without a package."""
    assert _one(text).name is None


def test_a_continued_line_starts_where_it_starts() -> None:
    """Line numbers are those of an editor, whatever continuations, comments and empty lines come before."""
    lines = list(parse("# pinned\n\ntorch==2.13.0 \\\n    --hash=sha256:ab\nnumpy==2.4.6 \\"))
    assert [(line.line, line.name, line.version) for line in lines] == [(3, "torch", "2.13.0"), (5, "numpy", "2.4.6")]
