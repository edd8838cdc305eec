"""Environments: each is a spec of its own, and what is the same in several is told once."""

from __future__ import annotations

from pathlib import Path

import pytest

from servespec.diagnostics.formats import Options, render
from servespec.diagnostics.locate import locate
from servespec.edge.gather import gather
from servespec.pipeline import Analyses, File, Texts, World, analyse
from servespec.pipeline.misspelt_environment import likely_environment
from tests.projects import HEAD, SPEC, TODAY, made, write
from tests.projects import analyse as analyse_plain

_BOTH = SPEC + (
    "runtime: {workers: 2}\nenvironments:\n  staging: {runtime: {workers: 1}}\n  production: {owner: risk-ml}\n"
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with the files that a spec names."""
    return write(tmp_path)


def _analyse(project: Path, spec: str, *, only: tuple[str, ...] = (), **overlays: str) -> Analyses:
    files = {name: File(f"serving.{name}.yaml", text.encode()) for name, text in overlays.items()}
    world = World(lambda wanted: gather(project, wanted), TODAY)
    return analyse(Texts(File("serving.yaml", spec.encode()), files), world, environments=only)


def _shown(found: Analyses) -> str:
    return render("text", found.findings, Options(width=100))


def test_each_environment_is_a_deployment(project: Path) -> None:
    """By name, each with its own values, and it knows which it is."""
    found = _analyse(project, _BOTH)
    deployments = [analysis.deployment for analysis in found.each]
    assert [(d.environment, d.runtime.workers, d.owner) for d in deployments if d] == [
        ("production", 2, "risk-ml"),
        ("staging", 1, None),
    ]
    assert found.ok


def test_a_spec_without_environments_is_as_it_was(project: Path) -> None:
    """It has one analysis of no environment, whose files are the same as those of an environment without changes."""
    (plain,) = _analyse(project, SPEC).each
    assert plain.environment is None
    (only,) = _analyse(project, SPEC + "environments: {staging: }\n").each
    mine, theirs = made(plain), made(only)
    assert mine.pop("compose/compose.yaml") == theirs.pop("compose/compose.yaml").replace(
        "name: fraud-detector-staging\n", "name: fraud-detector\n"
    )
    assert mine == theirs


def test_a_file_lies_over_the_block(project: Path) -> None:
    """`serving.staging.yaml` has the last word, and is enough to make an environment."""
    found = _analyse(project, _BOTH, staging="runtime: {workers: 7}\n", test="owner: risk-ml\n")
    workers = {d.environment: d.runtime.workers for each in found.each if (d := each.deployment)}
    assert workers == {"production": 2, "staging": 7, "test": 2}


def test_the_base_need_not_be_whole(project: Path) -> None:
    """What every environment gives may be missing in the base; what one lacks is an error that names that one."""
    base = HEAD + "model: {format: pytorch}\nimage: {requirements: requirements.txt}\n"
    both = "environments: {one: {model: {uri: ./model}}, two: {model: {uri: ./model}}}\n"
    assert _analyse(project, base + both).ok
    found = _analyse(project, f"{base}environments: {{one: {{model: {{uri: ./model}}}}, two: }}\n")
    (item,) = (item for item in locate(found.findings) if item.diagnostic.code == "missing-field")
    assert item.primary.start.line == 4
    assert item.diagnostic.notes == ("in the environment `two`",)


def test_what_is_the_same_everywhere_is_said_once(project: Path) -> None:
    """A finding about the base is shown once, without a word on environments, however many have it."""
    shown = _shown(_analyse(project, _BOTH))
    assert shown.count("runtime-end-of-life]") == 1
    assert "in the environment" not in shown


def test_an_overlay_shows_what_it_overrides(project: Path) -> None:
    """A mistake in an overlay is shown in its own file, and the value that it replaces in the spec's."""
    found = _analyse(project, SPEC + "runtime:\n  workers: 2\n", staging="runtime:\n  workers: 0\n")
    assert _shown(found).startswith(
        "error[out-of-range]: `workers` is out of range\n"
        " --> serving.staging.yaml:2:12\n"
        "  |\n"
        "2 |   workers: 0\n"
        "  |            ^ must be at least 1\n"
        "  |\n"
        " ::: serving.yaml:7:12\n"
        "  |\n"
        "7 |   workers: 2\n"
        "  |            - this is what it overrides\n"
        "  |\n"
    )


def test_a_secret_is_veiled_in_every_environment(project: Path) -> None:
    """What one environment's finding calls a secret is shown by no other environment's findings on the same line."""
    spec = SPEC + (
        "runtime: {env: {STORE_TOKEN: hunter2hunter2}, workers: 0}\n"
        "environments: {one: , two: {runtime: {env: {STORE_TOKEN: null}}}}\n"
    )
    shown = _shown(_analyse(project, spec))
    assert "secret-literal" in shown
    assert "hunter2" not in shown
    assert "{STORE_TOKEN: **************}" in shown


def test_the_named_ones_alone(project: Path) -> None:
    """An error of another environment is nobody's business, but which there are is known."""
    spec = SPEC + "environments: {good: , bad: {runtime: {workers: 0}}}\n"
    found = _analyse(project, spec, only=("good",))
    assert found.ok
    assert [analysis.environment for analysis in found.each] == ["good"]
    assert found.environments == ("bad", "good")


def test_a_spec_is_sound_in_all_environments_or_in_none(project: Path) -> None:
    """An error in one leaves nothing to be built; without one all is there that is known of each."""
    spec = SPEC + "environments: {good: , bad: {runtime: {workers: 0}}}\n"
    found = _analyse(project, spec)
    assert [analysis.ok for analysis in found.each] == [False, True]
    assert found.sound == ()
    found = _analyse(project, spec.replace("workers: 0", "workers: 2"))
    assert [vars(sound) for sound in found.sound] == [vars(analysis) for analysis in found.each]


def test_the_order_of_the_spec_changes_nothing(project: Path) -> None:
    """Environments come in the order of their names."""
    swapped = _BOTH.split("environments:\n")[0] + (
        "environments:\n  production: {owner: risk-ml}\n  staging: {runtime: {workers: 1}}\n"
    )
    one, two = (_analyse(project, text) for text in (_BOTH, swapped))
    assert [made(analysis) for analysis in one.each] == [made(analysis) for analysis in two.each]


def test_an_empty_block_is_no_environment(project: Path) -> None:
    """`environments: {}` says nothing: the spec is built as if it were not there."""
    (only,) = _analyse(project, SPEC + "environments: {}\n").each
    assert only.environment is None
    assert made(only) == made(analyse_plain(project))


def test_text_that_cannot_be_read_stops_its_environment_alone(project: Path) -> None:
    """A broken overlay is told of, and the others are looked at."""
    found = _analyse(project, SPEC, broken="runtime: {", whole="runtime: {workers: 0}\n")
    codes = {(item.primary.path, item.diagnostic.code) for item in locate(found.findings)}
    assert ("serving.whole.yaml", "out-of-range") in codes
    assert any(path == "serving.broken.yaml" for path, _ in codes)
    assert not found.ok


@pytest.mark.parametrize(
    ("name", "declared", "likely"),
    [
        ("stagign", "staging", "staging"),
        ("produciton", "production", "production"),
        ("prodution-eu", "production-eu", "production-eu"),
        ("staginng", "staging", "staging"),
        ("tenant-b", "tenant-a", ""),
        ("tenantb", "tenanta", ""),
        ("eu-west-1", "eu-west-2", ""),
        ("us-west", "us-east", ""),
        ("staging-eu", "staging", ""),
        ("tests", "test", ""),
        ("live", "lite", ""),
        ("uat", "nat", ""),
        ("staging", "staging", ""),
        ("", "staging", ""),
    ],
)
def test_which_environment_was_meant(name: str, declared: str, likely: str) -> None:
    """One slip inside a word is one; names that are alike on purpose differ elsewhere, and nothing is said of them."""
    assert likely_environment(name, {declared, "other"}) == likely
