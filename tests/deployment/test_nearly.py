"""What was meant by times and amounts that Kubernetes does not take: as other tools write them, and as people do."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servespec.deployment import nearly
from servespec.deployment.durations import Duration
from servespec.deployment.quantities import Quantity


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("5 s", "5s"),
        ("0.5ms", None),
        ("1.5 ms", None),
        ("5S", "5s"),
        ("5mins", "5m"),
        ("5 seconds", "5s"),
        ("100 millis", "100ms"),
        ("2 hrs", "2h"),
        ("1d", "24h"),
        ("1.5h", "90m"),
        ("0,5 s", "500ms"),
        ("1h 30m", "90m"),
        ("1 hour and 30 minutes", "90m"),
        ("PT5M", "5m"),
        ("30", None),
        ("1m30", None),
        ("5 weeks", None),
        ("1,000 ms", None),
        ("soon", None),
        ("", None),
    ],
)
def test_a_time(text: str, meant: str | None) -> None:
    """Units in other words, blanks, fractions and days have one meaning; a number alone has several."""
    assert nearly.time(text) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("1GiB", ("1Gi",)),
        ("1 Gi", ("1Gi",)),
        ("500mi", ("500Mi",)),
        ("1,5Gi", ("1.5Gi",)),
        ("64kib", ("64Ki",)),
        ("512MB", ("512Mi", "512M")),
        ("1 gb", ("1Gi", "1G")),
        ("1g", ("1Gi", "1G")),
        ("8 kilobytes", ()),
        ("8KB", ("8Ki", "8k")),
        ("2 G", ("2G",)),
        ("1,024Mi", ()),
        ("much", ()),
        ("512", ()),
    ],
)
def test_an_amount_of_memory(text: str, meant: tuple[str, ...]) -> None:
    """An `i` says powers of two; without it they are meant mostly, and nobody but the author knows."""
    assert nearly.memory(text) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("500 m", ("500m",)),
        ("1 Gi", ()),
        ("500 Mi", ()),
        ("500mi", ("500m",)),
        ("500 millicores", ("500m",)),
        ("2 cores", ("2",)),
        ("2 vCPU", ("2",)),
        ("0,5", ("500m",)),
        ("1.5 cpus", ("1500m",)),
        ("half", ()),
        ("2GHz", ()),
    ],
)
def test_a_number_of_cores(text: str, meant: tuple[str, ...]) -> None:
    """Thousandths and whole ones, by their names in other tools."""
    assert nearly.cores(text) == meant


@given(st.text(alphabet="0123456789.,kKmMgGiIbBhsd cpuore", max_size=12))
def test_what_is_proposed_is_taken(text: str) -> None:
    """Whatever somebody typed: what is proposed in its place is no mistake itself."""
    meant = nearly.time(text)
    assert meant is None or Duration.parse(meant) is not None
    assert all(Quantity.parse(amount) is not None for amount in (*nearly.memory(text), *nearly.cores(text)))
