"""A cluster that the root file describes decides what is compiled for Seldon Core, unless the spec does."""

from __future__ import annotations

import pytest

from tests.kube.compiled import STORED, documents

_V1, _V2 = "machinelearning.seldon.io/v1", "mlops.seldon.io/v1alpha1"


@pytest.mark.parametrize(
    ("versions", "options", "made"),
    [
        ("1.17", "", _V1),
        ("2.6", "", _V2),
        ("1.17, 2.6", "", _V1),
        ("1.17, 2.6", f"apiVersion: {_V2}", _V2),
    ],
)
def test_the_generation(versions: str, options: str, made: str) -> None:
    """The first where both are, and the one that is there."""
    listed = ", ".join(f'"{version}"' for version in versions.split(", "))
    clusters = f'platforms: {{there: {{kubernetes: "1.34", seldon: [{listed}]}}}}\n'
    blocks = f"platform: there\n{STORED['xgboost']}targets: {{seldon: {{{options}}}}}\n"
    assert {item["apiVersion"] for item in documents(blocks, "seldon", clusters=clusters)} == {made}
