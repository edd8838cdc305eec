"""One truth: what a cluster is told of a server is what its image and its own files say, for every example."""

from __future__ import annotations

import hashlib
import json
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dockerfile as buildkit
import pytest
import yaml

from tests.kube.objects import started

_EXAMPLES = Path(__file__).parents[2] / "examples"
_PLATFORMS = ("kubernetes", "seldon", "kserve")


@dataclass(frozen=True)
class Told:
    """A container of ours that a cluster is told of, and the Dockerfile of its image."""

    where: str
    pod: dict[str, Any]
    container: dict[str, Any]
    spec: dict[str, Any]
    dockerfile: Path

    def values(self, name: str) -> list[tuple[str, ...]]:
        """The arguments of an instruction of the last stage, wherever it stands there."""
        instructions = list(buildkit.parse_file(str(self.dockerfile)))
        start = max(index for index, item in enumerate(instructions) if item.cmd.upper() == "FROM")
        return [item.value for item in instructions[start:] if item.cmd.upper() == name]


def _spec(target: Path) -> dict[str, Any]:
    """The spec above a target's folder."""
    (project,) = (folder for folder in target.parents if (folder / "serving.yaml").is_file())
    found: dict[str, Any] = yaml.safe_load((project / "serving.yaml").read_text())
    return found


def _documents(target: Path) -> list[dict[str, Any]]:
    """The objects of a target's folder."""
    texts = (path.read_text() for path in sorted(target.glob("*.yaml")))
    return [item for text in texts for item in yaml.safe_load_all(text) if "kind" in item]


_TARGETS = sorted(path for name in _PLATFORMS for path in _EXAMPLES.glob(f"*/deploy/**/{name}") if path.is_dir())
_ids = {"ids": lambda path: f"{path.relative_to(_EXAMPLES)}"}


def _told() -> Iterator[Told]:
    for target in _TARGETS:
        spec = _spec(target)
        # What is served, not run once.
        for pod in started([item for item in _documents(target) if item["kind"] not in ("Job", "CronJob")]):
            for container in pod["spec"]["containers"]:
                if container.get("image", "").startswith(spec.get("image", {}).get("repository", spec["name"]) + ":"):
                    where = f"{target.relative_to(_EXAMPLES)}: {container['image'].rpartition(':')[2]}"
                    yield Told(where, pod, container, spec, _dockerfile(target.parent / "docker", spec, pod))


def _dockerfile(folder: Path, spec: dict[str, Any], pod: dict[str, Any]) -> Path:
    """That of the variant which the pod is of, if there are variants."""
    names = [variant["name"] for variant in spec.get("variants", ())]
    labels = " ".join(map(str, pod["metadata"]["labels"].values()))
    of = [name for name in names if re.search(rf"(?:^|[ -]){re.escape(name)}(?:$| )", labels)]
    return folder / (f"{of[0]}.Dockerfile" if of else "Dockerfile")


@pytest.fixture(params=list(_told()), ids=lambda told: told.where)
def told(request: pytest.FixtureRequest) -> Told:
    """Each container."""
    found: Told = request.param
    return found


def test_there_are_containers() -> None:
    """The files are found: a wrong path here would make every other test pass."""
    assert len(list(_told())) >= 1


def test_the_image(told: Told) -> None:
    """The tag bears the release, and what is pulled is what the Dockerfile labels so."""
    tag = told.container["image"].rpartition(":")[2]
    release = told.spec.get("release", "0.1.0")
    assert re.fullmatch(rf"{re.escape(release)}-(?:[a-z0-9-]+-)?[0-9a-f]{{12}}", tag)
    labels = {words[0].strip('"'): shlex.split(words[1])[0] for words in told.values("LABEL")}
    assert labels["org.opencontainers.image.version"] == release


def test_ports(told: Told) -> None:
    """Every port that the image exposes is a port of the container, and clients have no other but the metrics'."""
    exposed = {int(value.partition("/")[0]) for (value,) in told.values("EXPOSE")}
    given = {port["containerPort"]: port["name"] for port in told.container["ports"]}
    assert exposed <= set(given)
    assert all("metrics" in given[port] for port in set(given) - exposed)


def test_the_user(told: Told) -> None:
    """A pod runs as the user that the image is made for."""
    security = {**told.pod["spec"].get("securityContext", {}), **told.container.get("securityContext", {})}
    ((user,),) = told.values("USER")
    assert user == f"{security['runAsUser']}:{security['runAsGroup']}"


def test_folders_that_are_written_to(told: Told) -> None:
    """The folder for all that the server writes is a volume, since nothing else can be written to."""
    env = {
        name: shlex.split(value)[0]
        for words in told.values("ENV")
        for name, value in zip(words[::2], words[1::2], strict=True)
    }
    mounts = {mount["mountPath"] for mount in told.container["volumeMounts"]}
    assert {env[name] for name in ("HOME", "TMPDIR") if name in env} <= mounts


def test_the_question_whether_it_is_ready(told: Told) -> None:
    """It is the image's own health check, or the path that this one asks for."""
    (probe,) = [item for item in buildkit.parse_file(str(told.dockerfile)) if item.cmd.upper() == "HEALTHCHECK"]
    ready = told.container["readinessProbe"]
    if "exec" in ready:
        assert list(probe.value) == ["CMD", *ready["exec"]["command"]]
        return
    asks = " ".join(probe.value)
    programs = [path.read_text() for path in told.dockerfile.parents[1].rglob("healthcheck.py")]
    path = ready["httpGet"]["path"]
    steps = [step for step in path.split("/") if step]
    assert path in asks or any(all(step in program for step in steps) for program in programs)


def test_resources(told: Told) -> None:
    """What is set aside and what is the most are those of the spec, in the cluster's own writing."""
    given, made = told.spec.get("resources", {}), told.container["resources"]
    for side in ("requests", "limits"):
        for name, amount in given.get(side, {}).items():
            assert _amount(made[side][name]) == _amount(amount), (side, name)


def _amount(text: str) -> float:
    units = {"m": 1e-3, "": 1, "k": 1e3, "M": 1e6, "G": 1e9, "Ki": 2**10, "Mi": 2**20, "Gi": 2**30}
    match = re.fullmatch(r"([0-9.]+)([a-zA-Z]*)", str(text))
    assert match
    return float(match[1]) * units[match[2]]


def test_variables(told: Told) -> None:
    """Every variable of the spec reaches the container: text as it is, a secret by its name and key."""
    env = {item["name"]: item for item in told.container.get("env", ())}
    for name, value in told.spec.get("runtime", {}).get("env", {}).items():
        if isinstance(value, str):
            assert env[name]["value"].replace("$$", "$") == value
        else:
            reference = env[name]["valueFrom"]["secretKeyRef"]
            assert (reference["name"], reference["key"]) == (value["secret"], value["key"])


def _models(spec: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The model of each variant that gets requests or copies, by its name; of a spec without variants the one."""
    for variant in spec.get("variants", ()):
        yield variant["name"], {**spec["model"], **variant.get("model", {})}
    if not spec.get("variants"):
        yield "", spec["model"]


def _values(value: Any, *names: str) -> Iterator[Any]:
    """What stands at these keys, however deep."""
    if isinstance(value, list):
        for item in value:
            yield from _values(item, *names)
    elif isinstance(value, dict):
        for key, item in value.items():
            if key in names and isinstance(item, str):
                yield item
            yield from _values(item, *names)


@pytest.mark.parametrize("target", _TARGETS, **_ids)
def test_addresses_of_models(target: Path) -> None:
    """A platform that fetches models is told the addresses of the spec, for each variant its own, and no other; a model
    that is in an image has none there."""
    spec, shadows = _spec(target), target.name != "kserve"
    kept = {item["name"] for item in spec.get("variants", ()) if shadows or not item.get("shadow")} or {""}
    wanted = {model["uri"] for name, model in _models(spec) if name in kept and "://" in model["uri"]}
    told = list(_values(_documents(target), "modelUri", "storageUri"))
    told += [fetcher["args"][0] for _, fetcher in _fetchers(target)]
    assert sorted(told) == sorted(wanted)


def _fetchers(target: Path) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Each pod whose model is fetched by a step of ours, with the container that does it."""
    for pod in started(_documents(target)):
        for container in pod["spec"].get("initContainers", ()):
            if container["name"] == "fetch-model":
                yield pod["spec"], container


_FETCHING = [target for target in _TARGETS if any(_fetchers(target))]
_BESIDE = [target for target in _FETCHING if (target.parent / "compose").is_dir()]


def test_there_are_models_that_are_fetched() -> None:
    """The tests below have something to look at."""
    assert _BESIDE


@pytest.mark.parametrize("target", _BESIDE, **_ids)
def test_compose_fetches_as_a_cluster_does(target: Path) -> None:
    """The same image of ours gets the same words, is told of the same storage, and takes the same keys of the same
    secrets, under the names that a shell has for them."""
    services = yaml.safe_load((target.parent / "compose" / "compose.yaml").read_text())["services"]
    in_compose = sorted(
        (item["image"], item["command"], sorted(item.get("environment", {}).items()))
        for name, item in services.items()
        if name.endswith("-fetch")
    )
    assert in_compose == sorted(
        (item["image"], item["args"], sorted(map(_as_compose_says, item.get("env", ()))))
        for _, item in _fetchers(target)
    )


def _as_compose_says(variable: dict[str, Any]) -> tuple[str, str]:
    if "value" in variable:
        return variable["name"], variable["value"]
    key = variable["valueFrom"]["secretKeyRef"]
    shell = "__".join(re.sub("[^A-Z0-9]+", "_", word.upper()) for word in (key["name"], key["key"]))
    return variable["name"], f"${{{shell}:?key {key['key']} of the secret {key['name']}}}"


@pytest.mark.parametrize("target", _FETCHING, **_ids)
def test_a_server_looks_where_its_model_is_put(target: Path) -> None:
    """The program writes to the volume that the server reads, and the server's own settings name the file there that
    the address ends with and the digest is of."""
    for pod, fetcher in _fetchers(target):
        address, folder, *flags = fetcher["args"]
        (volume,) = (item["name"] for item in fetcher["volumeMounts"] if item["mountPath"] == folder)
        (mount,) = (item for item in pod["containers"][0]["volumeMounts"] if item["name"] == volume)
        assert mount["readOnly"] is True
        place, name = Path(mount["mountPath"]), address.rpartition("/")[2]
        settings = [json.loads(path.read_text()) for path in target.parent.rglob("model-settings.json")]
        assert place / name in [place.parent / item["parameters"]["uri"] for item in settings]
        digest = _spec(target)["model"].get("digest", "")
        assert flags == ([f"--{digest.replace('sha256:', 'sha256=')}:{name}"] if digest else [])


@pytest.mark.parametrize("target", _FETCHING, **_ids)
def test_what_a_fetcher_needs_is_listed(target: Path) -> None:
    """Each key of a secret that it takes is in the contract of what must exist, in the same namespace."""
    contract = target / "needs" / "secrets.json"
    needed = json.loads(contract.read_text())["secrets"] if contract.is_file() else []
    listed = {(item["namespace"], item["name"], key) for item in needed for key in item["keys"]}
    namespaces = {item["metadata"].get("namespace") for item in _documents(target)}
    keys = [
        item["valueFrom"]["secretKeyRef"]
        for _, made in _fetchers(target)
        for item in made.get("env", ())
        if "valueFrom" in item
    ]
    assert {(space, key["name"], key["key"]) for space in namespaces for key in keys} <= listed


@pytest.mark.parametrize("dockerfile", sorted(_EXAMPLES.glob("*/deploy/*/docker/*Dockerfile")), **_ids)
def test_digests_of_models(dockerfile: Path) -> None:
    """The digest that the spec says of a variant's model is that of the file beside it, and its image is built of no
    other."""
    (project,) = (folder for folder in dockerfile.parents if (folder / "serving.yaml").is_file())
    variant = dockerfile.name.removesuffix("Dockerfile").rstrip(".")
    model = dict(_models(_spec(dockerfile))).get(variant)
    if model is None or "digest" not in model or not (project / model["uri"]).is_file():
        return
    digest = hashlib.sha256((project / model["uri"]).read_bytes()).hexdigest()
    assert model["digest"] == f"sha256:{digest}"
    compared = [item.value for item in buildkit.parse_file(str(dockerfile)) if digest in item.original]
    assert [value[-1].rpartition("/")[2] for value in compared] == [Path(model["uri"]).name]


@pytest.mark.parametrize("folder", sorted({target.parent for target in _TARGETS}), **_ids)
def test_images_are_the_same_everywhere(folder: Path) -> None:
    """Every platform, and the compose file, serves by the same images of ours; KServe all but a shadow's. Those which
    fetch a model themselves serve by none where it lies in a storage."""
    spec = _spec(folder / "any")
    ours = f"{spec.get('image', {}).get('repository', spec['name'])}:"
    stored = any("://" in model["uri"] for _, model in _models(spec))
    used = {
        path.name: _images(_documents(path), ours)
        for path in sorted(folder.iterdir())
        if path.name in (("kubernetes",) if stored else _PLATFORMS)
    }
    compose = folder / "compose" / "compose.yaml"
    if compose.is_file():
        used["compose"] = _images(yaml.safe_load(compose.read_text()), ours)
    most = max(used.values(), key=len, default=set())
    shadows = sum(bool(item.get("shadow")) for item in spec.get("variants", ()))
    for name, images in used.items():
        assert images <= most, name
        assert len(most) - len(images) == (shadows if name == "kserve" else 0), name


def _images(documents: Any, ours: str) -> set[str]:
    """The images of ours in some documents, without that of a proxy, which only Compose needs."""
    return {image for image in _values(documents, "image") if image.startswith(ours) and "-proxy-" not in image}
