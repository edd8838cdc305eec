"""Texts made from a skeleton in `templates/`, whose slots print nothing but quoted values."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import repeat
from typing import TYPE_CHECKING, TypeAlias

from servespec import package_data
from servespec.artifacts import Content, Origin
from servespec.emit.quoted import Quoted
from servespec.emit.shape import END, HOLE, Passage, Shape, numbered, pieces, renumbered
from servespec.records import replace

if TYPE_CHECKING:
    from jinja2 import Environment
    from jinja2.runtime import Context

Slot: TypeAlias = "Quoted | bool | Sequence[Quoted] | Mapping[str, Slot] | Sequence[Mapping[str, Slot]] | None"
"""What a template is given. Truth values, None and empty lists decide conditions; only `Quoted` is printed."""

# While Jinja works, marks stand in the text: `HOLE n END` for the n-th printed value, so that no value ever
# passes through Jinja, and `LINE n END` at the end of line n of the template.
_LINE = "\ue002"
_MARK = re.compile(f"([{HOLE}{_LINE}])([0-9]+){END}")
# A tag, with the blanks around it that its dashes strip.
_TAG = re.compile(r"(?:\s+(?=\{[#%{]-))?(?:\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\})(?:(?<=-[#%}]\})\s+)?", re.DOTALL)
_PRINTED = "printed values"  # in the context of a rendering, under a name that no template can write


def render(path: str, slots: Mapping[str, Slot]) -> Content:
    """The text of `templates/<path>` with its slots filled, the origins of its lines, and its shape."""
    printed: list[Quoted] = []
    marked = _environment().get_template(path).render({**slots, _PRINTED: printed})
    page = _Page(path)
    for run in _runs(path, marked):
        page.static(run)
        if run.hole is not None:
            page.slot(printed[run.hole])
    return page.content()


@dataclass(frozen=True, slots=True)
class _Run:
    """Text of a template up to a slot, or to the end."""

    text: str
    ends: tuple[tuple[Origin, ...], ...]
    """Where each of its line ends comes from, if nothing else is in that line."""
    place: str
    """The line of the template on which it stops."""
    hole: int | None


@lru_cache(maxsize=256)
def _runs(path: str, marked: str) -> tuple[_Run, ...]:
    """What a rendering consists of between its slots. With the same slots filled it is the same for each spec."""
    found: list[_Run] = []
    text, ends, place, settled = "", [], "1", 0
    parts = _MARK.split(marked)
    for static, kind, number in zip(parts[::3], [*parts[1::3], ""], [*parts[2::3], ""], strict=True):
        text += static
        ends += [(f"template:{path}:{place}",)] * static.count("\n")
        if kind == _LINE:
            # The mark stands at the end of its line, so the slots before it are on that line.
            found[settled:] = [replace(run, place=number) for run in found[settled:]]
            place, settled = number, len(found)
        else:
            found.append(_Run(text, tuple(ends), place, int(number) if kind else None))
            text, ends = "", []
    return tuple(found)


def joined(*contents: Content) -> Content:
    """Texts one after the other, as one."""
    text, neutral = "", ""
    origins: tuple[tuple[Origin, ...], ...] = ()
    values: tuple[str, ...] = ()
    for content in contents:
        shape = content.expected
        assert isinstance(shape, Shape)
        text, origins = text + content.text, (*origins, *content.origins)
        neutral, values = neutral + renumbered(shape.neutral, by=len(values)), (*values, *shape.values)
    return Content(text, origins, Shape(neutral, values))


@dataclass(slots=True)
class _Page:
    """A text and its shape, growing together."""

    path: str
    place: str = "1"
    _text: list[str] = field(default_factory=list)
    _neutral: list[str] = field(default_factory=list)
    _values: list[str] = field(default_factory=list)
    _origins: list[tuple[Origin, ...]] = field(default_factory=list)
    _here: dict[Origin, None] = field(default_factory=dict)

    def static(self, run: _Run) -> None:
        """Append text of the template."""
        self._text.append(run.text)
        self._neutral.append(run.text)
        if run.ends:
            self._origins.append(tuple(self._here) or run.ends[0])
            self._origins += run.ends[1:]
            self._here.clear()
        self.place = run.place

    def slot(self, quoted: Quoted) -> None:
        """Append a value, and a numbered hole for each piece of it to the shape."""
        self._text.append(quoted.text)
        self._neutral.append(numbered(quoted.neutral, start=len(self._values)))
        self._values.extend(pieces(quoted))
        lines = quoted.lines if isinstance(quoted, Passage) else repeat(quoted.origins, quoted.text.count("\n") + 1)
        for index, origins in enumerate(lines):
            if index:
                self._end_line()
            self._here.update(dict.fromkeys(origins))

    def content(self) -> Content:
        """The whole; a last line counts also without its line end."""
        text = "".join(self._text)
        if text and not text.endswith("\n"):
            self._end_line()
        return Content(text, tuple(self._origins), Shape("".join(self._neutral), tuple(self._values)))

    def _end_line(self) -> None:
        self._origins.append(tuple(self._here) or (f"template:{self.path}:{self.place}",))
        self._here.clear()


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    return Environment(
        loader=FunctionLoader(lambda path: mark_lines(package_data.read(f"templates/{path}"))),
        undefined=StrictUndefined,
        finalize=_finalizer(),
        autoescape=False,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _finalizer() -> Callable[[Context, object], str]:
    from jinja2 import Undefined, pass_context

    @pass_context
    def finalize(context: Context, value: object) -> str:
        if isinstance(value, Undefined):
            return str(value)  # raises, and says which name is undefined
        if not isinstance(value, Quoted):
            raise TypeError(f"{context.name}: a template prints quoted values, not {type(value).__name__}")
        printed: list[Quoted] = context[_PRINTED]
        printed.append(value)
        return f"{HOLE}{len(printed) - 1}{END}"

    return finalize


def mark_lines(source: str) -> str:
    """The source of a template with a mark at the end of each line that can become a line of the text."""
    if re.search(f"[{HOLE}-{_LINE}]", source):
        raise ValueError("a template holds a character that its rendering needs")
    tags = [match.span() for match in _TAG.finditer(source)]
    *lines, rest = source.split("\n")
    marked: list[str] = []
    end = -1
    for number, line in enumerate(lines, start=1):
        end += len(line) + 1
        # The line end after a block is not printed (`trim_blocks`), nor is one inside a tag.
        silent = line.endswith(("%}", "#}")) or any(start <= end < stop for start, stop in tags)
        marked.append(line if silent else f"{line}{_LINE}{number}{END}")
    return "\n".join([*marked, rest])
