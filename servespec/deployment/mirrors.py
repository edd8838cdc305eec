"""Images by the names under which a mirror has them, and by their digests where a lock has those.

Names without a registry are those of Docker Hub, official images in `library`:
https://pkg.go.dev/github.com/distribution/reference (read 2026-11).
"""

from __future__ import annotations

from collections.abc import Sequence

from servespec.deployment import messages
from servespec.deployment.images import ImageReference
from servespec.deployment.reading import Reader
from servespec.deployment.types import Deployment, Index, Mirrors
from servespec.records import replace
from servespec.spec import image as spec

HUB = "docker.io"
# https://pip.pypa.io/en/stable/cli/pip_install/#cmdoption-i (read 2026-11): what pip asks when nothing is said.
_PYPI = ("https://pypi.org/simple", "https://pypi.org/simple/")


def registry_of(repository: str) -> tuple[str, str]:
    """The registry of a repository, and the path in it."""
    first, slash, rest = repository.partition("/")
    if slash and ("." in first or ":" in first or first == "localhost"):
        return first, rest
    return HUB, repository if slash else f"library/{repository}"


def mirrored(image: ImageReference, mirrors: Mirrors) -> ImageReference:
    """The image where its mirror has it; as it is when its registry has none, or when it is in a mirror already."""
    registry, path = registry_of(image.repository)
    if registry not in mirrors.images or is_inside(image, mirrors):
        return image
    return replace(image, repository=f"{mirrors.images[registry]}/{path}")


def place_of(image: str, deployment: Deployment) -> str:
    """Where an image is that a fact names."""
    return str(placed(ImageReference.of(image), deployment))


def placed(image: ImageReference, deployment: Deployment) -> ImageReference:
    """An image that others made, as what is emitted names it: where its mirror has it, by the digest of the lock."""
    found = mirrored(image, deployment.mirrors)
    return found if found.digest else replace(found, digest=deployment.digests.get(str(found)))


def is_inside(image: ImageReference, mirrors: Mirrors) -> bool:
    """Whether an image is in one of the mirrors."""
    return any(image.repository.startswith(f"{place.rstrip('/')}/") for place in mirrors.images.values())


def mirrored_base(reader: Reader, image: ImageReference, mirrors: Mirrors) -> ImageReference:
    """What an image starts from, where its mirror has it; a finding when there are mirrors and none is for it."""
    registry = registry_of(image.repository)[0]
    if mirrors.images and registry not in mirrors.images and not is_inside(image, mirrors):
        reader.found.append(messages.outside_mirror(("image", "base"), registry, known=tuple(mirrors.images)))
    return mirrored(image, mirrors)


def mirrored_indexes(reader: Reader, given: Sequence[spec.Index], mirrors: Mirrors) -> tuple[Index, ...]:
    """The package indexes of an image: where PyPI has a mirror, that alone, and a finding for each other one."""
    if mirrors.pip is None:
        return tuple(Index(index.url, index.secret) for index in given)
    for number, index in enumerate(given):
        if index.url not in (*_PYPI, mirrors.pip.url):
            route = ("image", "indexes", number, "url")
            reader.found.append(messages.outside_mirror(route, index.url, known=(mirrors.pip.url,)))
    return (mirrors.pip,)
