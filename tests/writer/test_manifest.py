"""A manifest is believed only when this writer could have written it."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from servespec.writer import MANIFEST, Cause, Refused, apply, plan
from servespec.writer.manifest import Entry, Manifest, parse

SHA = "a" * 64


def forged(files: object, **head: object) -> bytes:
    """A manifest with whatever an enemy, or a merge, put into it."""
    return json.dumps({"servespec": "1", "deployment": SHA, "inputs": SHA, "files": files, **head}).encode()


FORGERIES = [
    b"",
    b"<<<<<<< HEAD\n{}",
    b"\xff\xfe",
    b"[" * 100_000,
    b"[]",
    b"{}",
    forged([]),
    forged({}, deployment=1),
    forged({}, servespec=None),
    *(forged({path: {"sha256": SHA}}) for path in ("/etc/passwd", "../x", "a/../../x", "a\\b", "", MANIFEST, "CON")),
    *(forged({"a": entry}) for entry in (None, SHA, {}, {"sha256": 1}, {"sha256": "AA"})),
    forged({"a": {"sha256": SHA, "fingerprint": 1}}),
]


@pytest.mark.parametrize("data", FORGERIES, ids=range(len(FORGERIES)))
def test_forged_manifest_makes_nothing_ours(lab: SimpleNamespace, out: Path, data: bytes) -> None:
    """With a corrupt or forged manifest every differing file is a conflict, and nothing is touched."""
    apply(plan(lab.tree({"a": "old", "b": "same"}), out))
    (out / "fraud" / MANIFEST).write_bytes(data)
    (out / "x").write_text("outside")
    before = lab.picture(out)
    planned = plan(lab.tree({"a": "new", "b": "same"}), out)
    assert {(file.path, file.cause) for file in planned.conflicts} == {
        ("a", Cause.NOT_OURS),
        (MANIFEST, Cause.EDITED_BY_HAND),
    }
    with pytest.raises(Refused, match=r"fraud/a` was not written by servespec"):
        apply(planned)
    assert lab.picture(out) == before
    apply(planned, force=True)
    assert plan(lab.tree({"a": "new", "b": "same"}), out).up_to_date
    assert (out / "x").read_text() == "outside"


def test_lost_manifest_is_written_again(lab: SimpleNamespace, out: Path) -> None:
    """Without a manifest, files that are as they would be written are adopted."""
    tree = lab.tree({"a": "same"})
    apply(plan(tree, out))
    (out / "fraud" / MANIFEST).unlink()
    assert [(f.path, f.cause) for f in plan(tree, out).changes] == [(MANIFEST, Cause.MISSING)]
    apply(plan(tree, out))
    assert plan(tree, out).up_to_date


def test_manifest_reads_back() -> None:
    """What is rendered is JSON, sorted, and parses to the same record."""
    made = Manifest("1", SHA, SHA, {'ü"': Entry(SHA, "f"), "b": Entry(SHA), "a": Entry(SHA)})
    data = made.render()
    assert parse(data) == made
    assert list(json.loads(data)) == sorted(json.loads(data))
    assert list(json.loads(data)["files"]) == sorted(json.loads(data)["files"])
    assert parse(Manifest("1", SHA, SHA, {}).render()) == Manifest("1", SHA, SHA, {})


def test_a_file_has_one_line_of_the_manifest() -> None:
    """A merge of two builds conflicts in the lines of the files that both made, and shows little else."""
    made = Manifest("1", SHA, SHA, {"b/c": Entry(SHA), "a": Entry("", "f")})
    assert made.render().decode() == (
        "{\n"
        f'  "deployment": "{SHA}",\n'
        '  "files": {\n'
        '    "a": {"fingerprint": "f", "sha256": ""},\n'
        f'    "b/c": {{"sha256": "{SHA}"}}\n'
        "  },\n"
        f'  "inputs": "{SHA}",\n'
        '  "servespec": "1"\n'
        "}\n"
    )


def test_unknown_keys_are_passed_over() -> None:
    """A later version may add to the record without making our files foreign."""
    assert parse(forged({"a": {"sha256": SHA, "more": 1}}, more=1)) == Manifest("1", SHA, SHA, {"a": Entry(SHA)})
