"""What several files say of the same thing, each read by a parser that is not ours, and where they differ."""

from __future__ import annotations

import ast
import re
import shlex
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any, NamedTuple

import dockerfile
import yaml

_TAGGED = re.compile(r"(?P<image>\S+:\S+)-(?P<content>[0-9a-f]{12})")
_PROBES = ("startupProbe", "readinessProbe", "livenessProbe")
_LABELS = {"org.opencontainers.image.title": "name", "org.opencontainers.image.version": "release"}
_KUBE_LABELS = {"app.kubernetes.io/name": "name", "app.kubernetes.io/version": "release"}


class Said(NamedTuple):
    """Something that a file says of a thing: whoever speaks of the same says the same."""

    thing: str
    what: str
    where: str


def disagreements(files: Mapping[str, str], environment: str | None) -> Iterator[str]:
    """A sentence for each thing of which the files of an environment say more than one thing."""
    said: dict[str, dict[str, str]] = {}
    for item in _said(files, f"-{environment}" if environment else ""):
        said.setdefault(item.thing, {}).setdefault(item.what, item.where)
    for thing, ways in said.items():
        if len(ways) > 1:
            yield f"{thing}: " + ", ".join(f"{what} in {where}" for what, where in sorted(ways.items()))


def _said(files: Mapping[str, str], ending: str) -> Iterator[Said]:
    images = {path: [*dockerfile.parse_string(text)] for path, text in files.items() if path.endswith("Dockerfile")}
    for path, commands in images.items():
        yield from _of_image(path, commands)
    for path, text in files.items():
        kind = PurePosixPath(path).suffix
        if kind == ".py":
            yield from _tags(path, (node.value for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant)))
        if kind == ".yaml":
            for document in yaml.load_all(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
                yield from _tags(path, _leaves(document))
                if path == "compose/compose.yaml":
                    yield from _of_compose(document, images, ending)
                elif isinstance(document, dict) and "kind" in document:
                    yield from _of_manifest(path, document)


def _tags(path: str, values: Iterator[Any]) -> Iterator[Said]:
    """Which content an image is of, for all that name it."""
    for value in values:
        if isinstance(value, str) and (found := _TAGGED.fullmatch(value)):
            yield Said(f"the tag of {found['image']}", found["content"], path)


def _of_image(path: str, commands: list[Any]) -> Iterator[Said]:
    for command in commands:
        if command.cmd.upper() == "LABEL" and (name := _LABELS.get(_word(command.value[0]))):
            yield Said(f"the {name}", _word(command.value[1]), path)
        if command.cmd.upper() == "HEALTHCHECK":
            yield Said(f"the check of {path}", str([*command.value]), path)


def _of_compose(document: Any, images: Mapping[str, list[Any]], ending: str) -> Iterator[Said]:
    where = "compose/compose.yaml"
    yield Said("the name", document["name"].removesuffix(ending), where)
    for service in document["services"].values():
        built = service.get("build", {}).get("dockerfile", "")
        path = next((path for path in images if built.endswith(f"/{path}")), None)
        if path is None:
            continue
        exposed = [_word(word) for item in images[path] if item.cmd.upper() == "EXPOSE" for word in item.value]
        test = service.get("healthcheck", {}).get("test")
        if test:
            yield Said(f"the check of {path}", str(test), where)
        for port in service.get("ports", ()):
            inside = f"{port.rpartition(':')[2]}/tcp"
            yield Said(f"port {inside} of {path}", "exposed" if inside in exposed else "not exposed", where)
            yield Said(f"port {inside} of {path}", "exposed", path)


def _of_manifest(path: str, document: Any) -> Iterator[Said]:
    for name, thing in _KUBE_LABELS.items():
        if name in document.get("metadata", {}).get("labels", {}):
            yield Said(f"the {thing}", document["metadata"]["labels"][name], path)
    for holder in _maps(document):
        for key in holder.keys() & {"storageUri", "modelUri"}:
            yield Said("the scheme of the model", str(holder[key]).partition(":")[0], path)
        if isinstance(holder.get("image"), str) and "ports" in holder:
            for probe in _PROBES:
                if asked := holder.get(probe):
                    check = asked.get("exec") or {"path": asked.get("httpGet", {}).get("path")}
                    yield Said(f"the {probe} of {holder['image']}", str(check), path)


def _word(text: str) -> str:
    return "".join(shlex.split(text))


def _maps(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _maps(item)


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _leaves(item)
    else:
        yield value
