"""What is wrong with a SavedModel's versions and their labels."""

from __future__ import annotations

import re
from collections.abc import Iterator

from servespec.deployment.saved_model import is_version, saved_models
from servespec.deployment.types import Deployment
from servespec.diagnostics.suggest import one_of
from servespec.diagnostics.types import Diagnostic, Label, Part, error
from servespec.facts import Facts, Kind
from servespec.runtimes.tf_serving import LABEL
from servespec.spans import Route
from servespec.targets.tf_serving.options import TfServingOptions
from servespec.targets.tf_serving.settings import LATEST, served_versions

_OPTIONS: Route = ("targets", "tf-serving")


def check(deployment: Deployment, options: TfServingOptions, facts: Facts) -> Iterator[Diagnostic]:
    """Each version that is to be served and is not there, and each label that can't be one."""
    model = deployment.model
    served = served_versions(deployment, options)
    found = saved_models(model, facts)
    there = (model.version,) if found.lone else found.versions
    route = (*_OPTIONS, "versions") if options.versions not in ((), LATEST) else ("model", "version")
    known = found.lone or facts.file(model.uri).kind is Kind.FOLDER
    if known and all(map(is_version, served)):
        for version in served:
            if version not in there:
                yield missing_model_version(route, version, there=there, others=found.others)
    for label, number in options.labels.items():
        if not re.fullmatch(LABEL.value, label):
            yield invalid_version_label(label)
        elif str(number) not in served and options.versions != LATEST:
            yield unserved_version(label, number, served=served)


def missing_model_version(route: Route, version: str, *, there: tuple[str, ...], others: tuple[str, ...]) -> Diagnostic:
    """A version that is to be served has no folder.

    TensorFlow Serving loads `FOLDER/1`, `FOLDER/2` and so on: each version of a model is a folder whose name is a whole
    number, and every other one it passes over without a word. The folder of a SavedModel itself, which has
    `saved_model.pb` in it, is one version.

    Bad:
    ```yaml
    model: {format: tensorflow, uri: ./saved, version: "3"}
    ```
    Good:
    ```yaml
    model: {format: tensorflow, uri: ./saved, version: "1"}
    ```
    """
    words = f"there is {one_of(there, 'and')}" if there else "no folder in it is a whole number"
    remedy = (
        f"write {one_of(there)}, or export this version" if there else "export the model into a folder of that name"
    )
    return error(
        "missing-model-version",
        f"version {version} of the model is not there",
        Label(("model", "uri"), words),
        Label(
            route,
            "this version is to be served",
            otherwise=Label(("model",), "version 1 unless it is written", Part.KEY),
        ),
        help=f"rename `{others[0][:40]}` to `{version}`" if others and not there else remedy,
    )


def invalid_version_label(label: str) -> Diagnostic:
    """A label of a version is not letters, digits, `.`, `_`, `~` and `-`.

    It stands in a path, `/v1/models/NAME/labels/LABEL:predict`: TensorFlow Serving finds no end of one with a `/` or a
    `:`, and clients would have to quote others.

    Bad:
    ```yaml
    model: {format: tensorflow, uri: ./saved}
    targets: {tf-serving: {labels: {"blue/green": 1}}}
    ```
    Good:
    ```yaml
    model: {format: tensorflow, uri: ./saved}
    targets: {tf-serving: {labels: {blue-green: 1}}}
    ```
    """
    near = re.sub(r"[^A-Za-z0-9._~-]+", "-", label)
    return error(
        "invalid-version-label",
        "a label of a version can't stand in a path",
        Label((*_OPTIONS, "labels", label), "letters, digits, `.`, `_`, `~` and `-` only", Part.KEY),
        help=f"write `{near}`" if near.strip("-") else "write a label such as `stable`",
    )


def unserved_version(label: str, number: int, *, served: tuple[str, ...]) -> Diagnostic:
    """A label names a version that is not served.

    Whoever calls the model by that label gets an error.

    Bad:
    ```yaml
    model: {format: tensorflow, uri: ./saved}
    targets: {tf-serving: {labels: {canary: 2}}}
    ```
    Good:
    ```yaml
    model: {format: tensorflow, uri: ./saved}
    targets: {tf-serving: {labels: {canary: 2}, versions: [1, 2]}}
    ```
    """
    return error(
        "unserved-version",
        f"version {number} is not served",
        Label((*_OPTIONS, "labels", label), f"served: {one_of(served, 'and')}"),
        help=f"write {one_of(served)}, or add {number} to `versions`",
    )
