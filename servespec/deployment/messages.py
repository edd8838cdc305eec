"""What `resolve` can say: one function a code, whose docstring is the code's manual page."""

from __future__ import annotations

from collections.abc import Sequence

from servespec.diagnostics.fixes import instead, respelt
from servespec.diagnostics.suggest import closest, one_of
from servespec.diagnostics.types import Diagnostic, Label, Part, error, warning
from servespec.diagnostics.wording import shown
from servespec.spans import Route, dotted


def invalid_duration(route: Route, found: str) -> Diagnostic:
    """A span of time has no unit, or is not one.

    Units are `ms`, `s`, `m` and `h`; a number alone would be guessed differently by every reader.

    Bad:
    ```yaml
    runtime: {timeouts: {request: "30"}}
    ```
    Good:
    ```yaml
    runtime: {timeouts: {request: 30s}}
    ```
    """
    from servespec.deployment import nearly  # start-up: only for a mistake

    near = nearly.time(found)
    return error(
        "invalid-duration",
        f"`{dotted(route[-1:])}` is not a span of time",
        Label(route, "a number with a unit is expected"),
        help=f"did you mean `{near}`?" if near else "write a number with `ms`, `s`, `m` or `h`, as in `30s`",
        fix=instead(route, of=found, write=near) if near else None,
    )


def invalid_quantity(route: Route, found: str, *, example: str) -> Diagnostic:
    """An amount of CPU or memory is not a Kubernetes quantity.

    Bad:
    ```yaml
    resources: {requests: {memory: 1GB}}
    ```
    Good:
    ```yaml
    resources: {requests: {memory: 1Gi}}
    ```
    """
    from servespec.deployment import nearly  # start-up: only for a mistake

    meant = nearly.cores(found) if str(route[-1]).endswith("cpu") else nearly.memory(found)
    # A number needs quotes, and a fix does not know which are there.
    sure = len(meant) == 1 and not meant[0].isdecimal()
    return error(
        "invalid-quantity",
        f"`{dotted(route[-1:])}` is not a quantity",
        Label(route, "not a Kubernetes quantity"),
        help=_amount(meant) or f"write a quantity such as `{example}`",
        fix=instead(route, of=found, write=meant[0]) if sure else None,
    )


def _amount(meant: Sequence[str]) -> str:
    """The question whether one of these was meant; nothing when there is none."""
    match meant:
        case (one,):
            return f'did you mean `"{one}"`?' if one.isdecimal() else f"did you mean `{one}`?"
        case (two, ten):
            return f"did you mean `{two}`, or `{ten}` in powers of ten?"
    return ""


def unfit_base(base: str) -> Diagnostic:
    """By its name, the base image is not Debian.

    The Dockerfile installs packages with `apt-get`, and wheels that are built for glibc: Alpine has neither, and images
    of Red Hat's family have other packages. Without a shell nothing can be installed at all.

    Bad:
    ```yaml
    image: {base: "python:3.11-alpine"}
    ```
    Good:
    ```yaml
    image: {base: "python:3.11-slim-bookworm"}
    ```
    """
    return warning(
        "unfit-base",
        f"{shown(base)} is not Debian with Python",
        Label(("image", "base"), "the name says that it is another system"),
        help="start from one as `python:3.11-slim-bookworm`; if this is one, accept it in `suppress` with a reason",
    )


def invalid_image(route: Route) -> Diagnostic:
    """The name of an image is not one that a registry would take.

    Upper-case letters are allowed in tags only; a digest is `sha256:` and 64 hexadecimal digits.

    Bad:
    ```yaml
    image: {base: "Python:3.11"}
    ```
    Good:
    ```yaml
    image: {base: "python:3.11-slim-bookworm"}
    ```
    """
    return error(
        "invalid-image",
        f"`{dotted(route[-1:])}` is not an image reference",
        Label(route, "not `repository[:tag][@sha256:digest]`"),
        help="write it as in `registry.example.com/team/name`",
    )


def tagged_repository(route: Route, repository: str) -> Diagnostic:
    """Where the image is kept is said with a tag, or with a digest.

    The tag is `release` and a digest of what the image is made of, so that a tag never means two images.

    Bad:
    ```yaml
    image: {repository: "registry.example.com/ml/fraud-detector:1.4.0"}
    ```
    Good:
    ```yaml
    release: 1.4.0
    image: {repository: "registry.example.com/ml/fraud-detector"}
    ```
    """
    return error(
        "tagged-repository",
        "`repository` has a tag or a digest of its own",
        Label(route, "would not be used"),
        help=f"write {shown(repository, 80)}; `release` is the version in the tag",
    )


def outside_mirror(route: Route, found: str | None, *, known: Sequence[str], needed: Sequence[str] = ()) -> Diagnostic:
    """An image or a package comes from where the root file has no mirror of.

    With `mirrors.images` in `servespec.yaml` every base image comes from a registry that is named there; with
    `mirrors.pip` every Python package comes from that index. Debian's packages need a mirror then too, those of
    `image.systemPackages` and those that a server or the library of a model's format needs: `mirrors.apt` names the
    host that apt asks in the image. An image whose apt would ask a host that is left out is not built.

    Bad:
    ```yaml
    image: {base: "quay.io/team/python:3.11"}   # with mirrors of docker.io alone
    ```
    Good:
    ```yaml
    image: {base: "python:3.11-slim-bookworm"}
    ```
    """
    needs = f"its image needs {', '.join(needed)}; " if needed else ""
    if found is None:
        help_ = "name a mirror of the host that apt asks in the image, under `mirrors.apt` in the root file"
    else:
        help_ = (f"use {one_of(known)}, or " if known else "") + "name a mirror of it under `mirrors` in the root file"
    return error(
        "outside-mirror",
        f"{shown(found)} has no mirror" if found is not None else "Debian's packages have no mirror",
        Label(route, f"{needs}with mirrors, nothing is fetched from elsewhere"),
        help=help_,
    )


def undescribed_platform(route: Route, name: str, *, known: Sequence[str]) -> Diagnostic:
    """A spec is for a cluster that the root file does not describe.

    What is compiled depends on the versions of what is on it, which `platforms` in `servespec.yaml` says.

    Bad:
    ```yaml
    platform: production   # without `platforms: {production: {kubernetes: "1.34"}}` in servespec.yaml
    ```
    Good:
    ```yaml
    scaling: {replicas: 2}   # without `platform`: for any cluster
    ```
    """
    near = closest(name, known)
    return error(
        "undescribed-platform",
        f"there is no platform {shown(name)}",
        Label(route, "not among the `platforms` of the root file"),
        help=f"did you mean `{near}`?" if near else "describe it in `servespec.yaml`, or leave `platform` out",
        fix=respelt(route, name, known),
    )


def no_targets() -> Diagnostic:
    """A spec names no target, so that nothing is made of it.

    Without `targets`, or with `targets:` alone, it is compiled to the usual ones of its pattern and its server.

    Bad:
    ```yaml
    targets: {}
    ```
    Good:
    ```yaml
    targets: {docker: {}, compose: {}}
    ```
    """
    return warning(
        "no-targets",
        "this spec is compiled to nothing",
        Label(("targets",), "names none", Part.KEY),
        help="name some, as in `targets: {docker: {}, compose: {}}`, or take it out for the usual ones",
    )
