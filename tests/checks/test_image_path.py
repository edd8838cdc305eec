"""Places of the project's files in an image: none is one where the image's own files go."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import dockerfile as buildkit
import pytest

from servespec import pipeline
from servespec.checks import invalid_image_path
from servespec.deployment.types import CopiedFile, Deployment
from servespec.edge.gather import gather
from servespec.facts import Facts
from servespec.pipeline import File, Texts, World
from servespec.records import replace
from tests.projects import TODAY

_EXAMPLES = Path(__file__).parents[2] / "examples"
_IMAGES = sorted(
    path for path in _EXAMPLES.glob("**/deploy/**/docker/*Dockerfile") if path.name != "fetch.Dockerfile"
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


def _deployment(path: Path) -> Deployment:
    """What a Dockerfile was made of: in `deploy/NAME/docker`, or in that of an environment."""
    output = next(above for above in path.parents if above.name == "deploy")
    project, below = output.parent, path.relative_to(output).parts
    files = {item.name: File(item.name, item.read_bytes()) for item in project.glob("*.yaml")}
    overlays = {name.split(".")[1]: file for name, file in files.items() if re.fullmatch(r"serving\..+\.yaml", name)}
    texts = Texts(files["serving.yaml"], overlays, files.get("servespec.yaml"))
    environment = below[1] if len(below) > 3 else None
    each = pipeline.analyse(texts, World(lambda wanted: gather(project, wanted), TODAY)).each
    (found,) = (item.deployment for item in each if item.environment == environment)
    assert found is not None
    return found


@pytest.mark.parametrize("path", _IMAGES, ids=lambda path: "-".join(path.relative_to(_EXAMPLES).parts))
def test_no_file_of_ours_can_be_written_over(path: Path) -> None:
    """Whatever an emitted Dockerfile fills is refused as the place of a file of the project."""
    deployment = _deployment(path)
    asked = {file.target for file in deployment.image.files}
    for place in [place for place in _filled(path) if place not in asked]:
        files = (CopiedFile("serving.yaml", f"{place.rstrip('/')}/x"),)
        spec = replace(deployment, image=replace(deployment.image, files=files))
        assert [*invalid_image_path.check(spec, Facts({}))], place
