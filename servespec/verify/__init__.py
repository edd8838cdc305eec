"""Reads every artefact back before it is written: what comes out must be what went in, and nothing more."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from servespec.artifacts import Artifact, Bundle, Content, Language
from servespec.records import dataclass
from servespec.verify import dockerfile, json, lines, nginx, properties, python, shell, textproto, yaml
from servespec.verify.compare import Difference, Unreadable


@dataclass(frozen=True, slots=True)
class Mismatch:
    """An artefact that does not read as what it was made from: always our bug, never a user's mistake."""

    path: str
    """The artefact, relative to its target's folder."""
    at: str
    """Where in its structure; empty for the whole."""
    expected: str
    found: str


def verify(bundle: Bundle) -> tuple[Mismatch, ...]:
    """What does not read back, at most one for each artefact. Archives are checked by who writes them."""
    found = ((artifact.path, _difference(artifact)) for artifact in bundle.artifacts)
    return tuple(Mismatch(path, there.at, there.expected, there.found) for path, there in found if there is not None)


def _difference(artifact: Artifact) -> Difference | None:
    content = artifact.content
    if not isinstance(content, Content):
        return None
    count = content.text.count("\n") + (not content.text.endswith("\n") and bool(content.text))
    if count != len(content.origins):
        return Difference("", f"the origins of {count} lines", f"those of {len(content.origins)}")
    try:
        content.text.encode()
        return _READERS[artifact.language](content)
    except (Unreadable, UnicodeEncodeError) as error:
        return Difference("", f"a text that reads as {artifact.language.value}", str(error))


_READERS: Mapping[Language, Callable[[Content], Difference | None]] = {
    Language.DOCKERFILE: dockerfile.check,
    Language.DOCKERIGNORE: lines.check_dockerignore,
    Language.GITATTRIBUTES: lines.check_prose,
    Language.JSON: json.check,
    Language.MARKDOWN: lines.check_prose,
    Language.NGINX: nginx.check,
    Language.PROPERTIES: properties.check,
    Language.PYTHON: python.check,
    Language.REQUIREMENTS: lines.check_requirements,
    Language.SHELL: shell.check,
    Language.TEXTPROTO: textproto.check,
    Language.YAML: yaml.check,
}
