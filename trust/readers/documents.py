"""Readers of data that are libraries: both versions of YAML, JSON, text protobuf, properties, nginx, Dockerfiles."""

from __future__ import annotations

import io
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path

import crossplane
import dockerfile as buildkit
import javaproperties
import yaml as pyyaml
from google.protobuf import struct_pb2, text_format
from ruamel.yaml import YAML

from servespec.emit import dockerfile, nginx, properties, textproto, yaml
from servespec.emit import json as json_
from trust.readers.reading import Reader


def _pyyaml(written: Sequence[str]) -> Sequence[object]:
    return [pyyaml.safe_load(text)["a"] for text in written]


def _ruamel(written: Sequence[str]) -> Sequence[object]:
    return [YAML(typ="safe", pure=True).load(io.StringIO(text))["a"] for text in written]


def _json(written: Sequence[str]) -> Sequence[object]:
    return [json.loads(text) for text in written]


def _textproto(written: Sequence[str]) -> Sequence[object]:
    return [text_format.Parse(text, struct_pb2.Value()).string_value for text in written]


def _properties(written: Sequence[str]) -> Sequence[object]:
    return [javaproperties.loads(text)["a"] for text in written]


def _nginx(written: Sequence[str]) -> Sequence[object]:
    """The lexer leaves a backslash before a backslash, which nginx itself takes away."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "nginx.conf")
        path.write_text("".join(f"set {text};\n" for text in written))
        tokens = [token for token, _, _ in crossplane.lex(str(path)) if token != ";"]
    return [token.replace("\\\\", "\\") for token in tokens[1::2]]


def _exec_form(written: Sequence[str]) -> Sequence[object]:
    commands = buildkit.parse_string("".join(f"CMD {text}\n" for text in written))
    return [command.value[0] if command.json else command for command in commands]


READERS = (
    Reader("PyYAML (YAML 1.1)", lambda text: yaml.dump({"a": text}).text, _pyyaml),
    Reader("ruamel.yaml (YAML 1.2)", lambda text: yaml.dump({"a": text}).text, _ruamel),
    Reader("json", lambda text: json_.dump(text).text, _json),
    Reader("protobuf's text format", lambda text: textproto.dump({"string_value": text}).text, _textproto),
    Reader("javaproperties", lambda text: properties.dump([("a", text)]).text, _properties),
    Reader("crossplane (nginx)", lambda text: nginx.word(text).text, _nginx),
    Reader("BuildKit's parser, JSON form", lambda text: dockerfile.exec_form([text]).text, _exec_form),
)
