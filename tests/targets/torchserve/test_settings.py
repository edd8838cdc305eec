"""TorchServe's configuration and archive script: which field decides what."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from typing import Any

import javaproperties
import pytest
from ruamel.yaml import YAML

from servespec.artifacts import Bundle

_RUNTIME = """\
runtime:
  workers: 3
  protocols: { rest: 9000, grpc: 9001 }
  microBatch: { size: 16, delay: 20ms }
  timeouts: { request: 7s, startup: 45s, shutdown: 12s }
  config: { limit_max_image_pixels: false, job_queue_size: 7 }
"""


@pytest.fixture
def config(bundles: Callable[..., dict[str, Bundle]], text: Callable[..., str]) -> Callable[[str], dict[str, str]]:
    """`config.properties` of a spec, as another reader sees it."""

    def read(spec: str) -> dict[str, str]:
        found: dict[str, str] = javaproperties.loads(text(bundles(spec)["torchserve"], "config.properties"))
        return found

    return read


@pytest.fixture
def model(bundles: Callable[..., dict[str, Bundle]], text: Callable[..., str]) -> Callable[[str], Any]:
    """`model-config.yaml` of a spec, as another reader sees it."""
    return lambda spec: YAML(typ="safe").load(text(bundles(spec)["torchserve"], "model-config.yaml"))


def test_fields_decide(config: Callable[[str], dict[str, str]], model: Callable[[str], Any]) -> None:
    """Ports, workers, batches and times are the spec's, in both files."""
    found = config(_RUNTIME)
    assert (found["inference_address"], found["grpc_inference_port"]) == ("http://127.0.0.1:9000", "9001")
    assert (found["default_workers_per_model"], found["default_response_timeout"]) == ("3", "7")
    told = model(_RUNTIME)
    assert (told["minWorkers"], told["batchSize"], told["maxBatchDelay"]) == (3, 16, 20)
    assert (told["responseTimeout"], told["startupTimeout"], told["clientTimeoutInMills"]) == (7, 45, 7000)


def test_more_settings_are_passed_on(config: Callable[[str], dict[str, str]]) -> None:
    """`runtime.config` adds settings, and wins over those that no field decides."""
    found = config(_RUNTIME)
    assert (found["limit_max_image_pixels"], found["job_queue_size"]) == ("false", "7")


def test_secure_without_asking(config: Callable[[str], dict[str, str]]) -> None:
    """All addresses are loopback, tokens are asked for, and models can't be changed over the network."""
    found = config("")
    addresses = [value for name, value in found.items() if name.endswith("_address")]
    assert len(addresses) == 5
    assert all("127.0.0.1" in address for address in addresses)
    assert (found["disable_token_authorization"], found["enable_model_api"]) == ("false", "false")
    assert config("security: { authorization: none, reason: x }\n")["disable_token_authorization"] == "true"


def test_settings_of_the_handler_reach_it(bundles: Callable[..., dict[str, Bundle]], text: Callable[..., str]) -> None:
    """They stand under `handler`, with the types that they were written with."""
    spec = "model:\n  format: pytorch\n  uri: ./model\n  handler: { file: h.py, settings: { t: 0.5, name: '1e3' } }\n"
    bundle = bundles(spec, files={"h.py": "class H:\n    def handle(self, data, context): ...\n"})["torchserve"]
    assert YAML(typ="safe").load(text(bundle, "model-config.yaml"))["handler"] == {"t": 0.5, "name": "1e3"}
    assert "handler.py" not in [item.path for item in bundle.artifacts]


def test_the_digest_is_checked_by_the_script(
    bundles: Callable[..., dict[str, Bundle]], text: Callable[..., str]
) -> None:
    """With `model.digest` the script stops for other weights, before it packs them."""
    spec = f"model: {{ format: pytorch, uri: ./model, digest: 'sha256:{'0' * 64}' }}\n"
    script = text(bundles(spec)["torchserve"], "archive.sh")
    (line,) = [line for line in script.splitlines() if "sha256sum" in line]
    assert shlex.split(line)[:3] == ["printf", "%s\\n", f"{'0' * 64}  model/model.pt"]
    assert script.index("sha256sum") < script.index("torch-model-archiver")
    assert "sha256sum" not in text(bundles()["torchserve"], "archive.sh")


def test_the_summary_has_the_archivers_command(bundles: Callable[..., dict[str, Bundle]]) -> None:
    """One line makes the folder, packs, and gives the archive the name that the server loads."""
    (line,) = bundles()["torchserve"].here
    words = shlex.split(line)
    store = "deploy/fraud-detector/torchserve/model-store"
    assert words[:5] == ["mkdir", "-p", "--", store, "&&"]
    assert words[5] == "torch-model-archiver"
    assert words[-5:] == ["mv", "-f", "--", f"{store}/fraud-detector.mar", f"{store}/fraud-detector-1.0.mar"]
