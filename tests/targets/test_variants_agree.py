"""One truth with variants: what stands before them, what they are, and how they are built say the same of each."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import crossplane
import dockerfile as buildkit
import pytest
from ruamel.yaml import YAML

_EXAMPLES = Path(__file__).parents[2] / "examples"
_FOLDERS = sorted(path.parents[1] for path in _EXAMPLES.glob("*/deploy/*/compose/nginx.conf"))


@dataclass(frozen=True)
class Emitted:
    """The committed artefacts of an example with variants, as others read them."""

    folder: Path

    @cached_property
    def spec(self) -> Any:
        """What the user wrote."""
        return YAML(typ="safe").load(self.folder.parents[1] / "serving.yaml")

    @cached_property
    def services(self) -> dict[str, Any]:
        """The services of the compose file."""
        found: dict[str, Any] = YAML(typ="safe").load(self.folder / "compose" / "compose.yaml")["services"]
        return found

    @cached_property
    def words(self) -> list[str]:
        """All words of the proxy's configuration."""
        return [token for token, _, _ in crossplane.lex(str(self.folder / "compose" / "nginx.conf"))]

    def server_of(self, variant: str) -> Path:
        """The folder of a variant's own server."""
        (found,) = self.folder.glob(f"*/{variant}")
        return found

    def dockerfile(self, variant: str) -> list[Any]:
        """The instructions of a variant's Dockerfile."""
        return list(buildkit.parse_file(str(self.folder / "docker" / f"{variant}.Dockerfile")))


@pytest.fixture(params=_FOLDERS, ids=lambda path: path.parents[1].name)
def emitted(request: pytest.FixtureRequest) -> Emitted:
    """Each example with variants."""
    return Emitted(request.param)


def test_there_are_examples() -> None:
    """The folders are found."""
    assert len(_FOLDERS) >= 2


def test_who_is_asked_is_there(emitted: Emitted) -> None:
    """Every address of the proxy is that of a service, at a port that its image has, and its server listens on."""
    addresses = [word.split(":") for word in emitted.words if re.fullmatch(r"[a-z0-9-]+:[0-9]+", word)]
    names = {
        name: variant["name"] for variant in emitted.spec["variants"] for name in [f"fraud-detector-{variant['name']}"]
    }
    assert {host for host, _ in addresses} == set(names)
    for host, port in addresses:
        exposed = {
            value.partition("/")[0]
            for item in emitted.dockerfile(names[host])
            if item.cmd == "EXPOSE"
            for value in item.value
        }
        assert port in exposed
        settings = emitted.server_of(names[host]) / "settings.json"
        if settings.exists():
            said = json.loads(settings.read_text())
            assert int(port) in (said["http_port"], said["grpc_port"])
    assert set(emitted.services) == {"fraud-detector", *names}


def test_shares_and_replicas(emitted: Emitted) -> None:
    """The weights and the replicas of the spec reach the proxy and the services; a shadow has no share."""
    for variant in emitted.spec["variants"]:
        assert emitted.services[f"fraud-detector-{variant['name']}"]["scale"] == variant.get("replicas", 1)
    sharing = [(item["name"], item["weight"]) for item in emitted.spec["variants"] if not item.get("shadow")]
    at = emitted.words.index("$variant")
    assert emitted.words[at + 1 : at + 1 + 3 * len(sharing) + 1] == [
        "{",
        *(word for name, weight in sharing[:-1] for word in (f"{weight}%", name, ";")),
        *("*", sharing[-1][0], ";"),
    ]


def test_each_builds_its_own(emitted: Emitted) -> None:
    """A service is built by its variant's Dockerfile, of its variant's files and model, under a tag of that name."""
    for variant in emitted.spec["variants"]:
        name = variant["name"]
        service = emitted.services[f"fraud-detector-{name}"]
        assert service["build"]["dockerfile"].endswith(f"/docker/{name}.Dockerfile")
        repository, _, tag = service["image"].rpartition(":")
        assert repository == emitted.spec.get("image", {}).get("repository", emitted.spec["name"])
        assert re.fullmatch(rf"{re.escape(emitted.spec['release'])}-{name}-[0-9a-f]{{12}}", tag)
        copied = [word for item in emitted.dockerfile(name) if item.cmd == "COPY" for word in item.value]
        others = [item["name"] for item in emitted.spec["variants"] if item["name"] != name]
        assert any(f"/{name}/" in word for word in copied)
        assert not [
            word
            for word in copied
            if any(f"/{other}/" in word for other in others) and "deploy" in word and f"/{name}/" not in word
        ]
        model = {**emitted.spec["model"], **variant.get("model", {})}
        assert model["uri"].removeprefix("./") in copied


def test_a_version_is_told(emitted: Emitted) -> None:
    """The server of each variant tells the version that the spec gives it, by the name that clients ask for."""
    for variant in emitted.spec["variants"]:
        settings = emitted.server_of(variant["name"]) / "model-settings.json"
        if settings.exists():
            said = json.loads(settings.read_text())
            assert said["versions"] == [variant.get("model", {}).get("version", emitted.spec["model"]["version"])]
            assert said["name"] == emitted.spec["name"]
