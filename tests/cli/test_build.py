"""`build`: what it writes, what it says, and what it leaves alone."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests import runner
from tests.projects import HEAD, SPEC, picture, servespec, write

_OUT = Path("deploy") / "fraud-detector"


def test_quiet_when_piped(project: Path) -> None:
    """A build that went well says nothing on standard output; warnings go to the other stream."""
    done = servespec(project, "build")
    assert (done.exit, done.out) == (0, "")
    assert done.err.startswith("warning[runtime-end-of-life]")


def test_the_summary(project: Path) -> None:
    """What was written, by target, with what it is, and the commands to type next."""
    lines = servespec(project, "build", "--summary").out.splitlines()
    assert lines[:22] == [
        "fraud-detector: 15 created in deploy/fraud-detector",
        "  client/  typed clients for REST and gRPC, to run or to import, and an OpenAPI document",
        "    openapi.json",
        "    requirements.txt",
        "    rest.py",
        "    rpc.py",
        "  compose/  a compose file that builds the image and runs it, hardened, with its health check",
        "    compose.yaml",
        "  docker/  a Dockerfile that builds the server with your model, and its .dockerignore",
        "    Dockerfile",
        "    Dockerfile.dockerignore",
        "  torchserve/  archive script, configuration, handler, entry point and health check of TorchServe",
        "    archive.sh",
        "    config.properties",
        "    entrypoint.py",
        "    handler.py",
        "    healthcheck.py",
        "    log4j2.properties",
        "    model-config.yaml",
        "    requirements.txt",
        "the image would keep its tag if model/weights.pt changed: `servespec lock` puts the digest into the tag",
        "next, one of:",
    ]
    archive, image, service = lines[22:]
    assert "torch-model-archiver --model-name=fraud-detector " in archive
    assert image.startswith("  DOCKER_BUILDKIT=1 docker build ")
    assert service == "  docker compose --file=deploy/fraud-detector/compose/compose.yaml up --build --wait"


_EXAMPLE = "examples: [{name: one, request: {instances: [[1]]}}]\n"


def _next(project: Path, spec: str) -> dict[str, list[str]]:
    """What a build says to type next: the first words of each line, by what stands above them."""
    write(project, spec, files={})
    out = servespec(project, "build", "--summary").out
    told: dict[str, list[str]] = {}
    for line in out[out.index("next") :].splitlines():
        if line.startswith("  "):
            list(told.values())[-1].append(" ".join(re.split(r" (?:--|\S+[/:]\S)", line.strip())[:1]))
        else:
            told[line] = []
    return told


def test_what_to_type_next(project: Path) -> None:
    """What is one or the other is told apart from what comes after it, and a cluster pulls an image that was pushed; to a
    name without a registry none can be."""
    kept = SPEC.replace("image: {", "image: {repository: registry.example.com/ml/fraud, ") + _EXAMPLE
    build, ask = "DOCKER_BUILDKIT=1 docker build", ["docker compose", "docker compose"]
    told = _next(project, f"{kept}targets: {{compose: , client: , kubernetes: , kserve: }}\n")
    assert list(told.items()) == [
        ("next, one of:", ["mkdir -p", "docker compose"]),
        ("while the service runs here, one of:", ask),
        ("for a cluster, one after the other:", [build, "docker push"]),
        ("then, one of:", ["kubectl apply", "kubectl apply"]),
    ]
    told = _next(project, f"{SPEC}targets: {{kubernetes: }}\n")
    assert list(told.items()) == [
        ("next:", ["mkdir -p"]),
        ("for a cluster:", [build]),
        ("then:", ["kubectl apply"]),
    ]
    told = _next(project, f"{kept}targets: {{compose: , client: , docker: }}\n")
    assert list(told.items()) == [
        ("next, one of:", ["mkdir -p", build, "docker compose"]),
        ("while the service runs here, one of:", ask),
    ]


def test_an_image_that_environments_share_is_built_once(project: Path) -> None:
    """What one of them builds the other one runs as well; an image of its own is built for each."""
    kept = SPEC.replace("image: {", "image: {repository: registry.example.com/ml/fraud, ")
    build = "DOCKER_BUILDKIT=1 docker build"
    for target, title in (("docker", "next, one of:"), ("kubernetes", "for a cluster, one after the other:")):
        for other, images in (("labels: {stage: test}", 1), ("runtime: {workers: 3}", 2)):
            told = _next(
                project,
                f"{kept}targets: {{{target}: }}\nenvironments: {{prod: {{}}, test: {{{other}}}}}\n",
            )
            assert told[title].count(build) == images
            assert told[title].count("docker push") in (0, images)


def test_an_image_is_pushed_by_the_name_that_the_manifests_have(project: Path) -> None:
    """What is built, what is pushed and what the cluster pulls are one."""
    spec = SPEC.replace("image: {", "image: {repository: registry.example.com/ml/fraud, ")
    write(project, f"{spec}targets: {{kubernetes: }}\n", files={})
    out = servespec(project, "build", "--summary").out
    pulled = re.search(
        r"image: \"?(registry\S+?)\"?$", (project / _OUT / "kubernetes/deployment.yaml").read_text(), re.M
    )
    assert pulled is not None
    assert f" --tag={pulled[1]} ." in out
    assert f"  docker push {pulled[1]}\n" in out


def test_the_summary_of_a_change(project: Path) -> None:
    """The second build says that nothing changed; one after an edit says which files, and why."""
    servespec(project, "build")
    assert servespec(project, "build", "--summary").out == "fraud-detector: nothing changed in deploy/fraud-detector\n"
    write(project, SPEC + "runtime: {workers: 2}\n", files={})
    out = servespec(project, "build", "--summary").out
    assert out.startswith("fraud-detector: 3 updated in deploy/fraud-detector\n")
    assert "    model-config.yaml  (spec changed)\n" in out
    assert "    Dockerfile\n" in out


def test_the_summary_tells_exceptions(project: Path) -> None:
    """What is overridden, suppressed and lost is part of what was done."""
    write(
        project,
        f"{SPEC}suppress: [{{rule: runtime-end-of-life, reason: known}}]\nresources: {{requests: {{cpu: '1'}}}}\n"
        "overrides: [{target: compose, file: compose.yaml, merge: {name: other}, reason: the old name}]\n",
        files={},
    )
    done = servespec(project, "build", "--summary")
    assert done.err == ""
    for line in (
        "1 suppressed by the spec",
        "overridden: compose/compose.yaml, the old name",
        "  resources.requests.cpu  in compose  approximated: Compose reserves CPUs in a swarm only; elsewhere nothing "
        "is set aside",
    ):
        assert line in done.out.splitlines()


def test_a_line_for_each_reason(project: Path) -> None:
    """Fields that are lost for the same reason stand together, in the summary and where it is an error."""
    write(project, f"{SPEC}scaling: {{replicas: 2}}\nplacement: {{tolerations: []}}\ntargets: {{docker: }}\n", files={})
    line = "  placement, scaling  in docker  dropped: an image does not say how many of it run, where, or for whom"
    refused = servespec(project, "build", "--strict")
    assert refused.exit == 1
    assert line in refused.err.splitlines()
    assert line in servespec(project, "build", "--summary").out.splitlines()


def test_it_tells_on_a_terminal(project: Path, tmp_path: Path) -> None:
    """Whoever sits before it gets the summary, in colour, without asking."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache"), "TERM": "xterm"}
    environment.pop("NO_COLOR", None)
    command = [sys.executable, "-m", "servespec", "build"]
    done = subprocess.run(command, cwd=project, env=environment, stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    text = os.read(ours, 1 << 16).decode()
    os.close(ours)
    assert done.returncode == 0
    assert "15 created in deploy/fraud-detector" in text
    assert "\x1b[" in text


@pytest.mark.parametrize("line", ["runtime: {workers: two}", "runtime: {protocols: {rest: 8081}}", "name: b"])
def test_nothing_is_written_on_errors(project: Path, line: str) -> None:
    """A spec with errors of shape, meaning or text leaves the disk as it was, built before or not."""
    sound = picture(project)
    write(project, f"{SPEC}{line}\n", files={})
    assert servespec(project, "build").exit == 1
    assert not (project / "deploy").exists()
    write(project, SPEC, files={})
    assert picture(project) == sound
    servespec(project, "build")
    before = picture(project / "deploy")
    write(project, f"{SPEC}{line}\n", files={})
    assert servespec(project, "build", "--force").exit == 1
    assert picture(project / "deploy") == before


def test_errors_are_findings(project: Path) -> None:
    """They go to the stream of errors, with a count, and nothing goes to the other."""
    write(project, f"{SPEC}runtime: {{workers: two}}\n", files={})
    done = servespec(project, "build")
    assert done.out == ""
    assert "error[wrong-type]: `workers` takes a whole number\n --> serving.yaml:6:20\n" in done.err.replace(
        "  -->", " -->"
    )
    assert "1 error and 1 warning in serving.yaml" in done.err


def test_json(project: Path) -> None:
    """`--format json` is one document of all specs on standard output, nothing else, with or without findings."""
    write(project, files={"two/serving.yaml": f"{HEAD}model: 5\n"})
    done = servespec(project, "build", "--format", "json", ".")
    assert done.exit == 1
    document = json.loads(done.out)
    assert {item["code"] for item in document["diagnostics"]} >= {"wrong-type", "runtime-end-of-life"}
    again = servespec(project, "build", "--format", "json", "serving.yaml")
    assert again.exit == 0
    assert json.loads(again.out)


def test_json_tells_losses(project: Path) -> None:
    """A field that a target drops or approximates is in the document, once, at its place; that of `validate` tells
    none, and that of a spec with errors has the key all the same."""
    cpu = "resources: {requests: {cpu: '1'}}\nenvironments: {staging: {owner: ml}, live: {}}\n"
    write(project, SPEC + cpu, files={"two/serving.yaml": f"{HEAD}model: 5\n"})
    (loss,) = json.loads(servespec(project, "build", "--format", "json", ".").out)["losses"]
    assert loss.pop("reason").startswith("Compose reserves CPUs")
    assert loss.pop("range")["start"] == {"line": 6, "column": 24, "byte": len(SPEC) + 23}
    wanted = {"field": "resources.requests.cpu", "target": "compose", "degree": "approximated", "file": "serving.yaml"}
    assert loss == wanted
    assert json.loads(servespec(project, "build", "--format", "json", "two").out)["losses"] == []
    assert "losses" not in json.loads(servespec(project, "validate", "--format", "json").out)


def test_concise(project: Path) -> None:
    """`--format concise` is one line a finding."""
    write(project, f"{SPEC}runtime: {{workers: two}}\n", files={})
    warned, failed = servespec(project, "build", "--format", "concise").err.splitlines()
    assert warned.startswith("serving.yaml:4:17: warning[runtime-end-of-life]: ")
    assert failed.startswith("serving.yaml:6:20: error[wrong-type]: `workers` takes a whole number")


def test_another_output_folder(project: Path) -> None:
    """`-o` is the folder below which each spec has its own."""
    assert servespec(project, "build", "-o", "generated/all").exit == 0
    assert (project / "generated" / "all" / "fraud-detector" / "compose" / "compose.yaml").is_file()
    assert not (project / "deploy").exists()


def test_the_working_folder_plays_no_part(project: Path) -> None:
    """Called from above by a path, or from below without one, the same spec makes the same files in its place."""
    servespec(project.parent, "build", "project/serving.yaml")
    above = picture(project / "deploy")
    servespec(project / "model", "build", "--force")
    assert picture(project / "deploy") == above
    assert not (project / "model" / "deploy").exists()


def test_narrowed_to_a_target(project: Path) -> None:
    """`-t` speaks for its targets alone: of the others nothing is written, removed or called out of date."""
    assert servespec(project, "build", "-t", "torchserve").exit == 0
    assert [path.name for path in sorted((project / _OUT).iterdir())] == [".servespec.json", "torchserve"]
    servespec(project, "build")
    before = picture(project / _OUT)
    write(project, SPEC + "runtime: {workers: 2}\n", files={})
    assert servespec(project, "build", "-t", "torchserve", "--check").exit == 3
    assert servespec(project, "build", "-t", "torchserve").exit == 0
    after = picture(project / _OUT)
    assert {path for path in before if before[path] != after[path]} == {
        ".servespec.json", "torchserve/config.properties", "torchserve/model-config.yaml",
    }  # fmt: skip
    assert servespec(project, "build", "-t", "torchserve", "--check").exit == 0
    assert servespec(project, "build", "--check").exit == 3


@pytest.mark.parametrize(("target", "built"), [("docker", ["docker", "torchserve"]), ("compose", None)])
def test_a_target_brings_what_it_requires(project: Path, target: str, built: list[str] | None) -> None:
    """A Dockerfile without the server's files that it copies, or a compose file without a Dockerfile, is no use."""
    servespec(project, "build", "-t", target)
    folders = [path.name for path in sorted((project / _OUT).iterdir()) if path.is_dir()]
    assert folders == (built or ["compose", "docker", "torchserve"])


def test_a_target_that_a_spec_does_not_ask_for(project: Path) -> None:
    """It is passed over, by its name: `-t` narrows, and most of many specs lack what one has."""
    done = servespec(project, "build", "-t", "seldon")
    assert done.exit == 0
    assert "serving.yaml: nothing to do, for it does not build `seldon`; `targets` says what it builds\n" in done.err
    write(project, SPEC + "targets: {}\n", files={})
    done = servespec(project, "build")
    assert done.exit == 0
    assert "warning[no-targets]" in done.err
    assert "serving.yaml: nothing to do, for it does not build anything;" in done.err
    assert not (project / "deploy").exists()


def test_a_target_that_there_is_not(project: Path) -> None:
    """A misspelt `-t` is wrong usage, with the right name; one that is nothing lists what there is."""
    write(project, files={"other/serving.yaml": "name: [\n"})
    done = servespec(project, "build", "-t", "dockre", ".")
    assert done.exit == 2
    assert done.err.count("dockre") == 1
    assert "serving.yaml" not in done.err
    assert "there is no target `dockre`: did you mean `docker`?" in done.err
    assert "the targets are `torchserve`, " in servespec(project, "build", "-t", "heroku").err
    assert not (project / "deploy").exists()


def test_an_output_outside_of_the_project(project: Path, tmp_path: Path) -> None:
    """What needs no build context is built there, the rest is refused with a sentence; nothing of it is half there."""
    done = servespec(project, "build", "-o", str(tmp_path / "elsewhere"))
    assert done.exit == 4
    assert "not built: `docker` and `compose`, since the output folder is outside the project folder" in done.err
    assert [path.name for path in sorted((tmp_path / "elsewhere" / "fraud-detector").iterdir())] == [
        ".servespec.json",
        "client",
        "torchserve",
    ]
    assert servespec(project, "build", "-o", str(tmp_path / "elsewhere"), "-t", "torchserve").exit == 0


def test_strict(project: Path) -> None:
    """With `--strict` a loss is an error: it is told, and nothing is written."""
    write(project, SPEC + "resources: {requests: {cpu: '1'}}\n", files={})
    done = servespec(project, "build", "--strict")
    assert done.exit == 1
    assert "resources.requests.cpu  in compose  approximated:" in done.err
    assert not (project / "deploy").exists()
    report = servespec(project, "build", "--strict", "--format", "junit").out
    (failure,) = ElementTree.fromstring(report).iter("failure")
    assert failure.get("type") == "lost-field"
    assert "serving.yaml:6:24: " in failure.get("message", "")
    done = servespec(project, "build", "--strict", "--format", "github")
    (command,) = (item for item in runner.commands(done.err) if item.properties["title"] == "lost-field")
    assert (command.name, command.properties["file"], command.properties["line"]) == ("error", "serving.yaml", "6")
    assert "resources.requests.cpu  in compose  approximated:" in done.err, "the reason is in the log"
    assert "lost-field" not in servespec(project, "build", "--check", "--format", "github").err
    assert "lost-field" not in servespec(project, "build", "--check", "--format", "junit").out
    assert servespec(project, "build").exit == 0


def test_several_specs(project: Path) -> None:
    """A folder is every spec below it, each built beside its own file; hidden folders are left alone."""
    for name in ("a", "b/c", ".hidden", "node_modules"):
        (project / name).mkdir(parents=True, exist_ok=True)
        write(project / name, SPEC.replace("fraud-detector", "other"))
    assert servespec(project, "build", ".").exit == 0
    built = sorted(path.relative_to(project).as_posix() for path in project.rglob(".servespec.json"))
    assert built == [
        "a/deploy/other/.servespec.json",
        "b/c/deploy/other/.servespec.json",
        "deploy/fraud-detector/.servespec.json",
    ]


def test_one_bad_spec_among_several(project: Path) -> None:
    """It stops no other: all that are sound are built, and the exit code tells of the bad one."""
    write(project, files={"bad/serving.yaml": "[]\n"})
    assert servespec(project, "build", ".").exit == 1
    assert (project / _OUT).is_dir()
    assert not (project / "bad" / "deploy").exists()


def test_a_target_is_one_heading(project: Path) -> None:
    """A folder within a target's stands among its files, and the target is told of once."""
    write(project, SPEC + "targets: {torchserve: {archive: true}}\n", files={})
    lines = servespec(project, "build", "--summary").out.splitlines()
    assert sum(line.startswith("  torchserve/") for line in lines) == 1
    assert "    model-store/fraud-detector-1.0.mar" in lines


def test_a_tag_that_follows_the_weights(project: Path) -> None:
    """With a digest there is nothing to remember, nor on a build that changes nothing."""
    words = "the image would keep its tag if model/weights.pt changed"
    assert words in servespec(project, "build", "--summary").out
    assert words not in servespec(project, "build", "--summary").out
    write(project, SPEC.replace("uri: ./model", f"uri: ./model, digest: 'sha256:{'0' * 64}'"), files={})
    assert words not in servespec(project, "build", "--summary").out


def test_a_tag_of_a_folder(project: Path) -> None:
    """What is known of a folder's files by their names only is told too, the first one by name."""
    files = {"saved/saved_model.pb": b"x", "saved/variables/variables.index": b"y"}
    write(project, f"{HEAD}model: {{format: tensorflow, uri: ./saved}}\n", files=files)
    said = servespec(project, "build", "--summary").out
    assert "the image would keep its tag if saved/saved_model.pb and 1 more changed: `servespec lock` puts" in said


def test_a_tag_of_no_image(project: Path) -> None:
    """Where no image is built, nothing is said of a tag: a DAG that scores on its worker has none."""
    batch = """
batch:
  schedule: {cron: "0 2 * * *"}
  input: {uri: "in/{interval.start:%Y-%m-%d}/", columns: [amount]}
  output: {uri: "out/{interval.start:%Y-%m-%d}/"}
"""
    spec = f"{HEAD}model: {{format: xgboost, uri: ./m.json}}{batch}".replace("realtime", "batch")
    write(project, f"{spec}targets: {{airflow: }}\n", files={"m.json": b"{}"})
    without = servespec(project, "build", "--summary").out
    assert "airflow dags test" in without
    assert "would keep its tag" not in without
    write(project, f"{spec}targets: {{airflow: , docker: }}\n", files={})
    assert "would keep its tag if m.json changed" in servespec(project, "build", "--summary").out


def test_an_output_that_git_ignores(project: Path) -> None:
    """A warning, on each run and in `--check`, for as long as it is so; what is built is built."""
    (project / ".git").mkdir()
    (project / ".gitignore").write_text("*.pyc\ndeploy/\n")
    words = "warning: git ignores deploy/fraud-detector, by .gitignore:2;"
    for arguments in (["build"], ["build"], ["build"], ["build", "--check"], ["build", "--format", "json"]):
        done = servespec(project, *arguments)
        assert done.exit == 0
        assert words in done.err
    (project / ".gitignore").write_text("*.pyc\n")
    assert words not in servespec(project, "build").err
    assert "git ignores" not in servespec(project, "validate").err
