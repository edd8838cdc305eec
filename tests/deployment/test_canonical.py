"""The deployment as JSON, and its digest: the same for every way to write the same spec."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from pathlib import Path

import pytest

from servespec.deployment.canonical import as_data, digest
from servespec.deployment.durations import Duration
from servespec.deployment.types import Deployment
from tests.projects import SPEC, analyse, write

_GOLDEN = Path(__file__).parents[1] / "golden"

_ONE = f"""{SPEC}labels: {{a: "1", b: "2"}}
runtime:
  env: {{A: x, B: y}}
  timeouts: {{request: 60s, startup: 2m}}
resources: {{requests: {{cpu: 500m, memory: 1Gi}}}}
"""
_SAME = """# Another author, the same service.
"resources": {"requests": {"memory": "1024Mi", "cpu": "0.5"}}
runtime:
    timeouts:
        startup: 120s     # two minutes
        request: 1m
    env:
        B: "y"
        A: 'x'
labels:
  b: "2"
  a: "1"
image:
  requirements: ./requirements.txt
model:
  uri: model/
  format: "pytorch"
pattern: [realtime]
name: "fraud-detector"
apiVersion: servespec/v1
"""


def _meant(project: Path, text: str) -> Deployment:
    deployment = analyse(project, text).deployment
    assert deployment is not None
    return deployment


def test_the_digest_is_of_the_meaning(tmp_path: Path) -> None:
    """Order of keys, comments, quotes, layout, and another way to say the same amount change nothing."""
    project = write(tmp_path)
    assert digest(_meant(project, _ONE), {}) == digest(_meant(project, _SAME), {})


@pytest.mark.parametrize(
    ("old", "new"),
    [('b: "2"', 'b: "3"'), ("60s", "61s"), ("500m", "501m"), ("A: x", "C: x"), ("fraud-detector", "fraud-detectors")],
)
def test_the_digest_sees_a_change(tmp_path: Path, old: str, new: str) -> None:
    """One other value is another digest."""
    project = write(tmp_path)
    changed = _ONE.replace(old, new)
    assert changed != _ONE
    assert digest(_meant(project, _ONE), {}) != digest(_meant(project, changed), {})


def test_the_digest_sees_options() -> None:
    """A target's options count, in whatever order they come; no target's options are another's."""
    deployment = analyse(_GOLDEN / "minimal").deployment
    assert deployment is not None
    one = digest(deployment, {"a": {"x": 1, "y": 2}, "b": {}})
    assert digest(deployment, {"b": {}, "a": {"y": 2, "x": 1}}) == one
    assert len({one, digest(deployment, {}), digest(deployment, {"b": {"x": 1, "y": 2}, "a": {}})}) == 3


def test_every_field_is_in_the_digest() -> None:
    """A field that the digest does not see could change without any file being out of date."""
    small, large = (analyse(_GOLDEN / name).deployment for name in ("minimal", "everything"))
    assert small is not None
    assert large is not None
    for field in fields(Deployment):
        one = replace(small, **{field.name: getattr(large, field.name)})
        differs = getattr(small, field.name) != getattr(large, field.name)
        assert (digest(one, {}) != digest(small, {})) is differs, field.name


def test_json_has_the_spec_s_own_words() -> None:
    """A reviewer finds the names and amounts that the spec has, and the order of the deployment's fields."""
    deployment = analyse(_GOLDEN / "everything").deployment
    assert deployment is not None
    data = json.loads(json.dumps(as_data(deployment)))
    assert list(data)[:3] == ["name", "environment", "patterns"]
    assert data["runtime"]["microBatch"] == {"size": 16, "delay": "20ms"}
    assert data["resources"]["limits"]["memory"] == "2560Mi"
    assert data["security"]["readOnlyRootFilesystem"] is False


def test_only_data_is_canonical() -> None:
    """A value that would print by its address, or in any order, is refused rather than digested."""
    assert as_data({"a": (Duration(5), None, 1.5)}) == {"a": ["5ms", None, 1.5]}
    for value in ({1}, object(), b"x"):
        with pytest.raises(TypeError):
            as_data({"a": [value]})
