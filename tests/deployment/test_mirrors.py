"""Images by the names under which mirrors have them."""

from __future__ import annotations

import pytest

from servespec.deployment.images import ImageReference
from servespec.deployment.mirrors import mirrored
from servespec.deployment.types import NO_MIRRORS, Mirrors

_MIRRORS = Mirrors({"docker.io": "mirror.example.com/hub", "ghcr.io": "ghcr.io"}, None, {})


@pytest.mark.parametrize(
    ("name", "there"),
    [
        ("python:3.11", "mirror.example.com/hub/library/python:3.11"),
        ("team/python", "mirror.example.com/hub/team/python"),
        ("docker.io/team/python:1", "mirror.example.com/hub/team/python:1"),
        ("python@sha256:" + "0" * 64, "mirror.example.com/hub/library/python@sha256:" + "0" * 64),
        ("mirror.example.com/hub/library/python:3.11", "mirror.example.com/hub/library/python:3.11"),
        ("ghcr.io/team/a:1", "ghcr.io/team/a:1"),
        ("quay.io/team/a:1", "quay.io/team/a:1"),
        ("localhost:5000/a", "localhost:5000/a"),
    ],
)
def test_where_an_image_is(name: str, there: str) -> None:
    """Docker Hub's short names are spelt out; what has no mirror, or is in one, stays as it is."""
    image = ImageReference.of(name)
    assert str(mirrored(image, _MIRRORS)) == there
    assert mirrored(ImageReference.of(there), _MIRRORS) == ImageReference.of(there)
    assert mirrored(image, NO_MIRRORS) == image
