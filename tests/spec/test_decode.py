"""Decoding: what each mistake of shape and type says, where it points, and what still is decoded beside it."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from servespec.diagnostics.locate import locate
from servespec.diagnostics.suggest import one_of
from servespec.diagnostics.types import Diagnostic, Findings
from servespec.source import load
from servespec.spans import Route, Span
from servespec.spec.decode import Decoded, decode
from servespec.spec.root import Spec
from servespec.targets.registry import TARGETS
from tests.projects import HEAD, SPEC

_OPTIONS = {name: target.options for name, target in TARGETS.items()}


@dataclass(frozen=True)
class Said:
    """One finding as a person gets it: the marked text, and the words around it."""

    code: str
    headline: str
    marked: str
    label: str
    help: str
    fixed: str | None


def _decoded(text: str) -> Decoded:
    return decode(load("serving.yaml", text.encode()).document, options=_OPTIONS)


def _said(text: str) -> list[Said]:
    document = load("serving.yaml", text.encode()).document
    found = decode(document, options=_OPTIONS).report
    return [
        Said(
            item.diagnostic.code,
            item.diagnostic.headline,
            document.slice(item.primary.span),
            item.diagnostic.labels[0].message,
            item.diagnostic.help,
            _fixed(text, item.diagnostic),
        )
        for item in locate((Findings(document, found),))
    ]


def _fixed(text: str, diagnostic: Diagnostic) -> str | None:
    """The last line of the text after the fix, if there is one."""
    if diagnostic.fix is None:
        return None
    for edit in diagnostic.fix.edits:
        assert isinstance(edit.at, Span)
        text = text[: edit.at.start] + edit.text + text[edit.at.end :]
    return text.splitlines()[-1]


_MESSAGES = {
    "runtime: {worker: 2}": Said(
        "unknown-field", "`worker` is not a field of `runtime`", "worker", "not a field here", "did you mean `workers`?",
        "runtime: {workers: 2}",
    ),
    "probes: {warmup: {}}": Said(
        "unknown-field", "`warmup` is not a field of `probes`", "warmup", "not a field here",
        "the fields here are `liveness`, `readiness` and `startup`", None,
    ),
    "replicas: 2": Said(
        "unknown-field", "`replicas` is not a field of a spec", "replicas", "not a field here",
        "write it under `scaling`", None,
    ),
    "scaling: {minReplicas: 2}": Said(
        "unknown-field", "`minReplicas` is not a field of `scaling`", "minReplicas", "not a field here",
        "servespec calls it `scaling.autoscaling.min`", None,
    ),
    "resources: {gpu: 2}": Said(
        "unknown-field", "`gpu` is not a field of `resources`", "gpu", "not a field here",
        "did you mean `accelerator`?", "resources: {accelerator: 2}",
    ),
    "targets: {k8s: {}}": Said(
        "unknown-target", "there is no target `k8s`", "k8s", "not a target", "did you mean `kubernetes`?",
        "targets: {kubernetes: {}}",
    ),
    "signature: {inputs: {columns: {amount: float}}}": Said(
        "unknown-value", "`float` is not a known value", "float", "not a value that servespec knows",
        "did you mean `FP32`?", "signature: {inputs: {columns: {amount: FP32}}}",
    ),
    "pipelines: []": Said(
        "unknown-field", "`pipelines` is not a field of a spec", "pipelines", "not a field here",
        f"the fields here are {one_of(sorted(Spec.model_fields), 'and')}", None,
    ),
    "targets: {torchserve: {archiv: true}}": Said(
        "unknown-field", "`archiv` is not a field of `targets.torchserve`", "archiv", "not a field here",
        "did you mean `archive`?", "targets: {torchserve: {archive: true}}",
    ),
    "targets: {dockre: {}}": Said(
        "unknown-target", "there is no target `dockre`", "dockre", "not a target", "did you mean `docker`?",
        "targets: {docker: {}}",
    ),
    "targets: {dockre: 3}": Said(
        "unknown-target", "there is no target `dockre`", "dockre", "not a target", "did you mean `docker`?",
        "targets: {docker: 3}",
    ),
    "targets: {nomad: {}}": Said(
        "unknown-target", "there is no target `nomad`", "nomad", "not a target",
        f"the targets are {one_of(sorted(TARGETS), 'and')}", None,
    ),
    "secrets: [{name: store}]": Said(
        "missing-field", "`keys` is missing in `secrets[0]`", "{name: store}", "needs `keys`",
        "add `keys:`; `servespec explain secrets.keys` says what it is", None,
    ),
    "runtime: {workers: two}": Said(
        "wrong-type", "`workers` takes a whole number", "two", "this is text", "write it as in `workers: 1`", None,
    ),
    "runtime: {workers: 1.5}": Said(
        "wrong-type", "`workers` takes a whole number", "1.5", "this is a number", "write it as in `workers: 1`", None,
    ),
    "runtime: {workers: true}": Said(
        "wrong-type", "`workers` takes a whole number", "true", "this is a boolean", "write it as in `workers: 1`", None,
    ),
    "security: {readOnlyRootFilesystem: 1}": Said(
        "wrong-type", "`readOnlyRootFilesystem` takes `true` or `false`", "1", "this is a number",
        "write it as in `readOnlyRootFilesystem: true`", None,
    ),
    "security: {readOnlyRootFilesystem: Yes}": Said(
        "wrong-type", "`readOnlyRootFilesystem` takes `true` or `false`", "Yes", "`Yes` is text", "write `true`",
        "security: {readOnlyRootFilesystem: true}",
    ),
    "secrets: {name: a, keys: [b]}": Said(
        "wrong-type", "`secrets` takes a list", "{name: a, keys: [b]}", "this is a map",
        "write it as in `secrets: [{name: feature-store, keys: [token]}]`", None,
    ),
    "runtime: [workers]": Said(
        "wrong-type", "`runtime` takes a map", "[workers]", "this is a list",
        "write it as in `runtime: {workers: 2}`", None,
    ),
    "labels: {team: [a]}": Said("wrong-type", "`team` takes text", "[a]", "this is a list", "write it as in `labels: {cost-center: \"4711\"}`", None),
    "owner: {team: a}": Said("wrong-type", "`owner` takes text", "{team: a}", "this is a map", "write it as in `owner: risk-ml`", None),
    "runtime: {env: {A: [b]}}": Said(
        "wrong-type", "`A` takes text or a map", "[b]", "this is a list", "write it as in `env: {OMP_NUM_THREADS: \"1\"}`", None,
    ),
    "runtime: {config: {A: [b]}}": Said(
        "wrong-type", "`A` takes text or a number or `true` or `false`", "[b]", "this is a list",
        "write it as in `config: {limit_max_image_pixels: false}`", None,
    ),
    "runtime: {config: {A: null}}": Said(
        "unquoted-text", "text is missing here", "null", "this is nothing", "write a text, or take `A` out", None,
    ),
    "release: 1.10": Said(
        "unquoted-text", "`1.10` needs quotes to be text", "1.10", "this is a number", 'write `"1.10"`', 'release: "1.10"',
    ),
    "resources: {requests: {cpu: 2}}": Said(
        "unquoted-text", "`2` needs quotes to be text", "2", "this is a number", 'write `"2"`',
        'resources: {requests: {cpu: "2"}}',
    ),
    "resources: {requests: {memory: 512}}": Said(
        "unquoted-text", "`512` lacks its unit", "512", "this is a number",
        "write it with its unit: `512Mi` or `512Gi`", None,
    ),
    "resources: {requests: {memory: 536870912}}": Said(
        "unquoted-text", "`536870912` needs quotes to be text", "536870912", "this is a number",
        'write `"536870912"`', 'resources: {requests: {memory: "536870912"}}',
    ),
    "runtime: {timeouts: {startup: 5}}": Said(
        "unquoted-text", "`5` lacks its unit", "5", "this is a number",
        "write it with its unit: `5ms`, `5s`, `5m` or `5h`", None,
    ),
    "runtime: {timeouts: {request: 0.5}}": Said(
        "unquoted-text", "`0.5` lacks its unit", "0.5", "this is a number", "write it with its unit: `500ms`", None,
    ),
    "owner: no": Said(
        "unquoted-text", "`no` needs quotes to be text", "no", "not text to every YAML reader",
        'write it as in `owner: risk-ml`, or `"no"` if it is called so', None,
    ),
    "owner: true": Said(
        "unquoted-text", "`true` needs quotes to be text", "true", "this is a boolean",
        'write it as in `owner: risk-ml`, or `"true"` if it is called so', None,
    ),
    "network: {expose: {host: a.example.com, tls: true}}": Said(
        "unquoted-text", "`true` needs quotes to be text", "true", "this is a boolean",
        'write it as in `tls: fraud-tls`, or `"true"` if it is called so', None,
    ),
    "placement: {tolerations: [{key: gpu, value: true}]}": Said(
        "unquoted-text", "`true` needs quotes to be text", "true", "this is a boolean", 'write `"true"`',
        'placement: {tolerations: [{key: gpu, value: "true"}]}',
    ),
    "labels: {paged: yes}": Said(
        "unquoted-text", "`yes` needs quotes to be text", "yes", "not text to every YAML reader", 'write `"yes"`',
        'labels: {paged: "yes"}',
    ),
    "placement: {spread: true}": Said(
        "unknown-value", "`true` is not a known `spread`", "true", "not a `spread` that servespec knows",
        "use `preferred`, `required` or `none`", None,
    ),
    "targets: {tf-serving: {versions: 3}}": Said(
        "wrong-type", "`versions` takes text or a list", "3", "this is a number", "write it as in `versions: [1, 2]`", None,
    ),
    "connections: [{name: a, type: s3, auth: true}]": Said(
        "wrong-type", "`auth` takes text or a map", "true", "this is a boolean", "write it as in `auth: workload`", None,
    ),
    "secrets: [{name: db, keys: [a], key: password}]": Said(
        "unknown-field", "`key` is not a field of `secrets[0]`", "key", "not a field here",
        "did you mean `keys`, as in `keys: [token]`?", None,
    ),
    "network: {egress: [{cidr: 10.0.0.0/8, port: 5432}]}": Said(
        "unknown-field", "`port` is not a field of `network.egress[0]`", "port", "not a field here",
        "did you mean `ports`, as in `ports: [5432]`?", None,
    ),
    "scaling: {autoscaling: {max: 3, metrics: [{type: Resource}]}}": Said(
        "unknown-field", "`metrics` is not a field of `scaling.autoscaling`", "metrics", "not a field here",
        "did you mean `metric`, as in `metric: cpu`?", None,
    ),
    "runtime: {env: {A: 5}}": Said(
        "unquoted-text", "`5` needs quotes to be text", "5", "this is a number", 'write `"5"`', 'runtime: {env: {A: "5"}}',
    ),
    "security: {authorization: tokn}": Said(
        "unknown-value", "`tokn` is not a known `authorization`", "tokn", "not a `authorization` that servespec knows",
        "did you mean `token`?", "security: {authorization: token}",
    ),
    "security: {authorization: basic}": Said(
        "unknown-value", "`basic` is not a known `authorization`", "basic", "not a `authorization` that servespec knows",
        "use `token` or `none`", None,
    ),
    "runtime: {protocols: {rest: 80800}}": Said(
        "out-of-range", "`rest` is out of range", "80800", "must be at most 65535", "give a number at most 65535", None,
    ),
    "runtime: {workers: 0}": Said(
        "out-of-range", "`workers` is out of range", "0", "must be at least 1", "give a number at least 1", None,
    ),
    "targets: [docker]": Said(
        "wrong-type", "`targets` takes a map", "[docker]", "this is a list",
        "write it as in `targets: {docker: {}}`", None,
    ),
    "targets: {torchserve: {archive: 5}}": Said(
        "wrong-type", "`archive` takes `true` or `false`", "5", "this is a number", "write it as in `archive: false`", None,
    ),
    "overrides: [5]": Said(
        "wrong-type", "`overrides[0]` takes a map", "5", "this is a number",
        "write it as in `overrides: [{target: compose, file: compose.yaml, merge: {services: {fraud-detector: "
        '{cpuset: "0-3"}}}, reason: "pinned to the cores next to the GPU"}]`', None,
    ),
    'suppress: [{rule: latency, reason: ""}]': Said(
        "empty-text", "`reason` is empty", '""', "says nothing", "write it out", None,
    ),
}  # fmt: skip


@pytest.mark.parametrize("line", _MESSAGES)
def test_a_message(line: str) -> None:
    """One mistake is one finding: its words, the text it marks, and what its fix makes of the line."""
    assert _said(f"{SPEC}{line}\n") == [_MESSAGES[line]]


@pytest.mark.parametrize(
    "line", ["runtime: {worker: 2}", "release: 1.10", "targets: {dockre: {}}", "labels: {paged: no}"]
)
def test_a_fix_removes_the_problem(line: str) -> None:
    """After a fix is applied, the spec has no mistake of shape any more."""
    (said,) = _said(f"{SPEC}{line}\n")
    assert said.fixed is not None
    assert _said(f"{SPEC}{said.fixed}\n") == []


def test_a_fix_never_makes_a_duplicate() -> None:
    """A key is not renamed to one that its block has already."""
    (said,) = _said(f"{SPEC}runtime: {{workers: 1, worker: 2}}\n")
    assert said.help == "did you mean `workers`?"
    assert said.fixed is None


def test_a_missing_field_points_at_the_key_of_its_block() -> None:
    """The tight place for what is not there is the name of the block that lacks it."""
    (said,) = _said(f"{HEAD}model:\n  format: pytorch\n")
    assert (said.code, said.marked, said.headline) == ("missing-field", "model", "`uri` is missing in `model`")


def test_a_misspelt_field_is_not_also_missing() -> None:
    """A required field whose name is nearly right is one mistake; one that has nothing near it is missing too."""
    assert [item.code for item in _said(f"{HEAD}model: {{fromat: pytorch, uri: ./model}}\n")] == ["unknown-field"]
    assert [item.code for item in _said(f"{HEAD}model: {{format: pytorch, path: ./model}}\n")] == ["unknown-field"]
    codes = [item.code for item in _said(f"{HEAD}model: {{kind: pytorch, uri: ./model}}\n")]
    assert sorted(codes) == ["missing-field", "unknown-field"]


def test_the_api_version_comes_first() -> None:
    """With another version every other message would be a guess, so it is the only one."""
    (said,) = _said("apiVersion: servespec/v2\nnmae: 5\nmodel: 7\n")
    assert said.code == "api-version"
    assert (said.marked, said.help[:31]) == ("servespec/v2", "write `apiVersion: servespec/v1")


def test_a_spec_without_an_api_version() -> None:
    """It is read as one of this version, so that all of its mistakes are told; another file is no spec at all."""
    said = {item.code: item for item in _said("name: a\npattern: realtime\nmodel: 7\n")}
    assert said["api-version"].help == "put `apiVersion: servespec/v1` at the top"
    assert said.keys() == {"api-version", "wrong-type"}
    assert [item.code for item in _said("name: a\nservices: {}\n")] == ["api-version"]


@pytest.mark.parametrize("version", ["5", "[]", "{}", "true", "", "servespec/V1"])
def test_an_api_version_of_any_kind(version: str) -> None:
    """Whatever stands at `apiVersion`, the finding is about that alone."""
    assert [item.code for item in _said(f"apiVersion: {version}\nmodel: 7\n")] == ["api-version"]


def test_all_mistakes_in_one_run() -> None:
    """Every block is looked at, a target's options too, and findings come in the order of the text."""
    text = (
        f"{SPEC}release: 1.10\nruntime: {{worker: 1, protocols: {{rest: 0}}, env: {{A: 1, B: {{secret: s}}}}}}\n"
        "signature: {inputs: {tensors: [{name: a, datatype: FP3, shape: [x]}]}}\ntargets: {torchserve: {archive: 5}}\n"
    )
    assert [(item.code, item.marked) for item in _said(text)] == [
        ("unquoted-text", "1.10"),
        ("unknown-field", "worker"),
        ("out-of-range", "0"),
        ("unquoted-text", "1"),
        ("missing-field", "B"),
        ("unknown-value", "FP3"),
        ("wrong-type", "x"),
        ("wrong-type", "5"),
    ]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("5", [("unquoted-text", "5")]),
        ("[a]", [("wrong-type", "[a]")]),
        ("{secret: s}", [("missing-field", "A")]),
        ("{}", [("missing-field", "A"), ("missing-field", "A")]),
        ("{secret: s, key: 5}", [("unquoted-text", "5")]),
        ("{secret: s, key: k, more: 1}", [("unknown-field", "more")]),
    ],
)
def test_a_place_of_two_types(value: str, expected: list[tuple[str, str]]) -> None:
    """Where text or a block may stand, what is nearest to right is explained, once, at the guilty place."""
    assert [(item.code, item.marked) for item in _said(f"{SPEC}runtime: {{env: {{A: {value}}}}}\n")] == expected


@pytest.mark.parametrize("value", ["realtime", "[realtime]", "[realtime, realtime]"])
def test_one_or_many(value: str) -> None:
    """`pattern` takes one word or a list of them."""
    assert _said(SPEC.replace("pattern: realtime", f"pattern: {value}")) == []


@pytest.mark.parametrize(("value", "marked"), [("realtme", "realtme"), ("[realtime, btach]", "btach")])
def test_one_or_many_wrong(value: str, marked: str) -> None:
    """A word that is none of the patterns is marked by itself, alone or in a list."""
    (said,) = _said(SPEC.replace("pattern: realtime", f"pattern: {value}"))
    assert (said.code, said.marked) == ("unknown-value", marked)


def test_a_wrong_optional_value_is_left_out() -> None:
    """The rest of the spec is decoded as if the value had not been written, so that later stages can look at it."""
    decoded = _decoded(f"{SPEC}runtime: {{workers: two, protocols: {{rest: 9000}}}}\n")
    assert decoded.spec is not None
    assert decoded.spec.runtime.workers is None
    assert decoded.spec.runtime.protocols.rest == 9000
    assert decoded.spoilt == {("runtime", "workers")}


def test_wrong_options_are_left_out() -> None:
    """A target's options are decoded without the wrong one."""
    decoded = _decoded(f"{SPEC}targets: {{torchserve: {{archive: 5}}, compose: }}\n")
    assert decoded.spec is not None
    assert decoded.options.keys() == {"torchserve", "compose"}
    assert decoded.options["torchserve"].model_dump() == {"archive": False}


@pytest.mark.parametrize(
    "items",
    ["{keys: 5}", "{nam: s, kys: 5}, {name: s, keys: [k]}", "{keys: 5}, {keys: 5}, {}", "5, {name: s, keys: [k]}, 6"],
)
def test_several_mistakes_in_an_item_of_a_list(items: str) -> None:
    """An item that lacks one field and has another one wrong is left out whole."""
    decoded = _decoded(f"{SPEC}secrets: [{items}]\n")
    assert decoded.report.errors
    assert decoded.spec is not None
    assert [item.name for item in decoded.spec.secrets] == (["s"] if "name" in items else [])


@pytest.mark.parametrize(
    ("model", "format_", "spoilt"),
    [
        ("{format: torchscript}", "torchscript", {("model", "uri")}),
        ("{format: torchscrpt, uri: a}", "torchscript", {("model", "format")}),
        ("{format: pickle, uri: a}", "pytorch", {("model", "format"), ("model",)}),
        ("{uri: a}", "pytorch", {("model", "format"), ("model",)}),
        ("7", "pytorch", {("model",)}),
        ("", "pytorch", {("model",)}),
    ],
)
def test_what_is_needed_has_a_stand_in(model: str, format_: str, spoilt: set[Route]) -> None:
    """A spec is decoded without what it needs, so that the rest is looked at; the mistake is told once.

    Nothing more is to be said of the stand-in; nor of the model, when what its format is can't even be guessed.
    """
    decoded = _decoded(f"{HEAD}model: {model}\n")
    assert decoded.report.errors == 1
    assert decoded.spec is not None
    assert decoded.spec.model.format == format_
    assert decoded.spoilt == spoilt


def test_an_optional_block_that_lacks_something() -> None:
    """A block outside of lists stays, so that what it says otherwise counts."""
    decoded = _decoded(f"{SPEC}signature: {{outputs: {{columns: {{p: FP32}}}}}}\n")
    assert decoded.spec is not None
    assert decoded.spec.signature is not None
    assert decoded.spec.signature.outputs is not None
    assert decoded.spoilt == {("signature", "inputs")}


@pytest.mark.parametrize("text", ["", "5", "[a]", "text"])
def test_what_is_no_map_is_not_decoded(text: str) -> None:
    """`source` has told of it; here nothing is added, and nothing comes back."""
    decoded = _decoded(text)
    assert decoded.spec is None
    assert decoded.report.diagnostics == ()


@pytest.mark.parametrize(
    ("line", "help"),
    [
        ("resources: {limits: cpu 2}", 'write it as in `limits: {cpu: "2"}`, with a colon and a blank after each name'),
        (
            "resources: {limits: 'cpu:2 memory: 4Gi'}",
            'write it as in `limits: {cpu: "2", memory: "4Gi"}`, with a colon and a blank after each name',
        ),
        ("resources: {limits: cpu 2 or 3}", 'write it as in `limits: {cpu: "500m"}`'),
        ("runtime: workers 2", "write it as in `runtime: {workers: 2}`, with a colon and a blank after each name"),
        ("runtime: workers two", "write it as in `runtime: {workers: 2}`"),
        ("runtime: {env: [{name: TIER, value: gold}]}", "write it as in `env: {TIER: gold}`"),
        ("runtime: {env: [{name: TIER, value: true}]}", 'write it as in `env: {OMP_NUM_THREADS: "1"}`'),
        ("runtime: {env: [{name: TIER, value: }]}", 'write it as in `env: {OMP_NUM_THREADS: "1"}`'),
        ("runtime: {env: [{name: [TIER], value: gold}]}", 'write it as in `env: {OMP_NUM_THREADS: "1"}`'),
        ("runtime: {env: [{name: API_TOKEN, value: hunter2}]}", 'write it as in `env: {OMP_NUM_THREADS: "1"}`'),
    ],
)
def test_what_was_meant_by_another_kind(line: str, help: str) -> None:
    """All of what stands in the place of a map is written as one, or none of it: nothing is lost, and no secret shown."""
    assert [item.help for item in _said(f"{SPEC}{line}\n")] == [help]


def test_the_map_that_a_text_lost_its_blanks_of() -> None:
    """Both of its fields are named."""
    (said,) = _said(f"{HEAD}model: format:lightgbm uri:./m.txt\n")
    assert said.help.startswith("write it as in `model: {format: lightgbm, uri: ./m.txt}`")


def test_no_value_of_a_secret_is_repeated() -> None:
    """What stands where a map is wanted may be a secret: a finding says its kind, not its content."""
    said = _said(f"{SPEC}runtime: {{env: {{TOKEN: [hunter2]}}, timeouts: hunter2}}\n")
    assert [item.code for item in said] == ["wrong-type", "wrong-type"]
    assert not any("hunter2" in text for item in said for text in (item.headline, item.label, item.help))


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("[]", Said("empty-list", "`pattern` names nothing", "[]", "an empty list", "write at least one `pattern`: `realtime`, `batch` or `streaming`", None)),
        ("{a: b}", Said("wrong-type", "`pattern` takes text or a list", "{a: b}", "this is a map", "write it as in `pattern: realtime`", None)),
    ],
)  # fmt: skip
def test_a_pattern_that_is_none(pattern: str, said: Said) -> None:
    """Whatever stands in place of a pattern, what can be written there is named."""
    assert _said(SPEC.replace("pattern: realtime", f"pattern: {pattern}")) == [said]


def test_of_thousands_of_mistakes_the_first_are_told() -> None:
    """A hundred of what is wrong in a long map are told, in order, and no field is said to be missing that comes late."""
    keys = "".join(f"k{number}: 1\n" for number in range(3_000))
    said = _said(f"apiVersion: servespec/v1\n{keys}{HEAD.partition(chr(10))[2]}")
    assert [item.marked for item in said[:100]] == [f"k{number}" for number in range(100)]
    assert {item.code for item in said} == {"unknown-field", "too-many-problems"}


def test_mistakes_behind_a_long_beginning_are_found() -> None:
    """The last column of a wide table is looked at as the first is."""
    columns = "".join(f"c{number}: FP32, " for number in range(3_000))
    said = _said(f"{SPEC}signature: {{inputs: {{columns: {{{columns}last: FP31}}}}}}\n")
    assert [(item.code, item.marked) for item in said] == [("unknown-value", "FP31")]
