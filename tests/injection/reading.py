"""What a file says to a reader of its language that is not ours: its shape, with each of its texts in its place."""

from __future__ import annotations

import ast
import json
import re
import shlex
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import Any, TypeAlias

import crossplane
import dockerfile
import javaproperties
from google.protobuf import text_format
from packaging.requirements import Requirement
from ruamel.yaml import YAML

from tests.go_template import executed

Shape: TypeAlias = Any
"""Lists, maps, numbers and texts, nested."""


def shape(path: str, text: str) -> Shape:
    """What a file says; raises what its reader raises when that can't read it."""
    name = PurePosixPath(path).name
    kind = next(kind for pattern, kind in _KINDS if re.search(pattern, name))
    return kind(text)


def _yaml(text: str) -> Shape:
    documents = list(YAML(typ="safe", pure=True).load_all(text))
    if any(isinstance(item, dict) and "services" in item for item in documents):
        return _each_text(documents, _compose)
    return [_pods(_printed(item)) for item in documents]


def _printed(document: Any) -> Any:
    """A manifest with the containers as KServe has them, which takes those of a ServingRuntime for a template of Go's."""
    if not isinstance(document, dict) or document.get("kind") != "ServingRuntime":
        return document
    spec = document["spec"]
    return {**document, "spec": {**spec, "containers": _each_text(spec["containers"], executed)}}


def _each_text(value: Any, read: Callable[[str], Shape]) -> Shape:
    if isinstance(value, dict):
        return {key: _each_text(item, read) for key, item in value.items()}
    if isinstance(value, list):
        return [_each_text(item, read) for item in value]
    return read(value) if isinstance(value, str) else value


def _compose(text: str) -> Shape:
    """A text as Compose has it, with how often it would put the value of a variable in its place."""
    return [text.replace("$$", "$"), len(re.findall(r"\$(?:[A-Za-z_]|\{)", text.replace("$$", "")))]


def _pods(value: Any) -> Shape:
    """A manifest whose environments and commands are what Kubernetes makes of them."""
    if isinstance(value, list):
        return [_pods(item) for item in value]
    if not isinstance(value, dict):
        return value
    rest = {key: _pods(item) for key, item in value.items()}
    for key in rest.keys() & {"command", "args"}:
        rest[key] = _each_text(value[key], _kubernetes)
    if "env" in value and isinstance(value["env"], list):
        rest["env"] = [_each_text(item, _kubernetes) for item in value["env"]]
    return rest


def _kubernetes(text: str) -> Shape:
    return [text.replace("$$", "$"), text.replace("$$", "").count("$(")]


def _python(text: str) -> Shape:
    return _node(ast.parse(text))


def _node(value: Any) -> Shape:
    if isinstance(value, ast.AST):
        return [type(value).__name__, *(_node(getattr(value, field, None)) for field in value._fields)]
    return [_node(item) for item in value] if isinstance(value, list) else value


def _dockerfile(text: str) -> Shape:
    return [_instruction(command) for command in dockerfile.parse_string(text)]


def _instruction(command: dockerfile.Command) -> Shape:
    if command.json:
        words: Shape = list(command.value)
    elif command.cmd.upper() == "RUN":
        words = _shell(" ".join(command.value))
    else:
        words = [_docker_word(word) for word in command.value]
    return [command.cmd.upper(), list(command.flags), command.json, words]


def _docker_word(word: str) -> Shape:
    """A word without its quotes, and how often something would be put in the place of a variable."""
    out, variables, quote, at = "", 0, "", 0
    while at < len(word):
        char, at = word[at], at + 1
        if char == quote:
            quote = ""
        elif not quote and char in "'\"":
            quote = char
        elif char == "\\" and quote != "'" and at < len(word) and (quote != '"' or word[at] in '"$\\'):
            out, at = out + word[at], at + 1
        else:
            variables += char == "$" and quote != "'"
            out += char
    return [out, variables]


def _shell(text: str) -> Shape:
    """The words of a script by the standard library, and how often a shell would put something in their place."""
    lexer = shlex.shlex(text, posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    lexer.commenters = "#"
    return [list(lexer), _expansions(text)]


def _expansions(text: str) -> int:
    bare = re.sub(r"'[^']*'|\\.", "", text, flags=re.DOTALL)
    return len(re.findall(r"[$`*?~]", bare))


def _properties(text: str) -> Shape:
    found = javaproperties.parse(text)
    return [[item.key, item.value] for item in found if isinstance(item, javaproperties.KeyValue)]


def _textproto(text: str) -> Shape:
    return list(_tokens(text_format.Tokenizer(text.splitlines())))


def _tokens(tokenizer: text_format.Tokenizer) -> Iterator[str]:
    while not tokenizer.AtEnd():
        if tokenizer.token[:1] in ("'", '"'):
            yield tokenizer.ConsumeString()
        else:
            yield tokenizer.token
            tokenizer.NextToken()


def _nginx(text: str) -> Shape:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "nginx.conf")
        path.write_text(text)
        return [
            [token.replace("\\\\", "\\") if quoted else token, quoted] for token, _, quoted in crossplane.lex(str(path))
        ]


def _requirements(text: str) -> Shape:
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [line if line.startswith("-") else str(Requirement(line.partition(" --hash=")[0])) for line in lines]


def _lines(text: str) -> Shape:
    return text.splitlines()


_KINDS: tuple[tuple[str, Callable[[str], Shape]], ...] = (
    (r"\.ya?ml$", _yaml),
    (r"\.json$", json.loads),
    (r"\.py$", _python),
    (r"Dockerfile$", _dockerfile),
    (r"\.sh$", _shell),
    (r"\.properties$", _properties),
    (r"\.pbtxt$|\.config$|^batching_parameters\.txt$", _textproto),
    (r"\.conf$", _nginx),
    (r"requirements.*\.txt$", _requirements),
    (r"\.md$|\.dockerignore$|\.txt$", _lines),
)
