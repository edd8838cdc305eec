"""Paths with placeholders: what is one of ours, and what is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servespec.deployment.path_templates import Moment, PathTemplate, strange


def test_pieces() -> None:
    """Text and moments stand in the order in which they were written."""
    template = PathTemplate.parse("s3://b/{interval.start:%Y-%m-%d}/to={interval.end:%H%z}.csv")
    assert template is not None
    assert template.pieces == ("s3://b/", Moment("start", "%Y-%m-%d"), "/to=", Moment("end", "%H%z"), ".csv")
    assert template.moments == (Moment("start", "%Y-%m-%d"), Moment("end", "%H%z"))


@pytest.mark.parametrize(
    ("text", "piece"),
    [
        ("a/{{ ds }}/b", "{{ ds }}"),
        ("a/{interval.start}", "{interval.start}"),
        ("a/{interval.start:}", "{interval.start:}"),
        ("a/{interval.middle:%Y}", "{interval.middle:%Y}"),
        ("a/{interval.start:%A}", "{interval.start:%A}"),
        ("a/{interval.start:%-d}", "{interval.start:%-d}"),
        ("a/{interval.start:%Y", "{interval.start:%Y"),
        ("a}b", "}"),
        ("${HOME}/a", "{HOME}"),
        ("a/{{interval.start:%Y}}", "{{interval.start:%Y}}"),
        ("{interval.start:%Y}/{0}", "{0}"),
    ],
)
def test_what_is_not_ours_is_found(text: str, piece: str) -> None:
    """Braces that hold none of our placeholders are pointed at, those of Airflow and of shells too."""
    assert PathTemplate.parse(text) is None
    (start, end) = strange(text)[0]
    assert text[start:end] == piece


@given(st.text("ab/{}%YmdA:.intervalsteund$ ", max_size=30))
def test_a_template_reads_back(text: str) -> None:
    """What is taken prints as it was written, and none of its text holds a brace."""
    template = PathTemplate.parse(text)
    if template is not None:
        assert str(template) == text
        assert not any("{" in piece or "}" in piece for piece in template.pieces if isinstance(piece, str))
