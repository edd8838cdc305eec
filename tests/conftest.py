"""What holds for every test: what CI is strict about, and where the CRDs are."""

from __future__ import annotations

import os
import signal
from collections.abc import Generator
from pathlib import Path
from typing import Any

import hypothesis
import pytest

# A job in the background of a script ignores Ctrl-C, and so would all that the tests start in it.
signal.signal(signal.SIGINT, signal.default_int_handler)

_E2E = Path(__file__).parent / "e2e"
_CI = os.environ.get("CI") == "true"

# In CI a commit is green or red by what is in it: properties look elsewhere on people's machines, and a busy machine
# may take its time.
hypothesis.settings.register_profile("servespec", deadline=None, derandomize=_CI)
hypothesis.settings.load_profile("servespec")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """The report of a test's phase, failed when CI was to run it end to end and it was skipped."""
    report = yield
    if item.get_closest_marker("e2e"):
        _no_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """The report of reading a module, failed when CI was to run it end to end and all of it was skipped."""
    report = yield
    if collector.path.is_relative_to(_E2E):
        _no_skip(report)
    return report


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """With `--dist loadgroup`, end-to-end tests are handed out in groups of ours."""
    if config.getvalue("dist") != "loadgroup":
        return None
    from tests.e2e.groups import Groups

    return Groups(config, log)


def _no_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    # An expected failure is reported as skipped too, and is none.
    if _CI and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"not to be skipped in CI: {reason}"


@pytest.fixture(scope="session")
def crds() -> Path:
    """The folder of Kubernetes resource definitions, one JSON Schema a version of a kind."""
    if not (folder := os.environ.get("SERVESPEC_CRDS")):
        pytest.skip("SERVESPEC_CRDS does not name the folder of resource definitions")
    return Path(folder)
