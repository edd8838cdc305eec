"""From data to text: every artefact that is still data is written in its own language."""

from __future__ import annotations

import hashlib
import json as json_
import posixpath
from collections.abc import Iterator, Mapping
from functools import partial
from typing import cast

from servespec.artifacts import Artifact, Bundle, Content, Language, Packed, Recipe, Structured
from servespec.emit import json, properties, textproto, yaml, zip
from servespec.emit.quoted import Data, unwrap
from servespec.facts import Facts
from servespec.records import replace

_CHUNK = 1 << 20


def serialized(bundle: Bundle, *, facts: Facts, project: str) -> Bundle:
    """The bundle with all its data written out and its archives ready to be streamed from `project`.

    Lines without an origin of their own come from the target.
    """
    texts = tuple(_text(item, bundle.target) for item in bundle.artifacts)
    written = {item.path: item.content.text for item in texts if isinstance(item.content, Content)}
    return replace(bundle, artifacts=tuple(_archive(item, written, facts=facts, project=project) for item in texts))


def _text(artifact: Artifact, target: str) -> Artifact:
    if not isinstance(artifact.content, Structured):
        return artifact
    return replace(artifact, content=_content(artifact.content, artifact.language, target))


def _archive(artifact: Artifact, written: Mapping[str, str], *, facts: Facts, project: str) -> Artifact:
    if not isinstance(artifact.content, Packed):
        return artifact
    entries: list[zip.Entry] = []
    seed: list[tuple[str, str]] = []
    for member in artifact.content.members:
        if member.project_file is not None:
            path = posixpath.join(project, member.project_file)
            entries.append(zip.Entry(member.name, partial(_file, path)))
            seed.append((member.name, facts.file(member.project_file).sha256))
        else:
            data = member.data if member.artifact is None else written[member.artifact].encode()
            entries.append(zip.Entry(member.name, partial(_whole, data)))
            seed.append((member.name, hashlib.sha256(data).hexdigest()))
    fingerprint = hashlib.sha256(json_.dumps(seed).encode()).hexdigest()
    return replace(artifact, content=Recipe(partial(zip.stored, entries), fingerprint))


def _whole(data: bytes) -> Iterator[bytes]:
    yield data


def _file(path: str) -> Iterator[bytes]:
    with open(path, "rb") as stream:
        while chunk := stream.read(_CHUNK):
            yield chunk


def _content(content: Structured, language: Language, target: str) -> Content:
    data, inherited = cast("Data", content.data), (f"target:{target}",)
    match language:
        case Language.YAML:
            return yaml.dump(data, header=content.header, inherited=inherited)
        case Language.JSON:
            return json.dump(data, inherited=inherited)
        case Language.TEXTPROTO:
            fields, _ = unwrap(data, inherited)
            return textproto.dump(cast("dict[str, Data]", fields), header=content.header, inherited=inherited)
        case Language.PROPERTIES:
            entries, _ = unwrap(data, inherited)
            return properties.dump(
                [(key, value) for key, value in cast("dict[str, Data]", entries).items()],
                header=content.header,
                inherited=inherited,
            )
    raise TypeError(f"no serializer for {language}")
