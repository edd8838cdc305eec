"""What `emit.template` prints, refuses, and remembers."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment, UndefinedError

from servespec import package_data
from servespec.artifacts import Content
from servespec.emit import python, shell, template
from servespec.emit.shape import fill

NUMBERS = count()
Render = Callable[..., Content]


@pytest.fixture
def render(monkeypatch: pytest.MonkeyPatch) -> Render:
    """Renders a source as if it were a file of `templates/`."""

    def render(source: str, **slots: template.Slot) -> Content:
        path = f"test/{next(NUMBERS)}.sh"
        monkeypatch.setattr(package_data, "read", {f"templates/{path}": source}.__getitem__)
        content = template.render(path, slots)
        origins = tuple(tuple(origin.replace(path, "T") for origin in line) for line in content.origins)
        return Content(content.text, origins, content.expected)

    return render


def test_slots_are_filled_and_lines_know_their_origins(render: Render) -> None:
    """A line with values is there because of them; any other because of its line in the template."""
    source = "#!/bin/sh\n{# ours\n#}\n"
    source += "run {{ a }} {{ b }}\n{% if more %}\n{% for x in xs %}\n"
    source += "  {{ x.y }}\n{% endfor %}\n{% endif %}\nend\n"
    xs = [{"y": shell.word("1", "o.1")}, {"y": shell.word("2")}]
    content = render(source, a=shell.word("a b", "o.a"), b=shell.word("b", "o.b"), more=True, xs=xs)
    assert content.text == "#!/bin/sh\nrun 'a b' b\n  1\n  2\nend\n"
    assert content.origins == (("template:T:1",), ("o.a", "o.b"), ("o.1",), ("template:T:7",), ("template:T:10",))


def test_values_of_several_lines_keep_the_origins_of_each(render: Render) -> None:
    """Every line of a value is there because of it, or because of the piece of data on it."""
    literal = python.literal({"a": "x" * 99, "b": {"c": "y" * 99}}, "o")
    content = render("{{ w }} # x\nS = {{ s }}\nend\n", w=shell.word("1\n2", "o.w"), s=literal)
    assert content.origins == (("o.w",), ("o.w",), *(("o",) for _ in range(6)), ("template:T:3",))


def test_lines_of_a_value_from_nowhere_are_those_of_the_template(render: Render) -> None:
    """A value without origins, of however many lines, is there because of the line of its slot."""
    content = render("#!/bin/sh\n\nrun {{ w }}\nend\n", w=shell.word("1\n2"))
    assert content.origins == tuple((f"template:T:{line}",) for line in (1, 2, 3, 3, 4))


@pytest.mark.parametrize(
    "source", ["{{ 'a' }}", "{{ 1 }}", "{{ flag }}", "{{ none }}", "{{ a.text }}", "{{ a ~ a }}", "{{ [a] }}"]
)
def test_nothing_but_quoted_values_is_printed(render: Render, source: str) -> None:
    """Literals, truth values, parts of values and what is joined from them are refused."""
    with pytest.raises(TypeError, match="prints quoted values"):
        render(f"{source}\n", a=shell.word("a"), flag=True, none=None)


def test_an_unknown_name_is_a_mistake(render: Render) -> None:
    """A slot that was not given stops the rendering, also in a condition."""
    for source in ("{{ a }}\n", "{% if a %}{% endif %}\n"):
        with pytest.raises(UndefinedError, match="'a' is undefined"):
            render(source)


def test_a_template_cannot_hold_marks(render: Render) -> None:
    """The characters that rendering marks places with are refused in a template."""
    for mark in "\ue000\ue001\ue002":
        with pytest.raises(ValueError, match="a character that its rendering needs"):
            render(f"a {mark}")


@given(
    value=st.text(
        st.characters(exclude_categories=("Cs",), exclude_characters="\0") | st.sampled_from("\ue000\ue001\ue0020{}%#")
    )
)
def test_values_are_never_read_as_template(value: str) -> None:
    """Tags and marks within a value are text, and the shape with the values in its holes is what was quoted."""
    with pytest.MonkeyPatch.context() as patch:
        path = f"test/{next(NUMBERS)}"
        patch.setattr(package_data, "read", lambda _: "a {{ v }} {{ c }}\n")
        content = template.render(path, {"v": shell.word(value), "c": shell.command(["x", value])})
    assert content.text == f"a {shell.quote(value)} x {shell.quote(value)}\n"
    shape = content.expected
    assert isinstance(shape, template.Shape)
    assert shape.values == (value, "x", value)
    assert fill(shape.neutral, shape.values) == f"a {value} x {value}\n"


TEXTS = st.lists(st.sampled_from(["a", "b ", "\n", "\n", " ", "{# c #}", "{# a\nb #}"]), max_size=5).map("".join)
TAGS = [("{% if t %}", "{% endif %}"), ("{%- if t %}", "{% endif %}"), ("{% if f %}", "{%- endif %}")]
TAGS += [("{% if t -%}", "{% endif -%}"), ("{% for i in n %}", "{% endfor %}")]
SOURCES = st.recursive(
    TEXTS,
    lambda of: st.tuples(TEXTS, st.sampled_from(TAGS), of, TEXTS).map(
        lambda parts: f"{parts[0]}{parts[1][0]}{parts[2]}{parts[1][1]}{parts[3]}"
    ),
    max_leaves=4,
)


@given(SOURCES)
def test_marks_do_not_change_what_is_rendered(source: str) -> None:
    """A text is the one that Jinja makes of the template without our marks, whatever it does with blanks."""
    jinja = Environment(trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True)
    slots: dict[str, template.Slot] = {"t": True, "f": False, "n": [shell.word("1"), shell.word("2")]}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(package_data, "read", lambda _: source)
        content = template.render(f"test/{next(NUMBERS)}", slots)
    assert content.text == jinja.from_string(source).render(slots)
    assert len(content.origins) == len(content.text.splitlines())
