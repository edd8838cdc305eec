"""The Dockerfile: which field becomes which instruction, as BuildKit's own parser reads it."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import dockerfile as buildkit
import pytest

from servespec.artifacts import Bundle, Content
from servespec.emit.shape import Shape
from servespec.targets.docker import dockerfile, naming
from tests.projects import HEAD, analyse, finding, made, write

_REQUIREMENTS = "requirements.txt"


@pytest.fixture
def instructions(bundles: Callable[..., dict[str, Bundle]], text: Callable[..., str]) -> Callable[..., list[Any]]:
    """The instructions of a spec's Dockerfile."""

    def read(spec: str = "", **more: Any) -> list[Any]:
        return list(buildkit.parse_string(text(bundles(spec, **more)["docker"], "Dockerfile")))

    return read


@pytest.fixture
def allowed(bundles: Callable[..., dict[str, Bundle]], text: Callable[..., str]) -> Callable[..., list[str]]:
    """The rules of a spec's ignore file."""

    def read(spec: str = "", **more: Any) -> list[str]:
        lines = text(bundles(spec, **more)["docker"], "Dockerfile.dockerignore").splitlines()
        return [line for line in lines if not line.startswith("#")]

    return read


def _image(fields: str) -> str:
    return f"image: {{ requirements: {_REQUIREMENTS}, {fields} }}\n"


def _values(found: list[Any], name: str) -> list[tuple[str, ...]]:
    return [item.value for item in found if item.cmd.upper() == name]


def _runs(found: list[Any], word: str) -> list[Any]:
    return [item for item in found if item.cmd.upper() == "RUN" and word in item.value[0]]


def test_the_base_and_the_python(instructions: Callable[..., list[Any]]) -> None:
    """`image.base` is taken as it is, digest and all; else `image.python` decides."""
    digest = "registry.example.com:5000/base/python@sha256:" + "a" * 64
    assert {value[0] for value in _values(instructions(_image(f"base: '{digest}'")), "FROM")} == {digest}
    bases = {value[0] for value in _values(instructions(_image("python: '3.12'")), "FROM")}
    assert bases == {"python:3.12-slim-bookworm"}


def test_packages_variables_and_files(
    instructions: Callable[..., list[Any]], allowed: Callable[..., list[str]]
) -> None:
    """System packages are installed with the server's, variables are set, files are copied and let through."""
    fields = (
        "systemPackages: [libgomp1], env: { GREETING: 'a \"b\" $c' }, files: [{ source: ./lookup, target: /opt/x }]"
    )
    found = instructions(_image(fields), files={"lookup/a.txt": "a"})
    (install,) = _runs(found, "apt-get install")
    assert shlex.split(install.value[0])[-2:] == ["openjdk-17-jre-headless", "libgomp1"]
    assert ("GREETING", '"a \\"b\\" \\$c"') in _values(found, "ENV")
    (copied,) = (item for item in found if item.value == ("lookup", "/opt/x"))
    assert copied.flags == ("--chmod=0755",)  # of a checkout under a strict umask all would be root's alone
    assert "!lookup" in allowed(_image(fields), files={"lookup/a.txt": "a"})


def test_what_a_link_leads_to_is_let_in(tmp_path: Path) -> None:
    """Of a link, or of a path through one, the build sees each link and the file at the end; one that leads out of a
    folder that is copied is refused."""
    model = "model: {format: sklearn, uri: ./model/current.joblib, framework: {name: scikit-learn, version: 1.9.1}}\n"
    files = {"store/v3.joblib": b"weights", "lookup/a.txt": "a"}
    project = write(tmp_path, HEAD + model + "image: {files: [{source: ./lookup, target: /opt/x}]}\n", files)
    (project / "model").symlink_to("store")
    (project / "store" / "current.joblib").symlink_to("v3.joblib")
    (project / "lookup" / "b.txt").symlink_to("a.txt")
    ignored = made(analyse(project))["docker/Dockerfile.dockerignore"].splitlines()
    assert {"!model", "!store/current.joblib", "!store/v3.joblib", "!lookup"} < set(ignored)
    (project / "lookup" / "c.txt").symlink_to("../store/v3.joblib")
    assert finding(analyse(project), "link-out-of-context").headline.startswith("`lookup/c.txt`")


def test_indexes_and_their_secret(instructions: Callable[..., list[Any]]) -> None:
    """The first index replaces the default one; credentials are mounted for the step, and are in no instruction."""
    fields = (
        "buildSecrets: [netrc], "
        "indexes: [{ url: 'https://one.example/simple', secret: netrc }, { url: 'https://two.example/simple' }]"
    )
    installs = _runs(instructions(_image(fields)), " install ")
    pips = [item for item in installs if "pip" in item.value[0]]
    assert len(pips) == 2
    for item in pips:
        assert "--index-url=https://one.example/simple" in item.value[0]
        assert "--extra-index-url=https://two.example/simple" in item.value[0]
        assert "--mount=type=secret,id=netrc,target=/root/.netrc,required=true" in item.flags


def test_hashes_are_enforced_when_there_are_any(instructions: Callable[..., list[Any]]) -> None:
    """Locked requirements are installed with their hashes; the server's own pins, which have none, after them."""
    lock = f"torch==2.13.0 --hash=sha256:{'0' * 64}\nnumpy==2.4.6 --hash=sha256:{'1' * 64}\n"
    found = instructions(files={_REQUIREMENTS: lock})
    (install,) = _runs(found, "/opt/venv/bin/python install")
    first, second = install.value[0].split("install")[1:]
    targets = {words[0].rpartition("/")[0]: words[1] for words in _values(found, "COPY") if len(words) == 2}
    assert "--require-hashes" in first
    assert f"--requirement={targets['']}" in first
    assert "--require-hashes" not in second
    assert f"--requirement={targets['deploy/fraud-detector/torchserve']}" in second
    (plain,) = _runs(instructions(), "/opt/venv/bin/python install")
    assert "--require-hashes" not in plain.value[0]


def test_dependencies_come_before_code(instructions: Callable[..., list[Any]]) -> None:
    """In the last stage nothing of the project but requirements is copied before they are installed."""
    found = instructions()
    starts = [index for index, item in enumerate(found) if item.cmd.upper() == "FROM"]
    last = found[starts[-1] :]
    installed = last.index(_runs(last, "/opt/venv/bin/python install")[0])
    copied = [item.value[0] for item in last[:installed] if item.cmd.upper() == "COPY"]
    assert copied == ["deploy/fraud-detector/torchserve/requirements.txt", "requirements.txt"]


def test_our_own_files_can_be_read_by_the_user(instructions: Callable[..., list[Any]]) -> None:
    """A checkout may have been made under a strict umask: what servespec emits gets its mode in the image."""
    copied = [item for item in instructions() if item.cmd.upper() == "COPY" and item.value[-1] == "/srv/torchserve/"]
    assert [item.flags for item in copied] == [("--chmod=0644",)]


def test_everything_that_runs_is_an_exec_form(instructions: Callable[..., list[Any]]) -> None:
    """Entry point and health check start without a shell, so that signals reach the program."""
    found = instructions()
    assert all(item.json for item in found if item.cmd.upper() in ("ENTRYPOINT", "HEALTHCHECK", "CMD"))
    assert [item.value for item in found if item.cmd.upper() == "CMD"] == []


def test_the_tag_follows_what_goes_in(bundles: Callable[..., dict[str, Bundle]]) -> None:
    """The same content has the same tag; code, settings, requirements and release give another one each."""

    def tag(spec: str = "", **more: Any) -> str:
        (line,) = bundles(spec, **more)["docker"].here
        (found,) = [word for word in shlex.split(line) if word.startswith("--tag=")]
        return found

    first = tag()
    others = [
        tag("release: '2.0'\n"),
        tag("runtime: { microBatch: { size: 2 } }\n"),
        tag("runtime: { protocols: { rest: 9000 } }\n"),
        tag(_image("systemPackages: [libgomp1]")),
        tag(f"model: {{ format: pytorch, uri: ./model, digest: 'sha256:{'0' * 64}' }}\n"),
        tag("", files={"model/model.py": "class Model:\n    x = 1\n"}),
    ]
    assert len({first, *others}) == 1 + len(others)
    assert tag("", files={"model/model.py": "class Model:\n    pass\n"}) == first
    assert tag("description: x\n") != first
    assert first.startswith("--tag=fraud-detector:0.1.0-")


def test_the_tag_follows_the_wheels(bundles: Callable[..., dict[str, Bundle]]) -> None:
    """pip takes what is in the folder, so that another build of the same version there is another image."""

    def tag(wheel: str) -> str:
        files = {"wheels/own-1.0-py3-none-any.whl": wheel}
        return bundles(_image("wheels: ./wheels"), files=files)["docker"].here[0]

    assert tag("one") == tag("one") != tag("another")


_BASE = "base: python:3.11.9-slim-bookworm"
_IN_THE_IMAGE = {
    "an accelerator": "resources: { accelerator: {} }\n" + _image(_BASE),
    "a base": _image("base: python:3.11.8-slim-bookworm"),
    "an index": _image(f"{_BASE}, indexes: [{{ url: 'https://pypi.example.com/simple' }}]"),
    "a variable": _image(f"{_BASE}, env: {{ A: b }}"),
    "a platform": _image(f"{_BASE}, platforms: [linux/arm64]"),
    "an owner": "owner: risk-ml\n" + _image(_BASE),
    "a user": "security: { runAsUser: 20001 }\n" + _image(_BASE),
    "a health check": "probes: { readiness: { periodSeconds: 15 } }\n" + _image(_BASE),
}
_AROUND_THE_IMAGE = {
    "a probe of platforms": "probes: { liveness: { periodSeconds: 15 } }\n" + _image(_BASE),
    "a label of the service, such as its stage": "labels: { stage: staging }\n" + _image(_BASE),
    "memory": "resources: { limits: { memory: 4Gi } }\n" + _image(_BASE),
    "a timeout of the whole": "network: { timeout: 30s }\n" + _image(_BASE),
    "security of its platform": "security: { readOnlyRootFilesystem: false, reason: it writes }\n" + _image(_BASE),
}


@pytest.mark.parametrize("change", [*_IN_THE_IMAGE, *_AROUND_THE_IMAGE])
def test_the_tag_follows_the_dockerfile(bundles: Callable[..., dict[str, Bundle]], change: str) -> None:
    """It is another one exactly when the image is: whatever a Dockerfile says counts, and what is around it does not."""

    def tag(spec: str) -> str:
        (line,) = bundles(spec)["docker"].here
        return line.partition("--tag=")[2]

    changed = {**_IN_THE_IMAGE, **_AROUND_THE_IMAGE}[change]
    assert (tag(changed) != tag(_image(_BASE))) is (change in _IN_THE_IMAGE)


def test_a_comment_is_in_no_image(bundles: Callable[..., dict[str, Bundle]], monkeypatch: pytest.MonkeyPatch) -> None:
    """What servespec tells the reader of a Dockerfile gives no new tag; what it tells BuildKit does."""
    before = bundles()["docker"].here

    def also(line: str) -> tuple[str, ...]:
        with monkeypatch.context() as patched:
            patched.setattr(naming, "written", lambda *a, **b: _followed(dockerfile.written(*a, **b), line))
            return bundles()["docker"].here

    assert also("# Another word.\n") == before
    assert also("STOPSIGNAL SIGINT\n") != before


def _followed(content: Content, line: str) -> Content:
    assert isinstance(content.expected, Shape)
    shape = Shape(content.expected.neutral + line, content.expected.values)
    return Content(content.text + line, (*content.origins, ("template:docker/Dockerfile:99",)), shape)


def test_build_secrets_are_arguments_of_the_build(bundles: Callable[..., dict[str, Bundle]]) -> None:
    """The command of the summary hands each over by the name of a variable, never by value."""
    (line,) = bundles(_image("buildSecrets: [pip-netrc]"))["docker"].here
    assert "--secret=id=pip-netrc,env=PIP_NETRC" in shlex.split(line)
