"""From data to text: every artefact that is still data is written in its own language."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from servespec.artifacts import Artifact, Bundle, Content, Language, Structured
from servespec.emit import json, properties, yaml
from servespec.emit.quoted import Data, unwrap


def serialized(bundle: Bundle) -> Bundle:
    """The bundle with all its data written out. Lines without an origin of their own come from the target."""
    return replace(bundle, artifacts=tuple(_artifact(item, bundle.target) for item in bundle.artifacts))


def _artifact(artifact: Artifact, target: str) -> Artifact:
    if not isinstance(artifact.content, Structured):
        return artifact
    return replace(artifact, content=_content(artifact.content, artifact.language, target))


def _content(content: Structured, language: Language, target: str) -> Content:
    data, inherited = cast("Data", content.data), (f"target:{target}",)
    match language:
        case Language.YAML:
            return yaml.dump(data, header=content.header, inherited=inherited)
        case Language.JSON:
            return json.dump(data, inherited=inherited)
        case Language.PROPERTIES:
            entries, _ = unwrap(data, inherited)
            return properties.dump(
                [(key, value) for key, value in cast("dict[str, Data]", entries).items()],
                header=content.header,
                inherited=inherited,
            )
    raise TypeError(f"no serializer for {language}")
