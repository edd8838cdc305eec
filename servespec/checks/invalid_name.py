"""A name is not one that every place it goes to would take.

`name` becomes a folder, a Compose project, a part of the image's name and, on Kubernetes, the name of objects: an
RFC 1123 label is what all of them take. `model.name` stands in the address that clients call and in the name of the
archive: letters, digits, `.`, `_` and `-`. Names that Windows keeps for devices can't be checked out there. The name of
a variant joins that of the service: both with a `-` between them are a label too. What a pattern runs, and what stands
before the variants, have their own names already.

Bad:
```yaml
name: Fraud_Detector
```
Good:
```yaml
name: fraud-detector
```
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from servespec.checks.wording import shown, typed
from servespec.deployment.names import as_label, is_label
from servespec.deployment.types import Deployment
from servespec.deployment.workloads import BATCH, REALTIME, STREAMING
from servespec.diagnostics.types import Diagnostic, Label, Severity, error
from servespec.facts import Facts
from servespec.spans import Route

CODE = "invalid-name"
SEVERITY = Severity.ERROR

# torch-model-archiver refuses any other (model_packaging_utils.py); a dot at the end is lost on Windows.
_MODEL_NAME = r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,126}[A-Za-z0-9_-])?"
# https://learn.microsoft.com/windows/win32/fileio/naming-a-file (read 2026-11)
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?", re.ASCII | re.IGNORECASE)


_LONGEST = "-topics-" + 12 * "0"
"""What a name gets behind it at the most: the Job of a stream is called after its image too."""
_TAKEN = (REALTIME, BATCH, STREAMING, "proxy")


def check(deployment: Deployment, facts: Facts) -> Iterator[Diagnostic]:
    """What is wrong with `name`, `model.name` and the names of variants."""
    name, model = deployment.name, deployment.model.name
    for index, variant in enumerate(deployment.variants):
        yield from _of_variant(variant.name, ("variants", index, "name"), service=name)
    if _DEVICE.fullmatch(name):
        yield _device(("name",), name)
    elif not is_label(name):
        yield _no_label(name)
    elif deployment.streaming and not is_label(f"{name}{_LONGEST}"):
        yield _too_long_for_workers(f"{name}{_LONGEST}")
    if model == name:
        return
    if _DEVICE.fullmatch(model):
        yield _device(("model", "name"), model)
    elif not re.fullmatch(_MODEL_NAME, model):
        yield _no_model_name(model)


def _of_variant(name: str, route: Route, *, service: str) -> Iterator[Diagnostic]:
    if _DEVICE.fullmatch(name):
        yield _device(route, name)
    elif name in _TAKEN:
        yield _taken(route, name)
    elif not is_label(name):
        yield _no_variant_name(route, name)
    elif is_label(service) and not is_label(f"{service}-{name}"):
        yield _too_long(route, f"{service}-{name}")


def _taken(route: Route, name: str) -> Diagnostic:
    return error(
        CODE,
        f"{shown(name)} can't be the name of a variant",
        Label(route, "another container has this name already"),
        help="name it after what it is, such as `current` or `candidate`",
    )


def _no_variant_name(route: Route, name: str) -> Diagnostic:
    near = typed(as_label(name))
    return error(
        CODE,
        f"{shown(name)} can't be the name of a variant",
        Label(route, "at most 63 of `a-z`, `0-9` and inner `-`"),
        help=f"write `{near}`" if near else "write a name such as `candidate`",
    )


def _too_long(route: Route, whole: str) -> Diagnostic:
    return error(
        CODE,
        "the names of service and variant are too long",
        Label(route, f"together they have {len(whole)} characters, 63 are allowed"),
        Label(("name",), "with this before it"),
        help="shorten one of them",
    )


def _too_long_for_workers(whole: str) -> Diagnostic:
    return error(
        CODE,
        "the name of the service is too long for its workers",
        Label(("name",), f"with its suffix it has {len(whole)} characters, 63 are allowed"),
        help="shorten it",
    )


def _no_label(name: str) -> Diagnostic:
    near = typed(as_label(name))
    return error(
        CODE,
        f"{shown(name)} can't be the name of a service",
        Label(("name",), "at most 63 of `a-z`, `0-9` and inner `-`"),
        help=f"write `{near}`" if near else "write a name such as `fraud-detector`",
    )


def _no_model_name(name: str) -> Diagnostic:
    near = typed(re.sub(r"[^A-Za-z0-9._-]+", "_", name).strip("._-"))
    return error(
        CODE,
        f"{shown(name)} can't be the name of a model",
        Label(("model", "name"), "letters, digits, `.`, `_` and `-`, and a letter or digit first"),
        help=f"write `{near}`" if near else "write a name such as `fraud_detector`",
    )


def _device(route: Route, name: str) -> Diagnostic:
    return error(
        CODE,
        f"{shown(name)} is the name of a device on Windows",
        Label(route, "no file or folder there can be called so"),
        help=f"write `{name[:4].partition('.')[0]}-model`",
    )
