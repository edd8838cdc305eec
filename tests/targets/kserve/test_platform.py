"""What is compiled for KServe on a cluster that the root file describes is what that one takes, and as much as it takes."""

from __future__ import annotations

import pytest

from servespec.runtimes.kserve import GATED
from tests.kube.compiled import LOCAL, documents, files, read
from tests.targets.kserve import knative, webhook

_SPEC = (
    LOCAL["mlserver"]
    + """\
platform: there
scaling: {replicas: 2}
placement:
  nodeSelector: {disk: ssd}
  tolerations: [{key: dedicated}]
  priorityClass: high
  runtimeClass: gvisor
targets: {kserve: }
"""
)
_FIELDS = {
    "nodeSelector": "placement.nodeSelector",
    "priorityClassName": "placement.priorityClass",
    "runtimeClassName": "placement.runtimeClass",
    "tolerations": "placement.tolerations",
}
"""Where the spec says what is in a field. That pods are apart is a default, and no loss of what was written."""


def _cluster(mode: str, *features: str) -> str:
    turned_on = ", ".join(features)
    there = f'kubernetes: "1.34", kserve: "0.20", knative: "1.22", deploymentMode: {mode}, features: [{turned_on}]'
    return f"platforms: {{there: {{{there}}}}}\n"


@pytest.mark.parametrize("mode", ["Standard", "Knative"])
def test_the_mode_is_the_cluster_s(mode: str) -> None:
    """A service that names no mode says which one it was compiled for."""
    service = documents(_SPEC, "kserve", clusters=_cluster(mode))[0]
    assert service["metadata"]["annotations"]["serving.kserve.io/deploymentMode"] == mode
    assert webhook.refusals(service) == []


@pytest.mark.parametrize("field", [*GATED.value, None])
def test_a_feature_lets_a_field_in(field: str | None) -> None:
    """What a feature of Knative lets in is said, and what none does is lost by name."""
    features = [GATED.value[field]] if field else []
    clusters = _cluster("Knative", *features)
    service = documents(_SPEC, "kserve", clusters=clusters)[0]
    assert knative.refusals(service["spec"]["predictor"], features=features) == []
    assert {name for name in GATED.value if name in service["spec"]["predictor"]} == {*filter(None, [field])}
    lost = {".".join(map(str, item.route)) for item in read(_SPEC, clusters=clusters).losses if item.target == "kserve"}
    assert lost & set(_FIELDS.values()) == {path for name, path in _FIELDS.items() if name != field}


def test_a_feature_that_is_off_keeps_a_field_out() -> None:
    """The rules that ours is held against do refuse what Knative refuses."""
    service = documents(_SPEC, "kserve", clusters=_cluster("Knative", *GATED.value.values()))[0]
    said = knative.refusals(service["spec"]["predictor"])
    assert sorted(words.partition(": ")[2] for words in said) == sorted(GATED.value)


def test_the_standard_mode_needs_no_features() -> None:
    """There pods take all of it."""
    service = documents(_SPEC, "kserve", clusters=_cluster("Standard"))[0]
    assert set(GATED.value) <= service["spec"]["predictor"].keys()


@pytest.mark.parametrize("feature", [None, GATED.value["tolerations"]])
def test_a_taint_of_devices_is_told(feature: str | None) -> None:
    """Nobody wrote the toleration that comes with an accelerator: that Knative refuses it is told where that stands."""
    spec = f"""\
{LOCAL["triton"]}platform: there
resources: {{accelerator: {{resource: nvidia.com/gpu, count: 1}}}}
targets: {{kserve: }}
"""
    clusters = _cluster("Knative", *filter(None, [feature]))
    lost = {item.route for item in read(spec, clusters=clusters).losses if item.target == "kserve"}
    tolerated = "tolerations" in documents(spec, "kserve", clusters=clusters)[0]["spec"]["predictor"]
    assert (tolerated, ("resources", "accelerator") in lost) == (feature is not None, feature is None)


@pytest.mark.parametrize("account", ["", "identity: {serviceAccount: robot}\n"])
@pytest.mark.parametrize("where", ['endpoint: "https://s3.example.com"', "region: s3.example.com"])
def test_where_a_storage_is_an_account_says(account: str, where: str) -> None:
    """With a role KServe has no secret to read it from: an account of others is told what it has to have."""
    spec = f"""\
model: {{format: xgboost, uri: "s3://b/m.json", credentials: {{storage: s}}}}
connections: [{{name: s, type: s3, auth: workload, {where}}}]
{account}targets: {{kserve: }}
"""
    lost = {item.route[-1]: item.reason for item in read(spec).losses if item.route[0] == "connections"}
    made = "".join(files(spec, "kserve").values())
    field = where.partition(":")[0]
    assert ("s3.example.com" in made, set(lost)) == (not account, {field} if account else set())
    assert all(f'`serving.kserve.io/s3-{field}: "s3.example.com"`' in reason for reason in lost.values())


@pytest.mark.parametrize("kind", ["gs", "azure, account: risk", "s3"])
def test_one_address_of_each_cloud(kind: str) -> None:
    """That a storage of Google's or Azure's kind has another one than the cloud's own is told as lost; S3's is taken."""
    scheme = "az" if kind.startswith("azure") else kind
    spec = f"""\
model: {{format: xgboost, uri: "{scheme}://models/fraud", credentials: {{storage: s}}}}
connections: [{{name: s, type: {kind}, endpoint: "https://storage.example.com"}}]
targets: {{kserve: }}
"""
    lost = {".".join(map(str, item.route)) for item in read(spec).losses if item.target == "kserve"}
    assert ("connections.0.endpoint" in lost) == (scheme != "s3")
