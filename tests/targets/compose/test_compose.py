"""The compose file: which field becomes which key, as another YAML reader sees it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from ruamel.yaml import YAML

from servespec.artifacts import Bundle
from servespec.deployment.quantities import Quantity
from servespec.targets.compose.lower import cores, memory


@pytest.fixture
def compose(bundles: Callable[..., dict[str, Bundle]], text: Callable[..., str]) -> Callable[..., Any]:
    """The compose file of a spec."""
    return lambda spec="", **more: YAML(typ="safe").load(text(bundles(spec, **more)["compose"], "compose.yaml"))


@pytest.fixture
def service(compose: Callable[..., Any]) -> Callable[..., Any]:
    """The one service of it."""
    return lambda spec="", **more: compose(spec, **more)["services"]["fraud-detector"]


def test_hardened_without_asking(service: Callable[..., Any]) -> None:
    """No capabilities, no new privileges, a read-only root, a numeric user, loopback, and limits."""
    found = service()
    assert (found["cap_drop"], found["security_opt"]) == (["ALL"], ["no-new-privileges:true"])
    assert (found["read_only"], found["init"], found["user"]) == (True, True, "10001:10001")
    assert all(port.startswith("127.0.0.1:") for port in found["ports"])
    limits = found["deploy"]["resources"]["limits"]
    assert set(limits) == {"memory", "pids"}


def test_dollars_stay_dollars(service: Callable[..., Any]) -> None:
    """Compose expands `$` in values: what the spec says is what the container gets."""
    found = service("runtime: { env: { PRICE: '5$', NAME: '${USER}' } }\nowner: $team\n")
    assert found["environment"] == {"PRICE": "5$$", "NAME": "$${USER}"}
    assert found["labels"] == {"owner": "$$team"}


def test_a_secret_is_a_reference(service: Callable[..., Any]) -> None:
    """A key of a secret comes from the variable of that name, and without it compose stops."""
    spec = (
        "secrets: [{ name: feature-store, keys: [token] }]\n"
        "runtime: { env: { STORE_TOKEN: { secret: feature-store, key: token } } }\n"
    )
    value = service(spec)["environment"]["STORE_TOKEN"]
    assert value.startswith("${FEATURE_STORE__TOKEN:?")
    assert value.endswith("}")


def test_build_secrets_and_platforms(compose: Callable[..., Any]) -> None:
    """The build is handed each secret from a variable, and the platforms."""
    image = "image: { requirements: requirements.txt, buildSecrets: [pip-netrc], platforms: [linux/amd64] }\n"
    found = compose(image)
    assert found["secrets"] == {"pip-netrc": {"environment": "PIP_NETRC"}}
    build = found["services"]["fraud-detector"]["build"]
    assert (build["secrets"], build["platforms"]) == (["pip-netrc"], ["linux/amd64"])


def test_amounts(service: Callable[..., Any]) -> None:
    """Requests are reserved and limits are limits, in Compose's units; the scratch folder is no larger."""
    spec = "resources: { requests: { cpu: 500m, memory: 1Gi }, limits: { cpu: '2', memory: 1536Mi } }\n"
    found = service(spec)
    assert found["deploy"]["resources"] == {
        "limits": {"cpus": "2", "memory": "1536m", "pids": 512},
        "reservations": {"cpus": "0.5", "memory": "1024m"},
    }
    assert found["tmpfs"][0].endswith(",size=1536m")


def test_a_limit_that_is_no_multiple_of_a_mebibyte(service: Callable[..., Any]) -> None:
    """The scratch folder's size is for the kernel, which takes plain bytes and refuses Compose's `b`."""
    found = service("resources: { limits: { memory: 1G } }\n")
    assert found["deploy"]["resources"]["limits"]["memory"] == "1000000000b"
    assert found["tmpfs"][0].endswith(",size=1000000000")


def test_gpus(service: Callable[..., Any]) -> None:
    """They are reserved as devices of NVIDIA's driver, beside what else is."""
    found = service("resources: { requests: { memory: 1Gi }, accelerator: { count: 2 } }\n")
    assert found["deploy"]["resources"]["reservations"] == {
        "memory": "1024m",
        "devices": [{"driver": "nvidia", "count": 2, "capabilities": ["gpu"]}],
    }


@pytest.mark.parametrize(
    ("text", "written"), [("500m", "0.5"), ("1", "1"), ("1500m", "1.5"), ("10", "10"), ("1m", "0.001")]
)
def test_cores(text: str, written: str) -> None:
    """CPUs are written as the decimal number that Compose reads."""
    quantity = Quantity.parse(text)
    assert quantity
    assert cores(quantity) == written


@pytest.mark.parametrize(
    ("text", "written"), [("1Gi", "1024m"), ("1G", "1000000000b"), ("1000", "1000b"), ("512Mi", "512m")]
)
def test_memory(text: str, written: str) -> None:
    """Bytes are exact: Compose's `m` is 1024 × 1024."""
    quantity = Quantity.parse(text)
    assert quantity
    assert memory(quantity) == written


def test_times(service: Callable[..., Any]) -> None:
    """Probes and the time to stop are the spec's."""
    probes = "probes: { startup: { periodSeconds: 2, failureThreshold: 9 }, readiness: { periodSeconds: 4 } }\n"
    found = service(probes + "runtime: { timeouts: { shutdown: 50s } }\n")
    assert (found["healthcheck"]["start_period"], found["healthcheck"]["interval"]) == ("18s", "4s")
    assert found["stop_grace_period"] == "55s"


def test_opting_out_of_the_read_only_root(service: Callable[..., Any]) -> None:
    """With a reason in the spec the root may be written to; the scratch folder stays where it is."""
    found = service("security: { readOnlyRootFilesystem: false, reason: a debugger }\n")
    assert found["read_only"] is False
    assert found["tmpfs"][0].startswith("/run/torchserve:")


def test_an_override_is_merged(service: Callable[..., Any]) -> None:
    """Maps merge by key, and null deletes."""
    merge = "{ services: { fraud-detector: { cpuset: '0-3', restart: null, deploy: { resources: { limits: { pids: 64 } } } } } }"
    found = service(f"overrides: [{{ target: compose, file: compose.yaml, reason: x, merge: {merge} }}]\n")
    assert (found["cpuset"], "restart" in found) == ("0-3", False)
    limits = found["deploy"]["resources"]["limits"]
    assert (limits["pids"], "memory" in limits) == (64, True)
