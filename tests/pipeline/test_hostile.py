"""Whatever a spec says, the pipeline answers with findings: it never raises, and what it lets through it can make."""

from __future__ import annotations

import json
import types
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from servespec.diagnostics.formats import Options, render
from servespec.edge.gather import gather
from servespec.pipeline import Analyses, World
from servespec.spec.root import API_VERSION, Spec
from servespec.spec.views import OVERLAID
from servespec.targets.registry import TARGETS
from tests.projects import FILES, TODAY, analyse_everywhere, made, write

_HOSTILE = (
    "", " ", "\n", "a\nRUN id", "$(id)", "${HOME}", "`id`", "'\"\\", "a'b", '"', "\\", "#", "-x", "--option", "../x", "/etc/passwd",
    "a b", "é", "\u202e", "\U0001f600", "\x00", "\x1b[31m", "\u2028", "{{ x }}", "{% x %}", "%s", "$$X$$", "no", "1e3", "0x10",
    "x" * 300, "a/./b", "A", "name:latest", "sha256:" + "0" * 64, "5ms", "1Gi", "500m", "2020-01-01", "model", "=", "a=b",
)  # fmt: skip
_GOOD: dict[str, Any] = {
    "apiVersion": API_VERSION,
    "name": "fraud-detector",
    "pattern": "realtime",
    "model": {"format": "pytorch", "uri": "./model"},
    "image": {"requirements": "requirements.txt"},
}
_RELAXED = settings(
    deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture], max_examples=60
)

_texts = st.sampled_from(_HOSTILE)
_numbers = st.sampled_from((0, 1, -1, 8080, 8081, 65535, 65536, 2**31, 10**30, 0.5, -0.0, 1e308))
_garbage = st.recursive(
    st.none() | st.booleans() | _numbers | _texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_texts, inner, max_size=3),
    max_leaves=4,
)


def _value(annotation: Any) -> st.SearchStrategy[Any]:
    """Values of a field's type, hostile ones among them."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return _block(annotation)
    if origin is Annotated:
        return _value(arguments[0])
    if origin is Literal:
        return st.sampled_from(arguments)
    if origin in (Union, types.UnionType):
        return st.one_of(*(_value(argument) for argument in arguments))
    if origin is tuple:
        return st.lists(_value(arguments[0]), max_size=3)
    if origin is dict:
        return st.dictionaries(_texts | st.sampled_from(("A", "b")), _value(arguments[1]), max_size=2)
    known = {str: _texts, int: _numbers, float: _numbers, bool: st.booleans(), type(None): st.none()}
    return known.get(annotation, _garbage)


def _field(field: FieldInfo) -> st.SearchStrategy[Any]:
    # Mostly what a person would write: a spec with twenty mistakes never gets as far as an output.
    good = [st.sampled_from(field.examples)] * 6 if field.examples else []
    return st.one_of(*good, *[_value(field.annotation)] * 4, _garbage)


def _block(model: type[BaseModel]) -> st.SearchStrategy[dict[str, Any]]:
    required = {name: _field(field) for name, field in model.model_fields.items() if field.is_required()}
    optional = {name: _field(field) for name, field in model.model_fields.items() if not field.is_required()}
    return st.fixed_dictionaries(required, optional=optional)


@st.composite
def _specs(draw: st.DrawFn) -> str:
    """A sound spec with a few of its fields drawn anew, as JSON, which is YAML too."""
    names = [name for name in Spec.model_fields if name not in ("apiVersion", "targets")]
    spec = dict(_GOOD)
    for name in draw(st.lists(st.sampled_from(names), max_size=4, unique=True)):
        drawn = draw(_field(Spec.model_fields[name]))
        merge = isinstance(drawn, dict) and isinstance(spec.get(name), dict)
        spec[name] = {**spec[name], **drawn} if merge else drawn
    if draw(st.booleans()):
        blocks = {name: _block(target.options) | st.none() for name, target in TARGETS.items()}
        spec["targets"] = draw(st.fixed_dictionaries({}, optional=blocks))
    return json.dumps(spec, ensure_ascii=False, indent=1)


@st.composite
def _variants(draw: st.DrawFn) -> str:
    """A spec with variants, each of which says a few fields of its blocks anew."""
    names = draw(st.lists(_texts | st.sampled_from(("current", "next", "trial")), min_size=1, max_size=3, unique=True))
    blocks = {name: st.sampled_from(list(_fields_of(Spec.model_fields[name]))) for name in OVERLAID}
    items: list[dict[str, Any]] = []
    for index, name in enumerate(names):
        said = {block: dict([draw(field)]) for block, field in blocks.items() if draw(st.booleans())}
        items.append(
            {"name": name, "shadow": True} if index == 2 else {"name": name, "weight": 100 // min(len(names), 2)}
        )
        items[-1] |= {block: {key: draw(values) for key, values in given.items()} for block, given in said.items()}
    spec = {**_GOOD, "model": {"format": "onnx", "uri": "./lookup/a.onnx"}, "variants": items}
    return json.dumps(spec, ensure_ascii=False, indent=1)


def _fields_of(block: FieldInfo) -> Iterator[tuple[str, st.SearchStrategy[Any]]]:
    (model,) = (item for item in (block.annotation,) if isinstance(item, type) and issubclass(item, BaseModel))
    yield from ((name, _field(field)) for name, field in model.model_fields.items())


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with the files that the examples of the fields name."""
    names = ("handler.py", "index_to_name.json", "lookup/a.csv", "lookup/a.onnx", "wheels/README.md")
    more: Mapping[str, str | bytes] = dict.fromkeys(names, "x = 1\n")
    return write(tmp_path_factory.mktemp("project"), files={**FILES, **more})


def _analyse(project: Path, spec: str) -> Analyses:
    return analyse_everywhere(spec.encode(), World(lambda wanted: gather(project, wanted), TODAY))


def _holds(found: Analyses) -> None:
    """Findings can be shown, and what has none of them can be made."""
    for format_ in ("text", "concise", "json"):
        assert isinstance(render(format_, found.findings, Options(color=False, width=100)), str)
    errors = sum(item.report.errors for item in found.findings)
    assert found.ok is (not errors and all(analysis.deployment is not None for analysis in found.each))
    event("makes an output" if found.ok else "has errors")
    for analysis in found.each if found.ok else ():
        assert made(analysis) == made(analysis)


@given(spec=_specs())
@_RELAXED
def test_any_spec(project: Path, spec: str) -> None:
    """A spec of any fields with any values is refused with findings, or makes files that read back."""
    _holds(_analyse(project, spec))


@given(spec=_variants())
@_RELAXED
def test_any_variants(project: Path, spec: str) -> None:
    """Variants of any names, with any values in their blocks, are refused, or make files that read back."""
    _holds(_analyse(project, spec))


@given(value=_garbage)
@_RELAXED
def test_any_value(project: Path, value: object) -> None:
    """A spec that is nothing like one is refused."""
    analysis = _analyse(project, json.dumps(value, ensure_ascii=False))
    assert not analysis.ok
    _holds(analysis)


@given(text=st.text(st.sampled_from("{}[]:,-#&*!|>'\"%@` \n\ta1é"), max_size=30))
@_RELAXED
def test_any_text(project: Path, text: str) -> None:
    """Text of any kind behind a sound spec is refused, or changes nothing for the worse."""
    _holds(_analyse(project, (project / "serving.yaml").read_text() + text))


@pytest.mark.parametrize("specs", [_specs(), _variants()], ids=["any", "variants"])
def test_some_specs_get_through(project: Path, specs: st.SearchStrategy[str]) -> None:
    """The strategy draws specs that make an output, else the property would say nothing of the makers."""
    outcomes: list[bool] = []

    @given(spec=specs)
    @settings(_RELAXED, database=None, derandomize=True)
    def draw(spec: str) -> None:
        outcomes.append(_analyse(project, spec).ok)

    draw()
    assert sum(outcomes) > 5, outcomes
