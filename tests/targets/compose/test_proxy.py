"""What stands before the variants: the configuration as crossplane reads it, and its service."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import crossplane
import dockerfile as buildkit
import pytest
from ruamel.yaml import YAML

from servespec.artifacts import Bundle

_HEAD = "model: { format: onnx, uri: ./one.onnx }\nimage: {}\n"
_AB = "variants: [{ name: current, weight: 80, replicas: 2 }, { name: next, weight: 20 }%s]\n"
_SHADOW = ", { name: trial, shadow: true, runtime: { protocols: { rest: 9000 } } }"


@pytest.fixture
def made(bundles: Callable[..., dict[str, Bundle]]) -> Callable[[str], Bundle]:
    """The compose target's files, of a spec for a model in ONNX."""
    return lambda text: bundles(_HEAD + text, files={"one.onnx": b"x"})["compose"]


@pytest.fixture
def services(made: Callable[[str], Bundle], text: Callable[..., str]) -> Callable[[str], Any]:
    """The services of the compose file."""
    return lambda spec: YAML(typ="safe").load(text(made(spec), "compose.yaml"))["services"]


@pytest.fixture
def directives(
    made: Callable[[str], Bundle], text: Callable[..., str], tmp_path: Path
) -> Callable[[str], list[list[str]]]:
    """Every directive of the proxy's configuration with its arguments, those in blocks too."""

    def read(spec: str) -> list[list[str]]:
        path = tmp_path / "nginx.conf"
        path.write_text(text(made(spec), "nginx.conf"))
        found = crossplane.parse(str(path))
        assert found["status"] == "ok", found["errors"]
        return list(_walk(found["config"][0]["parsed"]))

    return read


def _walk(block: list[dict[str, Any]]) -> Iterator[list[str]]:
    for item in block:
        yield [item["directive"], *item["args"]]
        yield from _walk(item.get("block", []))


def test_requests_are_shared_by_weight(directives: Callable[[str], list[list[str]]]) -> None:
    """The addresses and the names follow from one key in the same parts, so that they always mean one variant."""
    found = directives(_AB % "")
    at = [index for index, words in enumerate(found) if words[0] == "split_clients"]
    assert [found[index : index + 3] for index in at] == [
        [
            ["split_clients", "$request_key", "$rest"],
            ["80%", "fraud-detector-current:8080"],
            ["*", "fraud-detector-next:8080"],
        ],
        [
            ["split_clients", "$request_key", "$grpc"],
            ["80%", "fraud-detector-current:8081"],
            ["*", "fraud-detector-next:8081"],
        ],
        [["split_clients", "$request_key", "$variant"], ["80%", "current"], ["*", "next"]],
    ]
    assert not [words for words in found if "mirror" in words]


def test_who_has_no_share_is_not_asked(directives: Callable[[str], list[list[str]]]) -> None:
    """A weight of 0 is no part of the requests, which nginx would refuse to read."""
    found = directives("variants: [{ name: next, weight: 0 }, { name: current, weight: 100 }]\n")
    assert [words for words in found if words[0] in ("*", "0%", "100%")] == [
        ["*", "fraud-detector-current:8080"],
        ["*", "fraud-detector-current:8081"],
        ["*", "current"],
    ]


def test_a_shadow_is_sent_copies(directives: Callable[[str], list[list[str]]]) -> None:
    """It has a server of its own that answers before the shadow does, and is in no split."""
    found = directives(_AB % _SHADOW)
    assert ["set", "$shadow", "fraud-detector-trial:9000"] in found
    assert sum(words[0] == "mirror" for words in found) == 2
    assert ["limit_conn", "shadow", "64"] in found
    assert not [words for words in found if "%" in words[0] and "trial" in words[1]]


def test_the_proxy_has_the_address(services: Callable[[str], Any]) -> None:
    """It alone publishes ports, those of the spec's own block, and is hardened as a server is."""
    found = services("runtime: { protocols: { rest: 8000 } }\n" + _AB % _SHADOW)
    assert list(found) == [f"fraud-detector{part}" for part in ("", "-current", "-next", "-trial")]
    assert {name: item.get("ports") for name, item in found.items()} == {
        "fraud-detector": ["127.0.0.1:8000:8000", "127.0.0.1:8081:8081"],
        "fraud-detector-current": None,
        "fraud-detector-next": None,
        "fraud-detector-trial": None,
    }
    proxy = found["fraud-detector"]
    assert (proxy["cap_drop"], proxy["security_opt"]) == (["ALL"], ["no-new-privileges:true"])
    assert proxy["read_only"]
    assert set(proxy["deploy"]["resources"]["limits"]) == {"memory", "pids"}


def test_the_image_of_the_proxy(made: Callable[[str], Bundle], text: Callable[..., str]) -> None:
    """It holds the configuration, readable for the numeric user that it runs as, and its tag follows both files."""
    spec = "security: { runAsUser: 20001, runAsGroup: 20002 }\n" + _AB % ""
    bundle = made(spec)
    found = {item.cmd.upper(): item for item in buildkit.parse_string(text(bundle, "proxy.Dockerfile"))}
    assert found["COPY"].value == ("nginx.conf", "/etc/nginx/nginx.conf")
    assert (found["COPY"].flags, found["USER"].value) == (("--chmod=0644",), ("20001:20002",))
    assert found["ENTRYPOINT"].json
    images = [
        YAML(typ="safe").load(text(made(s), "compose.yaml"))["services"]["fraud-detector"]
        for s in (spec, _AB % _SHADOW)
    ]
    tags = [image["image"].rpartition("-")[2] for image in images]
    assert tags[0] != tags[1]
    assert images[0]["build"] == {"context": ".", "dockerfile": "proxy.Dockerfile"}


def test_each_variant_runs_as_often_as_it_says(services: Callable[[str], Any]) -> None:
    """Its replicas are told to compose, one without a word."""
    found = services(_AB % _SHADOW)
    assert [found[f"fraud-detector-{name}"]["scale"] for name in ("current", "next", "trial")] == [2, 1, 1]


def test_the_slowest_variant_is_waited_for(
    directives: Callable[[str], list[list[str]]], services: Callable[[str], Any]
) -> None:
    """The proxy gives up after every server would have, and its stop takes no longer."""
    spec = "variants: [{ name: a, weight: 50 }, { name: b, weight: 50, runtime: { timeouts: { request: 2m } } }]\n"
    assert ["proxy_read_timeout", "125s"] in directives(spec)
    assert services(spec)["fraud-detector"]["stop_grace_period"] == "125s"
