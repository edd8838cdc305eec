"""Where a fetched model lies for servers whose programs can't be had: the compose file's volumes and the server's own
configuration, read by its protobuf, agree on a folder, and what is fetched is there as the server looks for it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from google.protobuf import text_format
from tensorflow_serving.config import model_server_config_pb2

from tests.e2e.fetch.conftest import Fetcher, compiled
from tests.e2e.fetch.storages import Storage

pytestmark = [pytest.mark.e2e, pytest.mark.parametrize("storage", ["s3"], indirect=True)]

_SPEC = """\
apiVersion: servespec/v1
name: fetched
pattern: realtime
model: {model}
{more}connections: {connections}
targets: {{ compose: }}
"""
_ROOT = Path(__file__).parents[3]
_SAVED = _ROOT / "examples" / "05-tf-serving-fraud-detector" / "model" / "1"
_FACE = "{ tensors: [{ name: input, datatype: FP32, shape: [-1, 4] }] }"
_ONNX = f"runtime: {{ server: triton }}\nsignature: {{ inputs: {_FACE}, outputs: {_FACE} }}\n"


@pytest.fixture
def laid(tmp_path: Path, storage: Storage, fetcher: Callable[..., Fetcher]) -> Callable[[str, str], tuple[Path, Any]]:
    """The root of the server's container, as far as its volume fills it, and all that is emitted."""

    def lay(model: str, more: str = "") -> tuple[Path, dict[str, str]]:
        spec = _SPEC.format(model=model, more=more, connections=storage.connection())
        emitted = compiled(tmp_path / "server", spec)
        (volume,) = yaml.safe_load(emitted["compose/compose.yaml"])["services"]["fetched"]["volumes"]
        place = tmp_path / "root" / volume["target"].lstrip("/")
        place.parent.mkdir(parents=True)
        made = fetcher(
            storage.model(model.partition('"s3://')[2].partition('"')[0]),
            storage.connection(),
            **storage.shell(storage.secret),
        )
        made.run()
        made.folder.rename(place)
        return tmp_path / "root", emitted

    return lay


@pytest.mark.parametrize("key", ["layouts/all", "layouts/all/1"])
def test_tf_serving(storage: Storage, laid: Callable[..., tuple[Path, dict[str, str]]], key: str) -> None:
    """All versions, or the one that the address names, are numbered folders of SavedModels below the base path, and the
    version that is served is one of them."""
    for path in _SAVED.rglob("*"):
        if path.is_file():
            storage.put(f"models/layouts/all/1/{path.relative_to(_SAVED)}", path.read_bytes())
    root, emitted = laid(f'{{ format: tensorflow, uri: "s3://models/{key}", credentials: {{ storage: s }} }}')
    config = text_format.Parse(emitted["tf-serving/models.config"], model_server_config_pb2.ModelServerConfig())
    (model,) = config.model_config_list.config
    versions = sorted(path.name for path in (root / model.base_path.lstrip("/")).iterdir())
    assert versions == ["1"] == [str(number) for number in model.model_version_policy.specific.versions]
    served = root / model.base_path.lstrip("/") / "1"
    assert {path.relative_to(served) for path in served.rglob("*")} == {
        path.relative_to(_SAVED) for path in _SAVED.rglob("*")
    }


@pytest.mark.parametrize("key", ["layouts/one/fraud.onnx", "layouts/two"])
def test_triton(storage: Storage, laid: Callable[..., tuple[Path, dict[str, str]]], key: str) -> None:
    """The file that the configuration names is in the numbered folder beside that configuration."""
    storage.put(f"models/{key if key.endswith('.onnx') else f'{key}/model.onnx'}", b"not really a model")
    model = f'{{ format: onnx, uri: "s3://models/{key}", credentials: {{ storage: s }} }}'
    root, emitted = laid(model, _ONNX)
    (config,) = (Path(path) for path in emitted if path.endswith("config.pbtxt"))
    name = emitted[str(config)].partition('default_model_filename: "')[2].partition('"')[0]
    versions = root / "srv" / "triton" / "models" / config.parent.name
    assert [path.relative_to(versions).as_posix() for path in versions.rglob("*.onnx")] == [f"1/{name}"]
