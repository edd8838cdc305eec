"""The page of all that a lock says."""

from __future__ import annotations

from servespec.dev.json_schema import json_schema
from servespec.dev.schema import described, ordered
from servespec.reference.fields import fields
from servespec.reference.markdown import code, derived, table
from servespec.spec.lockfile import LockFile

_HEAD = ("field", "type", "description")
_ABOUT = """\
# The fields of serving.lock

`servespec lock` writes it beside a spec, `serving.lock` for `serving.yaml`; nobody else needs to. Paths are dotted, and
`*` stands for a name: an image, a path, an address, an environment. Of a spec with environments each has its own part
below `environments`, and nothing stands above that.

With it `build` and `validate` take nothing for granted that may be something else tomorrow. What it is missing, or has
otherwise, is a warning ([`not-locked`](diagnostics.md#not-locked), [`stale-lock`](diagnostics.md#stale-lock)), and with
`--locked` an error; a model whose bytes are others always is one ([`changed-model`](diagnostics.md#changed-model)).
"""


def text() -> str:
    """The page: a table of the fields."""
    whole = json_schema(LockFile)
    definitions = whole.pop("$defs")
    known = fields(ordered(described(whole, definitions, name="LockFile")))
    own = (field for path, field in known.items() if not path.startswith("environments."))
    rows = ((code(field.path), field.type, field.description) for field in own)
    return "\n".join([derived("servespec/spec/lockfile.py"), _ABOUT, table(_HEAD, rows)])
