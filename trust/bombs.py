"""Bombs: texts that are made to exhaust whoever reads them, refused at a place before a person would notice."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator, Mapping, Sequence

from servespec.diagnostics.formats import Options, render
from servespec.diagnostics.locate import locate
from servespec.facts import Facts
from servespec.pipeline import File, Texts, World, analyse
from trust.rows import Row, Scale

_LIMIT = 0.1
"""Seconds of processor time from the bytes to the words that a person reads."""
_TRIES = 3
"""The quickest counts: what else the machine does costs processor time too, by its caches."""
_GARBAGE = 100_000
"""Objects that are made before garbage is looked for, as `servespec` itself has it."""
_SPEC = "serving.yaml"
_HEAD = b"apiVersion: servespec/v1\nname: fraud-detector\npattern: realtime\nmodel: {format: onnx, uri: ./m.onnx}\n"
_LAUGHS = b"".join(b"%c: &%c [*%c,*%c,*%c]\n" % (n, n, n - 1, n - 1, n - 1) for n in range(ord("b"), ord("z")))
_MANY = 1_000_000

BOMBS: Mapping[str, Sequence[bytes]] = {
    "laughs": (
        b"a: &a [x, x]\n" + _LAUGHS,
        b"a: &a {k: v}\n" + b"b: {<<: [*a, *a, *a]}\n" * 20_000,
        b"a: &a [*a]\n",
        b"a: &a [x]\n" + b"b: *a\n" * 100_000,
        b"".join(b"a%d: &a%d [*a%d, *a%d]\n" % (n, n, n - 1, n - 1) for n in range(30_000)),
    ),
    "depth": (
        b"[" * _MANY,
        b"{a: " * 200_000,
        b"{{" * 500_000,
        b"- " * 500_000,
        b"? " * 500_000,
        b"a: " + b"[" * _MANY + b"]" * 10,
        b"".join(b" " * n + b"a:\n" for n in range(1_400)),
        b"a: !x " + b"[!x " * 200_000,
    ),
    "size": (
        _HEAD + b"#" * (50 << 20),
        _HEAD + b"description: '" + b"x" * (1 << 20) + b"'\n",
        b"\0" * (2 << 20),
        b"\n" * (1 << 20) + b"a",
        b"- x\n" * 260_000,
        b"a: 'x\n" * 150_000,
    ),
    "keys": (
        b"".join(b"k%d: 1\n" % n for n in range(_MANY)),
        b"".join(b"%x: \n" % n for n in range(150_000)),
        b"{" + b"a,a:," * 200_000 + b"}",
        b"1:\n" * 300_000,
        _HEAD + b"labels: {" + b"".join(b"k%d: 1," % n for n in range(9_000)) + b"}\n",
        _HEAD + b"labels: {" + b"".join(b"'k %d': a," % n for n in range(9_000)) + b"}\n",
        _HEAD + b"".join(b"k%d: 1\n" % n for n in range(9_000)),
        _HEAD + b"".join(b"k%d: a\n" % n for n in range(9_000)),
        _HEAD + b"".join(b"k%d:\n" % n for n in range(9_000)),
        _HEAD + b"targets: {" + b"".join(b"k%d: ," % n for n in range(9_000)) + b"}\n",
        _HEAD + b"environments: {" + b"".join(b"e%d: {}," % n for n in range(6_000)) + b"}\n",
        _HEAD + b"examples: [" + b"{}," * 9_000 + b"]\n",
        _HEAD + b"suppress: [" + b"{rule: x, reason: y}," * 3_000 + b"]\n",
        _HEAD + b"runtime: {env: {" + b"".join(b"'k %d': 1," % n for n in range(9_000)) + b"}}\n",
        _HEAD + b"variants: [" + b"".join(b"{name: v%d, weight: 1}," % n for n in range(3_000)) + b"]\n",
        _HEAD + b"connections: [" + b"{name: x, type: s3}," * 3_000 + b"]\n",
    ),
    "scalars": (
        b"a: " + b"9" * _MANY,
        b"a: 1e" + b"9" * _MANY,
        b"a: " + b"1:" * 500_000 + b"x",
        b"a: 0x" + b"f" * _MANY,
        b"a: " + b"1_" * 500_000,
        b"!" * _MANY,
        b"&" * _MANY,
        b"%" * _MANY,
        b"a: \"" + b"\\n" * 500_000,
        b"\xe2\x80\xa8" * 300_000,
        b"\x00\x01a" * 300_000,
        b"\xff" * _MANY,
        b"a: {{ " * 150_000,
        _HEAD + b"image: {base: " + b"a/" * 400_000 + b"}\n",
        _HEAD + b"release: '" + b"1." * 400_000 + b"'\n",
        _HEAD + b"batch: {schedule: '" + b"1," * 400_000 + b"1 * * * *'}\n",
    ),
}  # fmt: skip
"""By what they exhaust, texts none of which may be compiled."""


def run(scale: Scale) -> Iterator[Row]:
    """A row for each kind of bomb, all of which are small enough to be tried at any scale."""
    limit = _LIMIT * scale.of(3, 1)  # a little is tried where much else runs
    threshold = gc.get_threshold()
    gc.set_threshold(_GARBAGE)
    try:
        _told(_HEAD, limit)  # what is loaded once is not what a bomb costs
        for kind, texts in BOMBS.items():
            yield _row(kind, texts, limit)
    finally:
        gc.set_threshold(*threshold)


def _row(kind: str, texts: Sequence[bytes], limit: float) -> Row:
    began = time.monotonic()
    told = [_told(data, limit) for data in texts]
    known = zip(texts, told, strict=True)
    wrong = tuple(f"{data[:60]!r}, {len(data):,} bytes: {what}" for data, (_, what) in known if what)
    slowest = max(seconds for seconds, _ in told)
    tried = f"{len(texts)} texts, at most {slowest * 1000:.0f} ms each"
    return Row(f"{kind}: refused at a place within 100 ms", tried, len(wrong), 0, time.monotonic() - began, wrong)


def _told(data: bytes, limit: float) -> tuple[float, str]:
    """The least time of some tries, and what is wrong with what is told in the end."""
    seconds = limit + 1
    for _ in range(_TRIES):
        if seconds <= limit / 2:
            break
        took, wrong = _once(data)
        seconds = min(seconds, took)
    return seconds, wrong or (f"took {seconds * 1000:.0f} ms" if seconds > limit else "")


def _once(data: bytes) -> tuple[float, str]:
    """The processor time until a person can read what is wrong with a text; and what is not as it should be."""
    began = time.process_time()
    found = analyse(Texts(File(_SPEC, data)), World(lambda wanted: Facts(), "2026-11-23"))
    render("text", found.findings, Options(color=False, width=100))
    seconds = time.process_time() - began
    places = [item.primary for item in locate(found.findings)]
    refused = not found.ok and all(place.path == _SPEC for place in places)
    return seconds, "" if refused else "not refused at a place"
