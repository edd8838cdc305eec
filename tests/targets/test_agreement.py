"""One truth: what several artefacts say, they say alike. Each is read back by a parser that is not ours."""

from __future__ import annotations

import ast
import io
import posixpath
import re
import shlex
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import dockerfile as buildkit
import javaproperties
import pytest
from ruamel.yaml import YAML

_EXAMPLES = Path(__file__).parents[2] / "examples"
_FOLDERS = sorted(path.parent for path in _EXAMPLES.glob("*/deploy/*/torchserve"))


@dataclass(frozen=True)
class Emitted:
    """The committed artefacts of an example, as others read them."""

    folder: Path

    def _yaml(self, path: Path) -> Any:
        return YAML(typ="safe").load(path)

    @property
    def project(self) -> Path:
        """The project folder, which is the build context."""
        return self.folder.parents[1]

    @cached_property
    def spec(self) -> Any:
        """What the user wrote."""
        return self._yaml(self.project / "serving.yaml")

    @cached_property
    def service(self) -> Any:
        """The one service of the compose file."""
        (service,) = self._yaml(self.folder / "compose" / "compose.yaml")["services"].values()
        return service

    @cached_property
    def instructions(self) -> list[Any]:
        """The Dockerfile's instructions, by BuildKit's parser."""
        return list(buildkit.parse_file(str(self.folder / "docker" / "Dockerfile")))

    @cached_property
    def last_stage(self) -> list[Any]:
        """The instructions that make the image itself."""
        starts = [index for index, item in enumerate(self.instructions) if item.cmd.upper() == "FROM"]
        return self.instructions[starts[-1] :]

    def values(self, name: str) -> list[tuple[str, ...]]:
        """The arguments of an instruction, wherever the image has it."""
        return [item.value for item in self.last_stage if item.cmd.upper() == name]

    @cached_property
    def env(self) -> dict[str, str]:
        """The variables of the image."""
        pairs = self.values("ENV")
        return {
            name: shlex.split(value)[0] for words in pairs for name, value in zip(words[::2], words[1::2], strict=True)
        }

    @cached_property
    def properties(self) -> dict[str, str]:
        """TorchServe's configuration."""
        text = (self.folder / "torchserve" / "config.properties").read_bytes()
        found: dict[str, str] = javaproperties.load(io.BytesIO(text))
        return found

    @cached_property
    def model(self) -> Any:
        """The configuration that travels with the model."""
        return self._yaml(self.folder / "torchserve" / "model-config.yaml")

    @cached_property
    def archiver(self) -> dict[str, str]:
        """The options that the archive script gives to the archiver."""
        text = (self.folder / "torchserve" / "archive.sh").read_text().replace("\\\n", " ")
        (line,) = [line for line in text.splitlines() if "torch-model-archiver" in line]
        words = [word for word in shlex.split(line) if word.startswith("--") and "=" in word]
        return dict(word.split("=", 1) for word in words)

    def literal(self, program: str) -> dict[str, Any]:
        """The literal in an emitted program."""
        tree = ast.parse((self.folder / "torchserve" / program).read_text())
        (value,) = [
            node.value for node in tree.body if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "SPEC"
        ]
        found: dict[str, Any] = ast.literal_eval(value)
        return found

    @cached_property
    def home(self) -> str:
        """The folder of the server in the image."""
        ((home,),) = self.values("WORKDIR")
        return shlex.split(home)[0]

    @cached_property
    def read_by_the_build(self) -> set[str]:
        """What the Dockerfile takes from the project folder, by COPY and by mounts."""
        copies = [item for item in self.instructions if item.cmd.upper() == "COPY" and not _stage_of(item)]
        mounts = [flag for item in self.instructions for flag in item.flags if flag.startswith("--mount=type=bind")]
        sources = {source for item in copies for source in item.value[:-1]}
        return sources | {re.search(r"source=([^,]+)", mount)[1] for mount in mounts}  # type: ignore[index]


def _stage_of(copy: Any) -> str | None:
    """The stage that a COPY takes from; None for the build context."""
    stages = [flag.removeprefix("--from=") for flag in copy.flags if flag.startswith("--from=")]
    return stages[0] if stages else None


@pytest.fixture(params=_FOLDERS, ids=lambda path: path.name)
def emitted(request: pytest.FixtureRequest) -> Emitted:
    """Each example's artefacts."""
    return Emitted(request.param)


def _port(address: str) -> int:
    return int(address.rpartition(":")[2])


def test_there_are_examples() -> None:
    """The folders are found: a wrong path here would make every other test pass."""
    assert len(_FOLDERS) >= 1


def test_ports_of_clients(emitted: Emitted) -> None:
    """Server, image, compose file and entry point name the same two ports; compose publishes both on loopback."""
    wanted = emitted.spec["runtime"].get("protocols", {})
    rest, grpc = wanted.get("rest", 8080), wanted.get("grpc", 7070)
    assert _port(emitted.properties["inference_address"]) == rest
    assert int(emitted.properties["grpc_inference_port"]) == grpc
    assert _port(emitted.env["TS_INFERENCE_ADDRESS"]) == rest
    assert _port(emitted.literal("entrypoint.py")["inference"]) == rest
    assert [value for (value,) in emitted.values("EXPOSE")] == [f"{rest}/tcp", f"{grpc}/tcp"]
    assert emitted.service["ports"] == [f"127.0.0.1:{port}:{port}" for port in (rest, grpc)]


def test_ports_of_the_operator(emitted: Emitted) -> None:
    """Management is asked where it listens, which is loopback, and is neither exposed nor published."""
    management = emitted.properties["management_address"]
    assert management.startswith("http://127.0.0.1:")
    assert (
        emitted.literal("healthcheck.py")["management"] == emitted.literal("entrypoint.py")["management"] == management
    )
    private = {_port(emitted.properties[f"{name}_address"]) for name in ("management", "metrics")}
    private.add(int(emitted.properties["grpc_management_port"]))
    public = {int(port.rpartition(":")[2]) for port in emitted.service["ports"]}
    assert not private & public
    assert len(private | public) == 5


def test_the_model(emitted: Emitted) -> None:
    """The archive that is made is the one that is loaded, under the name that the health check asks for."""
    name, _, archive = emitted.properties["load_models"].partition("=")
    assert emitted.archiver["--model-name"] == name == emitted.literal("healthcheck.py")["model"]
    assert archive == f"{name}-{emitted.archiver['--version']}.mar"
    assert (emitted.folder / "torchserve" / "archive.sh").read_text().rstrip().endswith(f"/{archive}")
    assert name == emitted.spec["model"].get("name", emitted.spec["name"])


def test_files_of_the_archive(emitted: Emitted) -> None:
    """What the archiver packs is there, and reaches the stage of the image that packs it."""
    names = ("--serialized-file", "--model-file", "--handler", "--config-file")
    packed = {path for name in names if (path := emitted.archiver.get(name))}
    assert all((emitted.project / path).is_file() for path in packed)
    assert packed <= emitted.read_by_the_build


def test_the_image(emitted: Emitted) -> None:
    """The compose file's tag bears the release that the image's label bears, and it builds the emitted Dockerfile."""
    repository, _, tag = emitted.service["image"].rpartition(":")
    labels = {words[0].strip('"'): shlex.split(words[1])[0] for words in emitted.values("LABEL")}
    release = labels["org.opencontainers.image.version"]
    assert release == emitted.spec["release"]
    assert re.fullmatch(re.escape(release) + "-[0-9a-f]{12}", tag)
    assert repository == emitted.spec.get("image", {}).get("repository", emitted.spec["name"])
    context = (emitted.folder / "compose" / emitted.service["build"]["context"]).resolve()
    assert context == emitted.project
    assert context / emitted.service["build"]["dockerfile"] == emitted.folder / "docker" / "Dockerfile"


def test_the_health_check(emitted: Emitted) -> None:
    """Image and compose file ask the same question, as often and as patiently; the program is in the image."""
    (probe,) = [item for item in emitted.last_stage if item.cmd.upper() == "HEALTHCHECK"]
    flags = dict(flag.removeprefix("--").split("=") for flag in probe.flags)
    told = emitted.service["healthcheck"]
    assert list(probe.value) == told["test"]
    assert flags == {
        "interval": told["interval"],
        "timeout": told["timeout"],
        "start-period": told["start_period"],
        "retries": str(told["retries"]),
    }
    assert int(told["timeout"].rstrip("s")) == emitted.literal("healthcheck.py")["timeout"]
    assert told["test"][-1] == f"{emitted.home}/healthcheck.py"


def test_programs_are_in_the_image(emitted: Emitted) -> None:
    """The entry point, the health check and the configuration that they name are copied into the server's folder."""
    copied = [words for words in emitted.values("COPY") if words[-1] == f"{emitted.home}/"]
    names = {posixpath.basename(source) for words in copied for source in words[:-1]}
    ((*_, entry),) = emitted.values("ENTRYPOINT")
    assert posixpath.dirname(entry) == emitted.home
    assert {posixpath.basename(entry), "healthcheck.py", "config.properties", "log4j2.properties"} == names
    program = (emitted.folder / "torchserve" / "entrypoint.py").read_text()
    assert all(f"{{HERE}}/{name}" in program for name in names if name.endswith(".properties"))


def test_the_user(emitted: Emitted) -> None:
    """Image and compose file name one numeric user, who owns the scratch folder."""
    ((user,),) = emitted.values("USER")
    assert emitted.service["user"] == user
    uid, gid = map(int, user.split(":"))
    assert uid > 0
    (tmpfs,) = emitted.service["tmpfs"]
    assert {f"uid={uid}", f"gid={gid}"} <= set(tmpfs.partition(":")[2].split(","))


def test_paths_in_the_image(emitted: Emitted) -> None:
    """Models are loaded from where they are packed to; all that is written goes to the one writable folder."""
    store, archive = emitted.properties["model_store"], emitted.properties["load_models"].partition("=")[2]
    packed = [
        item.value for item in emitted.last_stage if item.cmd.upper() == "COPY" and item.value[-1].startswith(store)
    ]
    assert [value[-1] for value in packed] == [f"{store}/{archive}"]
    assert store.startswith(f"{emitted.home}/")
    assert re.fullmatch(emitted.properties["allowed_urls"], f"file://{store}/{archive}")
    scratch = emitted.service["tmpfs"][0].partition(":")[0]
    assert {emitted.env[name] for name in ("TEMP", "TMPDIR", "HOME")} == {scratch}


def test_both_ways_to_pack(emitted: Emitted) -> None:
    """The image packs with the archiver's options of the script, whatever the folder of each file."""
    runs = [item for item in emitted.instructions if item.cmd.upper() == "RUN" and item.json]
    (run,) = [item for item in runs if item.value[0].endswith("/torch-model-archiver")]
    built = dict(word.split("=", 1) for word in run.value if word.startswith("--") and "=" in word)
    image, script = (
        {name: posixpath.basename(value) for name, value in options.items() if name != "--export-path"}
        for options in (built, emitted.archiver)
    )
    assert image == script
    (taken,) = [item for item in emitted.last_stage if item.cmd.upper() == "COPY" and _stage_of(item)]
    assert taken.value[0] == f"{built['--export-path']}{built['--model-name']}.mar"


def test_the_ignore_file(emitted: Emitted) -> None:
    """Exactly what the Dockerfile reads gets into the build, and all of it is there; of folders not what Python left."""
    lines = (emitted.folder / "docker" / "Dockerfile.dockerignore").read_text().splitlines()
    rules = [line for line in lines if not line.startswith("#")]
    assert (rules[0], rules[-1]) == ("*", "**/__pycache__")
    assert {rule.removeprefix("!") for rule in rules[1:-1]} == emitted.read_by_the_build
    assert all((emitted.project / path).exists() for path in emitted.read_by_the_build)


def test_workers_and_times(emitted: Emitted) -> None:
    """Both configurations of the server agree, and a stop takes no longer than compose waits for it."""
    properties, model = emitted.properties, emitted.model
    assert int(properties["default_workers_per_model"]) == model["minWorkers"] == model["maxWorkers"]
    assert int(properties["default_response_timeout"]) == model["responseTimeout"]
    assert int(properties["default_startup_timeout"]) == model["startupTimeout"]
    assert int(emitted.service["healthcheck"]["start_period"].rstrip("s")) >= model["startupTimeout"]
    assert int(emitted.service["stop_grace_period"].rstrip("s")) > emitted.literal("entrypoint.py")["drain_seconds"]


def test_the_token(emitted: Emitted) -> None:
    """Server, entry point and health check agree on whether a token is asked for."""
    asked = emitted.spec.get("security", {}).get("authorization", "token") == "token"
    assert emitted.properties["disable_token_authorization"] == str(not asked).lower()
    assert emitted.literal("entrypoint.py")["token"] is emitted.literal("healthcheck.py")["token"] is asked


def test_java_is_started_as_installed(emitted: Emitted) -> None:
    """The memory limit of the container is above what the virtual machine may take, and a Java runtime is installed."""
    heap = next(flag for flag in emitted.literal("entrypoint.py")["jvm"] if flag.startswith("-Xmx"))
    limit = emitted.service["deploy"]["resources"]["limits"]["memory"]
    assert int(heap.removeprefix("-Xmx").rstrip("m")) < int(limit.rstrip("m"))
    assert any("jre-headless" in item.value[0] for item in emitted.last_stage if item.cmd.upper() == "RUN")
