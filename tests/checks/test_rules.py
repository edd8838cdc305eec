"""What of the rules no case can show: choices that there are not yet, and disks that a test can't have."""

from __future__ import annotations

import inspect
import re
from dataclasses import replace
from pathlib import Path

import pytest

from servespec.checks import (
    example_does_not_fit,
    invalid_version,
    python_syntax,
    secret_literal,
    unarchivable_path,
    unfit_model_file,
    unfit_server,
    unimportable_file,
    unreadable_file,
)
from servespec.checks.registry import FROM_ELSEWHERE, RULES, rules_about, severities
from servespec.deployment.types import Deployment, Example, Handler, LockedModel
from servespec.diagnostics.types import Severity
from servespec.edge.gather import gather
from servespec.facts import Facts, FileFact, Kind
from servespec.models import Face, Inspection, Signature, Tensor
from servespec.pipeline import Analysis, World
from servespec.runtimes.catalog import SERVERS
from servespec.spans import Value
from tests.projects import analyse_text

_PROJECT = Path(__file__).parents[1] / "cases" / "_project"
_SPEC = """
apiVersion: servespec/v1
name: fraud-detector
pattern: realtime
model: {format: pytorch, uri: ./model}
image: {requirements: requirements.txt}
"""


def _analyse(more: str = "") -> Analysis:
    world = World(lambda paths: gather(_PROJECT, paths), "2026-11-23")
    return analyse_text((_SPEC + more).encode(), world)


@pytest.fixture
def deployment() -> Deployment:
    """A deployment without a mistake."""
    found = _analyse().deployment
    assert found is not None
    return found


def test_a_format_that_the_server_cannot_serve(deployment: Deployment) -> None:
    """Both places are shown, and what the server can serve."""
    unfit = replace(deployment, model=replace(deployment.model, format="onnx"))
    (found,) = unfit_server.check(unfit, Facts())
    assert [label.at for label in found.labels] == [("runtime", "server"), ("model", "format")]
    assert "`pytorch`" in found.labels[0].message


def test_a_target_that_the_server_cannot_run_on(deployment: Deployment) -> None:
    """The target's key is the place, and the others are what to choose from."""
    (found,) = unfit_server.check(replace(deployment, targets=("compose", "triton")), Facts())
    assert found.labels[0].at == ("targets", "triton")
    assert "`compose`" in found.help
    (found,) = unfit_server.check(replace(deployment, targets=("compose", "airflow")), Facts())  # of another pattern
    assert [label.at for label in found.labels] == [("targets", "airflow"), ("pattern",)]
    assert "add `batch` to `pattern`" in found.help
    of_a_package = replace(deployment, targets=("compose", "nomad"))  # which knows itself where its servers run
    assert list(unfit_server.check(of_a_package, Facts())) == []


def test_a_file_that_this_user_may_not_read(deployment: Deployment) -> None:
    """It is told apart from one that is missing."""
    facts = Facts({"requirements.txt": FileFact("requirements.txt", Kind.UNREADABLE)})
    (found,) = unreadable_file.check(deployment, facts)
    assert found.labels[0].at == ("image", "requirements")


def test_code_for_a_newer_python_is_not_judged(deployment: Deployment) -> None:
    """The grammar at hand may not know what the image's Python does."""
    handler = FileFact("model/handler.py", Kind.FILE, text="class (:")
    folder = FileFact("model", Kind.FOLDER, children=("handler.py",))
    facts = Facts({"model": folder, "model/handler.py": handler})
    newer = replace(deployment, image=replace(deployment.image, python="3.99"))
    assert list(python_syntax.check(newer, facts)) == []
    assert [item.code for item in python_syntax.check(deployment, facts)] == ["python-syntax"]


def test_a_model_elsewhere_is_what_the_lock_says(deployment: Deployment) -> None:
    """It was looked at when it was locked: a request that it can't take is told of."""
    signature = Signature(Face((), (Tensor("input", "FP32", (-1, 4)),)), None)
    locked = LockedModel(None, f"sha256:{64 * '0'}", {}, signature)
    model = replace(deployment.model, format="onnx", uri="s3://models/fraud.onnx", locked=locked)
    request: Value = {"inputs": [{"name": "input", "shape": [1, 3], "datatype": "FP32", "data": [1, 2, 3]}]}
    served = replace(
        deployment,
        model=model,
        runtime=replace(deployment.runtime, server="onnxruntime"),
        examples=(Example("night", request, None, 0.0, None),),
    )
    (found,) = example_does_not_fit.check(served, Facts())
    assert found.headline == "the request does not fit the model"
    assert found.labels[0].message == "the model says [-1, 4]"


@pytest.mark.parametrize("name", ["numpy", "PIL", "psutil", "torch", "ts", "yaml", "json"])
def test_a_file_called_like_what_the_server_has_loaded(deployment: Deployment, name: str) -> None:
    """The server would take its own module for the model's handler."""
    facts = Facts({f"{name}.py": FileFact(f"{name}.py", Kind.FILE)})
    own = replace(deployment.model, handler=Handler(f"{name}.py", None, {}))
    (found,) = unimportable_file.check(replace(deployment, model=own), facts)
    assert found.labels[0].message == f"`{name}` is a module of the server's"


def test_torchscript_is_a_pytorch_model_too(deployment: Deployment) -> None:
    """Where no code is, it is served as what it is: the spec's format is not wrong."""

    def told(kind: str, model_format: str) -> list[str]:
        facts = Facts({"a.pt": FileFact("a.pt", Kind.FILE, model=Inspection(kind, model_format))})
        written = replace(deployment, model=replace(deployment.model, uri="a.pt"))
        return [item.help for item in unfit_model_file.check(written, facts)]

    assert told("TorchScript", "torchscript") == []
    assert told("ONNX", "onnx") == ["write `onnx`, or name the right file"]


def test_a_name_that_only_servers_of_addresses_take_apart(deployment: Deployment) -> None:
    """TorchServe has an archive with a name of its own, and no path that could end at a `#`."""
    named = replace(deployment, model=replace(deployment.model, uri="model#1.pt"))
    assert list(unarchivable_path.check(named, Facts())) == []
    (found,) = unarchivable_path.check(replace(named, runtime=replace(named.runtime, server="mlserver")), Facts())
    assert found.labels[0].message == "its path would end at `#`"


@pytest.mark.parametrize("text", ["<1", ">1", "=1", "~1", "^1", "1.*", "1,2", "1|2", "x", "1.x", "1.X.2", "latest"])
def test_what_stands_for_several_versions(deployment: Deployment, text: str) -> None:
    """It is told apart from what is no version at all."""
    assert [item.headline for item in invalid_version.check(replace(deployment, release=text), Facts())] == [
        f"`{text}` is not one version"
    ]


def test_servers_at_one_path_speak_the_same_protocols() -> None:
    """Variants that a client asks at one address are not compared in anything else."""
    for one in SERVERS.values():
        for other in SERVERS.values():
            assert one.predict_path is None or one.predict_path != other.predict_path or [*one.ports] == [*other.ports]


@pytest.mark.parametrize(
    ("server", "model_format", "most"), [("torchserve", "pytorch", 58), ("onnxruntime", "onnx", 57)]
)
def test_few_rules_are_asked_about_a_small_spec(
    deployment: Deployment, server: str, model_format: str, most: int
) -> None:
    """Each costs every run that loads it: a new one is about something that most specs do not say, if it can be."""
    model = replace(deployment.model, format=model_format)
    small = replace(deployment, model=model, runtime=replace(deployment.runtime, server=server))
    assert len(list(rules_about(small))) <= most


def test_a_secret_is_never_shown() -> None:
    """No part of a finding about a secret repeats its value."""
    analysis = _analyse("runtime: {env: {STORE_TOKEN: opensesame}}")
    (found,) = [item for item in analysis.report.diagnostics if item.code == secret_literal.CODE]
    assert "opensesame" not in repr(found)


def test_every_severity_is_one_that_stops_or_does_not() -> None:
    """A rule is an error or a warning; notes are for what is no mistake."""
    assert {rule.SEVERITY for rule in RULES.values()} == {Severity.ERROR, Severity.WARNING}


def test_which_warnings_hang_on_files() -> None:
    """Each rule that looks at them is known as one; this one only hands them on, to a rule that does not look."""
    looks = {
        rule.CODE
        for rule in RULES.values()
        if rule.SEVERITY == "warning" and re.search(r"\bfacts\b", inspect.getsource(rule.check).split("->")[1])
    }
    assert looks - {*FROM_ELSEWHERE} == {"disruption-of-all"}
    assert {severities()[code] for code in FROM_ELSEWHERE} == {"warning"}
