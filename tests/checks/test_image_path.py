"""Places of the project's files in an image: none is one where the image's own files go."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import dockerfile as buildkit
import pytest

from servespec.checks import invalid_image_path
from servespec.deployment.types import CopiedFile
from servespec.facts import Facts
from servespec.records import replace
from tests.projects import analyse

_EXAMPLES = Path(__file__).parents[2] / "examples"
_IMAGES = sorted(
    path for path in _EXAMPLES.glob("*/deploy/*/docker/*Dockerfile") if path.name != "fetch.Dockerfile"
)  # the project's files do not go into the image that fetches models
_ENVIRONMENT = re.compile(r"-m venv --without-pip (\S+)")


def _filled(path: Path) -> Iterator[str]:
    """The places that a Dockerfile fills in the image itself, by BuildKit's parser."""
    found = list(buildkit.parse_file(str(path)))
    last = max(index for index, item in enumerate(found) if item.cmd.upper() == "FROM")
    for item in found[last:]:
        if item.cmd.upper() == "COPY":
            yield item.value[-1]
        elif item.cmd.upper() == "RUN":
            yield from _ENVIRONMENT.findall(item.original)


@pytest.mark.parametrize("path", _IMAGES, ids=lambda path: f"{path.parents[3].name}/{path.name}")
def test_no_file_of_ours_can_be_written_over(path: Path) -> None:
    """Whatever an emitted Dockerfile fills is refused as the place of a file of the project."""
    deployment = analyse(path.parents[3]).deployment
    assert deployment is not None
    asked = {file.target for file in deployment.image.files}
    for place in [place for place in _filled(path) if place not in asked]:
        files = (CopiedFile("serving.yaml", f"{place.rstrip('/')}/x"),)
        spec = replace(deployment, image=replace(deployment.image, files=files))
        assert [*invalid_image_path.check(spec, Facts({}))], place
