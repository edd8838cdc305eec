"""A model of a registry is fetched from a real tracking server, which keeps its files itself."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.e2e import tracking
from tests.e2e.fetch.conftest import Fetcher

pytestmark = pytest.mark.e2e

_ROOT = Path(__file__).parents[3]
_MODEL = _ROOT / "examples" / "04-mlflow-fraud-detector" / "model"
Make = Callable[..., Fetcher]


@pytest.fixture(scope="module")
def registry(
    environment: Callable[[str], Path],
    tmp_path_factory: pytest.TempPathFactory,
    free_ports: Callable[[int], list[int]],
) -> Iterator[str]:
    """The address of a server with the example's model as the first version of `fraud`."""
    folder = tmp_path_factory.mktemp("registry")
    with tracking.running(environment("mlflow"), folder, *free_ports(1)) as found:
        found.register(_MODEL, "fraud", "champion")
        yield found.url


def _made(fetcher: Make, registry: str, address: str) -> Fetcher:
    model = f'{{ format: mlflow, uri: "{address}", credentials: {{ registry: r }} }}'
    spec = f"{model}\nimage: {{ requirements: requirements.txt }}"
    return fetcher(spec, f'[{{ name: r, type: mlflow, endpoint: "{registry}" }}]')


@pytest.mark.parametrize("address", ["models:/fraud/1", "models:/fraud@champion"])
def test_a_version(fetcher: Make, registry: str, address: str) -> None:
    """By its number or by an alias, all files of the model come as they were registered."""
    made = _made(fetcher, registry, address)
    made.run()
    meant = {path.name: path.read_bytes() for path in _MODEL.iterdir() if path.is_file()}
    assert made.files() == meant


def test_what_was_locked(fetcher: Make, registry: str) -> None:
    """With the digests of all files other bytes are refused, and what is as it was is not fetched again."""
    made = _made(fetcher, registry, "models:/fraud/1")
    made.run()
    flags = [f"--sha256={hashlib.sha256(data).hexdigest()}:{name}" for name, data in sorted(made.files().items())]
    exact = Fetcher((*made.command, *flags, "--nothing-else"), made.env, made.folder)
    assert "is there already" in exact.run()
    wrong = [f"--sha256={'0' * 64}:MLmodel"]
    assert "MLmodel has the SHA-256" in Fetcher((*made.command, *wrong), made.env, made.folder).run(code=4)


def test_a_version_that_is_not_there(fetcher: Make, registry: str) -> None:
    """It is said in one line."""
    made = _made(fetcher, registry, "models:/fraud/7")
    assert made.run(code=3).count("\n") == 1
