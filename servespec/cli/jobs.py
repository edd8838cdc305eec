"""What `servespec ci` prints: fixed text, in which the specs and the registries stand as values."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from servespec import __version__
from servespec.cli.listing import Built, Listed
from servespec.deployment.images import ImageReference
from servespec.deployment.mirrors import registry_of
from servespec.emit import shell, template
from servespec.emit.jobs import github_expression, github_scalar, scalar, variable
from servespec.emit.template import Slot
from servespec.records import dataclass

_PACKAGE = f"servespec[docker]=={__version__}"

_JOBS_PLATFORM = "linux/amd64"

# The registry that comes with a system, and who a job is there.
_GHCR = {"ghcr.io": ("github.actor", "github.token")}
_GITLAB = {"registry.gitlab.com": ("CI_REGISTRY_USER", "CI_REGISTRY_PASSWORD")}


@dataclass(frozen=True)
class Pipeline:
    """What a pipeline is printed of."""

    paths: Sequence[str]
    """Specs, or folders of specs, from the repository's root."""
    hosts: Sequence[str]
    """The registries that images go to."""
    secrets: Sequence[str]
    """The variables that hand builds their secrets."""
    branch: str
    """The main branch."""


def registries(specs: Iterable[Listed]) -> tuple[str, ...]:
    """The hosts to which the images of the specs go, sorted."""
    return tuple(sorted({_host(image) for spec in specs for image in _kept(spec)}))


def refused(specs: Iterable[Listed]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The specs whose images a job refuses to look for, each with the files that their tags do not follow."""
    for spec in specs:
        if untold := tuple(dict.fromkeys(path for image in _kept(spec) for path in image.untold)):
            yield spec.path, untold


def secrets(specs: Iterable[Listed]) -> tuple[str, ...]:
    """The variables that hand the builds of the kept images their secrets, sorted."""
    return tuple(sorted({name for spec in specs for image in _kept(spec) for name in image.secrets}))


def foreign_platforms(specs: Iterable[Listed]) -> tuple[str, ...]:
    """What the kept images are built for besides what a job runs on, sorted."""
    wanted = {name for spec in specs for image in _kept(spec) for name in image.platforms}
    return tuple(sorted(wanted - {_JOBS_PLATFORM}))


def _kept(spec: Listed) -> Iterator[Built]:
    """The images of a spec that a registry keeps."""
    images = (image for running in spec.each for image in running.images)
    return (image for image in images if not ImageReference.of(image.reference).is_bare)


def _host(image: Built) -> str:
    return registry_of(ImageReference.of(image.reference).repository)[0]


def _logins(
    hosts: Sequence[str], own: Mapping[str, tuple[str, str]], *, kept: str = ""
) -> Iterator[tuple[str, str, str]]:
    """Each host with the names of a user and a password: of the only registry, or of one among several."""
    others = [host for host in hosts if host not in own]
    for host in hosts:
        suffix = f"_{re.sub('[^A-Z0-9]', '_', host.upper())}" if len(others) > 1 else ""
        yield host, *own.get(host, (f"{kept}REGISTRY_USER{suffix}", f"{kept}REGISTRY_PASSWORD{suffix}"))


def _github(asked: Pipeline) -> str:
    slots: dict[str, Slot] = {
        # A filter of branches is a pattern: docs.github.com, "Filter pattern cheat sheet" (read 2026-11).
        "branch": scalar(re.sub(r"[+!*?\[\]]", r"\\\g<0>", asked.branch)),
        "specs": github_scalar("\n".join(asked.paths)),
        "servespec": github_scalar(_PACKAGE),
        "own": any(host in _GHCR for host in asked.hosts),
        "registries": [
            {
                "host": github_scalar(host),
                "user": github_expression(user),
                "password": github_expression(password),
            }
            for host, user, password in _logins(asked.hosts, _GHCR, kept="secrets.")
        ],
        "secrets": [
            {"name": github_scalar(name), "value": github_expression(f"secrets.{name}")} for name in asked.secrets
        ],
    }
    return template.render("ci/github.yml", slots).text


def _gitlab(asked: Pipeline) -> str:  # GitLab knows the main branch itself, and hands secrets to every job
    slots: dict[str, Slot] = {
        "specs": scalar("\n".join(asked.paths)),
        "servespec": scalar(_PACKAGE),
        "registries": [
            {"host": shell.word(host), "user": variable(user), "password": variable(password)}
            for host, user, password in _logins(asked.hosts, _GITLAB)
        ],
    }
    return template.render("ci/gitlab.yml", slots).text


PRINTED: Mapping[str, Callable[[Pipeline], str]] = {"github": _github, "gitlab": _gitlab}
"""The text for each system."""
