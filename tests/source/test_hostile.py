"""Whatever the bytes are: no exception, no crash, no waiting."""

from __future__ import annotations

import time

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from servespec.diagnostics.types import Findings
from servespec.source import events, load

SPEC = b"""\
# the spec
apiVersion: servespec/v1
name: "fraud-detector"
pattern: realtime
model: {format: onnx, uri: ./model.onnx, extra: [a, 'b']}
image:
  env:
    - {name: A, value: "x\\ty"}
    - name: B
      value: |
        two
        lines
resources:
  requests: {cpu: 0.5, memory: 1.5Gi}   # sizes
batch:
  input: s3://bucket/{interval.start:%Y-%m-%d}/x.csv
"""
PIECES = [b"&a ", b"*a", b"<<: ", b"!!str ", b"{{ x }}", b"\t", b"'", b'"', b"[", b"}", b": ", b"- ", b"|",
          b">", b"%", b"\xff", b"\0", b"\r", b"\n", b"---\n", b"? ", b"\\", b"\xe2\x80\xa8", b"@",
          b"9" * 400, b"{", b"#", b"\n\n  "]  # fmt: skip


def check(data: bytes) -> Findings:
    """A finding's place is inside the file, its headline short, and no value means that something was found."""
    found = load("serving.yaml", data)
    size = len(found.document.texts["serving.yaml"].content)
    for item in found.report.diagnostics:
        assert len(item.headline) <= 60
        for label in item.labels:
            span = label.span(found.document)
            assert 0 <= span.start <= span.end <= size
    assert found.report.diagnostics or isinstance(found.document.value, dict)
    assert len(found.report.diagnostics) == len(set(found.report.diagnostics))
    return found


@given(st.binary(max_size=300))
def test_any_bytes(data: bytes) -> None:
    """Arbitrary bytes are answered with findings."""
    check(data)


@given(st.text(max_size=200))
def test_any_text(text: str) -> None:
    """Arbitrary text too, with lone surrogates and all."""
    check(text.encode("utf-8", "surrogatepass"))


@given(st.lists(st.sampled_from(PIECES) | st.sampled_from([b"a", b"b: ", b"1", b" ", b"  "]), max_size=30))
def test_any_yaml_like_text(pieces: list[bytes]) -> None:
    """And text made of nothing but what YAML gives a meaning to."""
    check(b"".join(pieces))


MUTATIONS = st.lists(
    st.tuples(st.integers(0, len(SPEC)), st.integers(0, 12), st.sampled_from([b"", *PIECES])), max_size=4
)


@given(MUTATIONS)
def test_mutations_of_a_good_spec(changes: list[tuple[int, int, bytes]]) -> None:
    """A good spec with pieces cut out and others put in."""
    data = SPEC
    for at, length, piece in changes:
        data = data[:at] + piece + data[at + length :]
    check(data)


@given(MUTATIONS)
def test_mutations_without_libyaml(changes: list[tuple[int, int, bytes]]) -> None:
    """The same where PyYAML came without its C library."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(events, "_Parser", yaml.SafeLoader)
        test_mutations_of_a_good_spec.hypothesis.inner_test(changes)  # type: ignore[attr-defined]


def test_the_good_spec_is_good() -> None:
    """What is mutated above has no mistakes, with either parser the same places."""
    fast = check(SPEC)
    assert fast.report.diagnostics == ()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(events, "_Parser", yaml.SafeLoader)
        slow = check(SPEC)
    assert (slow.document.value, dict(slow.document.where)) == (fast.document.value, dict(fast.document.where))


BOMBS = [
    b"[" * 1_000_000,
    b"{{" * 500_000,
    b"- " * 500_000,
    b"? " * 500_000,
    b"a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\n" * 20_000,
    b"a: [" + b"1," * 500_000 + b"]",
    b"a: 'x\n" * 150_000,
    b"a: [[\n b\n" * 100_000,
    b"1:\n" * 300_000,
    b"a: " + b"9" * 1_000_000,
    b"a: " + b"1:" * 500_000 + b"x",
    b"\xe2\x80\xa8" * 300_000,
    b"\x00\x01a" * 300_000,
    b"!" * 1_000_000,
]


@pytest.mark.parametrize("data", BOMBS, ids=lambda data: repr(data[:8]))
def test_a_bomb_is_answered_at_once(data: bytes) -> None:
    """A file that is made to exhaust a reader costs less than it takes to notice, with a wide margin."""
    started = time.process_time()
    check(data)
    assert time.process_time() - started < 5


@pytest.mark.parametrize("text", ["a: !%ED%A0%80 x\n", 'a: "\\UFFFFFFFF"\n', "a: !%C0%AF x\n"])
def test_what_the_parser_does_not_call_an_error(text: str) -> None:
    """Inputs for which PyYAML lets other exceptions escape are findings like any other."""
    for parser in (events._Parser, yaml.SafeLoader):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(events, "_Parser", parser)
            assert check(text.encode()).report.errors == 1
