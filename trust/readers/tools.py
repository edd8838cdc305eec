"""Readers that are tools of their own: Java, an engine of Docker, Compose and kubectl.

Airflow, which needs an installation to read anything, is none of them: what it makes of any text is
`test_any_text_renders_to_itself` of `tests/e2e/airflow/test_dag.py`.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from servespec.emit import dockerfile, properties, yaml
from trust.readers.reading import ROOT, Reader, said

_ENGINE = ROOT / "tests" / "e2e" / "engine"
# Debian's own has BuildKit, where another one comes first on the path.
_DOCKER = next((path for path in ("/usr/bin/docker",) if Path(path).exists()), "docker")
# A JRE of Debian has the compiler as a module, so that it runs a source file.
_JAVA = """
import java.io.*; import java.util.*;
public class Reader {
  public static void main(String[] paths) throws IOException {
    Properties found = new Properties();
    found.load(new FileInputStream(paths[0]));
    for (int at = 0; at < found.size(); at++) {
      StringBuilder units = new StringBuilder();
      for (char unit : found.getProperty("k" + at).toCharArray()) units.append(String.format("%04x", (int) unit));
      System.out.println(units);
    }
  }
}
"""


def _java(written: Sequence[str]) -> Sequence[object]:
    with tempfile.TemporaryDirectory() as folder:
        program, path = Path(folder, "Reader.java"), Path(folder, "written.properties")
        program.write_text(_JAVA)
        path.write_text("".join(f"k{at}{text.removeprefix('k')}" for at, text in enumerate(written)))
        return [
            bytes.fromhex(line).decode("utf-16-be", "surrogatepass")
            for line in said("java", program, path).splitlines()
        ]


def _engine(written: Sequence[str]) -> Sequence[object]:
    """What an image that was built says of its variables and labels, and as its command."""
    numbered = list(enumerate(written))
    text = "FROM scratch\n" + "".join(f"ENV V{at}={word}\nLABEL l{at}={word}\n" for at, word in numbered)
    found = _built(text)
    variables = dict(item.split("=", 1) for item in found["Env"])
    pairs = [(variables[f"V{at}"], found["Labels"][f"l{at}"]) for at, _ in numbered]
    return [one if one == other else (one, other) for one, other in pairs]


def _engines_command(written: Sequence[str]) -> Sequence[object]:
    merged: list[object] = json.loads(f"[{','.join(text[1:-1] for text in written)}]")
    command: list[object] = _built(f"FROM scratch\nCMD [{', '.join(text[1:-1] for text in written)}]\n")["Cmd"]
    return command if len(command) == len(merged) else [command] * len(merged)


def _built(text: str) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "Dockerfile").write_text(text)
        environment = {**os.environ, "DOCKER_BUILDKIT": "1"}
        build = subprocess.run([_DOCKER, "build", "--quiet", folder], env=environment, capture_output=True, text=True)
        if build.returncode:
            raise RuntimeError(build.stderr[-2000:])
    image = build.stdout.strip()
    try:
        config: dict[str, Any] = json.loads(said(_DOCKER, "inspect", image))[0]["Config"]
        return config
    finally:
        said(_DOCKER, "rmi", image)


def _compose(written: Sequence[str]) -> Sequence[object]:
    values = "".join(f"      V{at}: {text}" for at, text in enumerate(written))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "compose.yaml")
        path.write_text(f"services:\n  a:\n    image: a\n    environment:\n{values}")
        # What it prints can be a compose file again, with each dollar sign doubled.
        told = json.loads(said(_ENGINE / "compose.sh", "--file", path, "config", "--format", "json"))
    return [told["services"]["a"]["environment"][f"V{at}"].replace("$$", "$") for at, _ in enumerate(written)]


def _kubectl(written: Sequence[str]) -> Sequence[object]:
    values = "".join(f"    k{at}: {text}" for at, text in enumerate(written))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "pod.yaml")
        path.write_text(
            f"apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n  annotations:\n{values}"
            "spec: {containers: [{name: a, image: a}]}\n"
        )
        told = json.loads(
            said(_ENGINE / "kubectl.sh", "set", "env", "--local", f"--filename={path}", "ADDED=1", "--output=json")
        )
    return [told["metadata"]["annotations"][f"k{at}"] for at, _ in enumerate(written)]


def _scalar(text: str) -> str:
    return yaml.dump([text]).text.removeprefix("- ")


def _composed(text: str) -> str:
    return yaml.dump(yaml.compose_escape([text])).text.removeprefix("- ")


READERS = (
    Reader("java.util.Properties", lambda text: properties.dump([("k", text)]).text, _java, heavy=True),
    Reader("a Docker engine: ENV and LABEL", lambda text: dockerfile.word(text).text, _engine, heavy=True),
    Reader("a Docker engine: CMD", lambda text: dockerfile.exec_form([text]).text, _engines_command, heavy=True),
    Reader("Docker Compose", _composed, _compose, heavy=True),
    Reader("kubectl", _scalar, _kubectl, heavy=True),
)
