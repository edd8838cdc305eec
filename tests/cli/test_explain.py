"""`servespec explain`: every rule, every field, and every line of every emitted file."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from servespec.artifacts import Artifact, Content, Language
from servespec.cli.explaining.lines import Emitted, analysis_of, explain_line, find_emitted, reasons
from servespec.cli.explaining.origins import Sources, because
from servespec.cli.explaining.routes import route_of
from servespec.cli.find import find
from servespec.cli.main import run
from servespec.cli.tree import make
from servespec.cli.work import Work, analyse
from servespec.reference import fields, schema
from servespec.reference.rules import rules
from servespec.spans import Document

_EXAMPLES = Path(__file__).parents[2] / "examples"
_EXAMPLE = _EXAMPLES / "01-torchserve-fraud-detector"
_NAMES = sorted(path.parent.name for path in _EXAMPLES.glob("*/serving.yaml"))
_COMPOSE = "deploy/fraud-detector/compose/compose.yaml"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the example, built, where the command runs."""
    project = tmp_path / "project"
    shutil.copytree(_EXAMPLE, project, ignore=shutil.ignore_patterns("deploy"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.chdir(project)
    assert run(["build", "--no-summary"]) == 0
    return project


@pytest.fixture
def told(project: Path, capfd: pytest.CaptureFixture[str]) -> Told:
    """Runs `explain` in the example."""
    capfd.readouterr()
    return Told(capfd)


class Told:
    """What `explain` says to arguments."""

    def __init__(self, capfd: pytest.CaptureFixture[str]) -> None:
        self._capfd = capfd

    def __call__(self, *arguments: str, exit_code: int = 0) -> str:
        """Standard output, or standard error where another exit code is meant."""
        assert run(["explain", *arguments]) == exit_code
        out, err = self._capfd.readouterr()
        return err if exit_code else out


def _number(path: str | Path, pattern: str) -> int:
    """The number of the one line of a file that matches."""
    lines = Path(path).read_text("utf-8").split("\n")
    (number,) = [n for n, line in enumerate(lines, start=1) if re.search(pattern, line)]
    return number


def test_every_rule_has_its_page(capfd: pytest.CaptureFixture[str]) -> None:
    """The page of a code shows its severity, and its examples without Markdown's fences."""
    for code, rule in rules().items():
        assert run(["explain", code]) == 0
        page = capfd.readouterr().out
        assert page.startswith(f"{rule.severity}[{code}]\n\n")
        assert re.search(r"^Bad:\n    \S", page, re.MULTILINE)
        assert "```" not in page


def test_every_field_has_its_page(capfd: pytest.CaptureFixture[str]) -> None:
    """The page of a field says what it is, what it takes, and what each target does with it."""
    known = fields.fields(schema.load())
    for path, field in known.items():
        assert run(["explain", path]) == 0
        page = capfd.readouterr().out
        assert page.startswith(f"{path}\n  {field.description[:40]}")
        assert f"\n  type      {field.type}\n" in page
        answers = {answer.target: answer.degree for answer in fields.answers(schema.load(), path)}
        assert {name for name in answers if re.search(rf" {name} +(keeps|drops) it", page)} == {
            name for name, degree in answers.items() if degree != "unrelated"
        }
        assert ("not about it" in page or "none is about it" in page) == ("unrelated" in answers.values())
        assert page.endswith("`servespec targets SPEC` has it as it is\n")


def test_a_block_says_what_is_in_it(told: Told) -> None:
    """Each of its fields stands there with its type and the first sentence of its own page, and no more of that."""
    page = told("runtime").splitlines()
    assert "            workers (whole number, 1 to 256): Worker processes for the model." in page
    assert "  fields    server (`torchserve`, `onnxruntime`, `mlserver`, `mlflow`, `tf-serving` or `triton`):" in page
    assert "            version (text): The server's version, a string." in page


def test_every_field_of_the_root_file_has_its_page(capfd: pytest.CaptureFixture[str]) -> None:
    """It says in which file the field is, and nothing of targets."""
    for path, field in fields.fields(schema.load_root()).items():
        assert run(["explain", path]) == 0
        page = capfd.readouterr().out
        assert page.startswith(f"{path}, in servespec.yaml\n  {field.description[:40]}")
        assert "targets" not in page.partition("\n  type")[2] or path.startswith("policy.forbidden")


def test_what_a_message_says_to_explain_is_explained(capfd: pytest.CaptureFixture[str]) -> None:
    """Whoever types the command that stands in a message gets a page."""
    said = "".join(path.read_text("utf-8") for path in Path("tests/cases").glob("*/said.txt"))
    things = set(re.findall(r"servespec explain ([^ `]+)", said))
    assert "policy.waivers.reason" in things
    assert {thing for thing in things if run(["explain", thing]) != 0} == set()


def test_a_loss_is_told_with_its_reason(told: Told) -> None:
    """Before a build says so, the page of a field does: who drops it, and why."""
    page = told("resources.requests.cpu")
    assert "docker       drops it: an image has no limits" in page
    assert "compose      keeps it in part: Compose reserves CPUs in a swarm only" in page


@pytest.mark.parametrize(
    "typed", ["variants.model.uri", "variants[1].model.uri", "environments.prod.model.uri", "defaults.model.uri"]
)
def test_what_is_said_again_is_explained(told: Told, typed: str) -> None:
    """A field in a variant or an environment has the page of the field that it lies over."""
    assert told(typed).startswith("model.uri\n")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("unpined-image", "unpinned-image"),
        ("runtime.wokers", "runtime.workers"),
        ("workers", "runtime.workers"),
        ("latencey", "examples.latency"),
    ],
)
def test_a_near_miss_is_answered(told: Told, typed: str, meant: str) -> None:
    """What is nearly a rule or a field is wrong usage that names the one meant."""
    assert f"did you mean '{meant}'?" in told(typed, exit_code=2)


def test_a_name_of_several_fields_is_answered_by_all(told: Told) -> None:
    """A field without its block is looked for in every block, those near the top first; rules that begin so come after."""
    assert "did you mean 'scaling.autoscaling' or 'streaming.scaling.autoscaling'?" in told("autoscaling", exit_code=2)


def test_nothing_near_is_said_plainly(told: Told) -> None:
    """Nothing is suggested for what resembles nothing, and its control characters stay harmless."""
    message = told("zzzzzzz\x1b[31m", exit_code=2)
    assert "did you mean" not in message
    assert "\x1b" not in message
    assert "; schema/reference.md lists every field, schema/diagnostics.md every rule\n" in message


def test_a_code_is_not_suggested_for_one_word(told: Told) -> None:
    """One word resembles a rule by accident: every code has several."""
    assert all("-" in code for code in rules())
    assert "did you mean" not in told("overlay", exit_code=2)
    assert "did you mean 'over-all'?" in told("over-al", exit_code=2)


@pytest.mark.parametrize("typed", ["connections.uri", "connections[0].uri"])
def test_what_a_block_has_not_is_answered_by_what_it_has(told: Told, typed: str) -> None:
    """Of a field that a known block has not, the answer is the block's fields."""
    assert f"'{typed}'; the fields of connections are name, type, " in told(typed, exit_code=2)


def test_a_file_without_a_line_is_told_how(told: Told) -> None:
    """Whoever names a file only is told to add the line."""
    assert f"{_COMPOSE}:LINE" in told(_COMPOSE, exit_code=2)


def test_a_written_field_is_shown_in_the_spec(told: Told) -> None:
    """A line that the spec decides leads to the place in the spec, which is shown."""
    properties = "deploy/fraud-detector/torchserve/model-config.yaml"
    said = told(f"{properties}:{_number(properties, 'batchSize')}")
    line = _number("serving.yaml", "microBatch")
    text = Path("serving.yaml").read_text("utf-8").split("\n")[line - 1]
    assert f"from serving.yaml:{line}:{text.index('size') + 1}\n  {text.strip()}\n" in said


def test_a_default_is_called_one(told: Told) -> None:
    """A line that no field of the spec decides names the field that could, its value here, and what it is."""
    number = _number(_COMPOSE, "retries")
    said = told(f"{_COMPOSE}:{number}")
    assert "from the default of `probes.readiness.failureThreshold`, here 3\n" in said
    assert "Failures in a row until the service counts as failed." in said


def test_what_a_pod_may_call_is_a_field_of_the_spec(capfd: pytest.CaptureFixture[str]) -> None:
    """Where the rules of a policy leave nothing but name servers, that is by a default, and the page says which."""
    (path,) = (_EXAMPLES / "10-kubernetes-onnx" / "deploy").rglob("networkpolicy.yaml")
    first = _number(path, "egress:$")
    for number in (first, first + 1, first + 2):
        assert run(["explain", f"{path}:{number}"]) == 0
        assert (
            "from the default of `network.egress`\n  What it may call, besides name servers" in capfd.readouterr().out
        )


def test_a_fact_is_given_with_its_source(told: Told) -> None:
    """A line that comes from what is known of the server tells how that was found out, and when."""
    properties = "deploy/fraud-detector/torchserve/config.properties"
    said = told(f"{properties}:{_number(properties, '^metrics_mode')}")
    assert "from the fact `torchserve.SETTINGS`\n  metrics_mode: prometheus\n  ran: torchserve 0.12.0" in said
    assert "(2026-11)" in said
    assert "job_queue_size" not in said


def test_a_template_is_given_with_its_comment(told: Told) -> None:
    """A line that is the same in every build leads to the template, and to the comment that says why."""
    dockerfile = "deploy/fraud-detector/docker/Dockerfile"
    said = told(f"{dockerfile}:{_number(dockerfile, '^USER') - 1}")
    assert "A number, so that Kubernetes can tell that it is not root." in said
    said = told(f"{dockerfile}:{_number(dockerfile, '^STOPSIGNAL')}")
    assert re.search(r"^from templates/docker/Dockerfile:\d+$", said, re.MULTILINE)


def test_an_override_is_shown(project: Path, told: Told) -> None:
    """A line that an override changed leads to the override."""
    spec = project / "serving.yaml"
    merge = "{services: {fraud-detector: {cpuset: 0-3}}}"
    with spec.open("a") as file:
        file.write(f"overrides:\n  - {{target: compose, file: compose.yaml, merge: {merge}, reason: pinned cores}}\n")
    assert run(["build", "--no-summary"]) == 0
    said = told(f"{_COMPOSE}:{_number(_COMPOSE, 'cpuset')}")
    assert f"from serving.yaml:{_number(spec, 'cpuset')}:" in said


def test_a_file_that_differs_is_told(project: Path, told: Told) -> None:
    """An explanation is of what a build would write; where the disk has something else, that is said."""
    number = _number(_COMPOSE, "retries")
    path = project / _COMPOSE
    assert "note:" not in told(f"{_COMPOSE}:{number}")
    path.write_text(re.sub("retries: .*", "retries: 99", path.read_text()))
    said = told(f"{_COMPOSE}:{number}")
    assert "not what a build would write" in said
    assert "retries: 99" in said
    path.unlink()
    assert "not on disk" in told(f"{_COMPOSE}:{number}")


def test_an_output_elsewhere_is_explained_by_naming_the_spec(project: Path, told: Told, tmp_path: Path) -> None:
    """A file outside of the project has no spec above it; `--spec` says which one made it."""
    inner = "fraud-detector/torchserve/config.properties"
    shutil.copytree(project / "deploy", tmp_path / "elsewhere")
    file = tmp_path / "elsewhere" / inner
    assert "--spec" in told(f"{file}:1", exit_code=2)
    assert "inference_address" in told(f"{file}:1", "--spec", "serving.yaml")


@pytest.mark.parametrize(
    ("thing", "words"),
    [
        (f"{_COMPOSE}:0", "has"),
        (f"{_COMPOSE}:9999", "lines"),
        ("deploy/fraud-detector/compose/compose.yml:1", "did you mean"),
        ("deploy/fraud-detector/.servespec.json:1", "is not made by serving.yaml"),
        ("requirements.txt:1", "is not made by serving.yaml"),
    ],
)
def test_what_is_no_emitted_line_is_told(told: Told, thing: str, words: str) -> None:
    """A file that servespec does not make, or a line that it does not have, is wrong usage in a sentence."""
    assert words in told(thing, exit_code=2)


def test_a_spec_with_errors_shows_them(project: Path, told: Told) -> None:
    """What can't be compiled can't be explained: the errors come instead."""
    with (project / "serving.yaml").open("a") as file:
        file.write("replicas: 3\n")
    assert "error[unknown-field]" in told(f"{_COMPOSE}:1", exit_code=1)


def _emitted(work: Work) -> Iterator[Emitted]:
    out = work.source.project / "deploy"
    for path, artifact in make(work, out, ()).tree.files.items():
        yield Emitted(out / path, artifact, analysis_of(work, path))


@pytest.mark.parametrize("name", _NAMES)
def test_every_line_of_every_example_is_explained(name: str) -> None:
    """Of all that is emitted there is no line without a reason, and no reason that leads nowhere."""
    work = analyse(find([str(_EXAMPLES / name)])[0])
    explained = 0
    for emitted in _emitted(work):
        if isinstance(emitted.artifact.content, Content):
            lines = emitted.content.text.removesuffix("\n").split("\n")
            assert len(emitted.content.origins) == len(lines), emitted.path
            for number in range(1, len(lines) + 1):
                given = reasons(emitted, number)
                assert given, f"{emitted.path}:{number}"
                assert all(reason.where and all(reason.shown) for reason in given), f"{emitted.path}:{number}"
                explained += 1
    assert explained > 100


def test_an_origin_that_leads_nowhere_is_a_bug() -> None:
    """An origin that names no field, fact or template is never passed over."""
    sources = Sources(Document("serving.yaml", {}, {}, {}), {}, schema.load())
    for origin in ("runtime.wokers", "fact:torchserve.NOTHING", "fact:tritonserve.HOME"):
        with pytest.raises(LookupError):
            because(origin, "", sources)


@pytest.mark.parametrize(
    ("path", "route"),
    [
        ("runtime.workers", ("runtime", "workers")),
        ("overrides[0].merge", ("overrides", 0, "merge")),
        ("labels.example.com/team", ("labels", "example.com/team")),
        ("labels.example.com/team[1]", ("labels", "example.com/team[1]")),
        ("runtime.env.A", ("runtime", "env", "A")),
        ("probes.startup", ("probes", "startup")),
    ],
)
def test_paths_are_read_by_what_is_written(path: str, route: tuple[str | int, ...]) -> None:
    """Keys of maps may hold dots and brackets: the longest key that is there is meant."""
    labels = {"example": "1", "example.com/team": "2", "example.com/team[1]": "3"}
    assert route_of(path, {"labels": labels, "overrides": [{"merge": {}}]}) == route


def test_pages_load_no_models(tmp_path: Path) -> None:
    """Looking something up is quick: neither the models nor the templates are loaded for it."""
    code = (
        "import sys; from servespec.cli.main import run\n"
        "assert run(['explain', 'runtime.workers']) == run(['explain', 'port-clash']) == run(['schema']) == 0\n"
        "print(sorted({'pydantic', 'yaml', 'jinja2'} & sys.modules.keys()), file=sys.stderr)"
    )
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run([sys.executable, "-c", code], env=env, cwd=tmp_path, capture_output=True, text=True)
    assert done.stderr == "[]\n"


def test_an_archive_has_no_lines(project: Path) -> None:
    """Of an archive it is said that it has no lines, not that it is unknown."""
    from servespec.artifacts import Recipe
    from servespec.cli.explaining.lines import Unexplained

    work = analyse(find(["serving.yaml"])[0])
    mar = Emitted(project / "a.mar", Artifact("a.mar", Recipe(lambda: iter(()), ""), Language.ZIP), work.analysis)
    with pytest.raises(Unexplained, match="has no lines"):
        explain_line(mar, 1)
    with pytest.raises(Unexplained, match="not made by"):
        find_emitted(work, project / "deploy/fraud-detector/docker/nothing")
