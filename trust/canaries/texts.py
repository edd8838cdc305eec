"""Canaries in the texts of a spec: refused at their line, and in no rendering of what is said about them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from servespec.diagnostics import formats
from servespec.diagnostics.locate import locate
from servespec.diagnostics.types import Findings
from servespec.edge.gather import gather
from servespec.pipeline import Analyses, File, Texts, World, analyse
from servespec.spans import dotted
from tests.injection.everything import EVERYTHING, PLACES
from tests.injection.trying import Place
from tests.projects import MODEL, TODAY
from trust.canaries.leaks import Found, shows
from trust.rows import Scale

_RANDOM = "qL8Zt2Vw9Xr4Jk7Bn3Md6Fp1Hs5Gc0Ya"
CANARIES = (
    f"ghp_{_RANDOM}canary",
    f"https://canary:{_RANDOM}@example.com/x",
    f"x{_RANDOM}",
    f"-----BEGIN PRIVATE KEY-----\n{_RANDOM}\n{_RANDOM[::-1]}\n-----END PRIVATE KEY-----\n",
    f"postgresql://canary:{_RANDOM}@db/fraud",
    f"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ{_RANDOM}.{_RANDOM}",
)
"""By form, by what stands before an `@`, and by lack of sense."""
_BY_FORM = (CANARIES[0], CANARIES[1], CANARIES[4], CANARIES[5])
"""Those that a key may not be either."""
_EVERYWHERE = tuple(place for place in PLACES if place.project == EVERYTHING)
_WEAK = "correct-horse"
"""A secret by nothing but its name."""


@dataclass(frozen=True)
class _Case:
    name: str
    text: str
    line: int
    file: str = "serving.yaml"


def tried(scale: Scale) -> Found:
    """Each canary in each text of the spec that says everything; a few of them, each in another text, for a look."""
    few = scale is Scale.QUICK
    pairs = [
        (place, canary)
        for index, place in enumerate(_EVERYWHERE)
        for number, canary in enumerate(_BY_FORM if place.is_key else CANARIES)
        if not few or (index % 6 == 0 and number == index // 6 % len(_BY_FORM))
    ]
    leaks = tuple(leak for place, canary in pairs for leak in at_place(place, canary))
    places = {(place.route, place.is_key) for place, _ in pairs}
    amount = f"{len(CANARIES)} canaries in {len(places)} texts and keys, {len(formats.FORMATS)} formats"
    return Found(f"{amount}: {len(pairs):,} specs, all refused" if not leaks else amount, leaks)


def at_place(place: Place, canary: str) -> Iterator[str]:
    """What is wrong with the answer to a canary in a text, or as a key, of the spec that says everything."""
    text = json.dumps(place.change(EVERYTHING.spec, place.route, canary), indent=1)
    line = text[: text.index(json.dumps(canary))].count("\n") + 1
    yield from judged(_Case(dotted(place.route), text, line), canary, EVERYTHING.folder)


def named() -> Found:
    """A secret by its name alone, in maps, in fields that are none, and beside whatever else can be wrong."""
    cases = list(_named())
    leaks = tuple(leak for case in cases for leak in judged(case, _WEAK, EVERYTHING.folder))
    return Found(f"{len(cases)} specs, {len(formats.FORMATS)} formats", leaks)


def judged(case: _Case, canary: str, project: Path) -> Iterator[str]:
    """A sentence for each way in which a text was answered that lets its canary out, or lets it pass."""
    analyses = _analysed(case, project)
    if analyses.ok:
        yield f"{case.name}: {canary[:20]!r} is taken"
    errors = [item for item in locate(analyses.findings) if item.diagnostic.severity == "error"]
    lines = [extent.start.line for item in errors for extent in item.labels]
    if errors and case.line not in lines:
        yield f"{case.name}: {canary[:20]!r} is refused, but not at line {case.line}"
    for name, shown in _rendered(analyses.findings):
        if shows(shown.encode(errors="surrogatepass"), canary):
            yield f"{case.name}: {canary[:20]!r} is shown by --format {name}"


def _analysed(case: _Case, project: Path) -> Analyses:
    spec, given = File("serving.yaml", _HEAD.encode()), File(case.file, case.text.encode())
    texts = {
        "serving.yaml": Texts(given),
        "servespec.yaml": Texts(spec, root=given),
        "serving.lock": Texts(spec, lock=given),
    }
    return analyse(texts[case.file], World(lambda wanted: gather(project, wanted), TODAY))


def _rendered(findings: Sequence[Findings]) -> Iterator[tuple[str, str]]:
    for name in formats.FORMATS:
        yield name, formats.render(name, findings, formats.Options(width=400))


_HEAD = f"apiVersion: servespec/v1\nname: fraud-detector\npattern: realtime\n{MODEL}"
_HEAD_LINES = _HEAD.count("\n")
_LAST_LINES = {
    "env": "runtime: {env: {DB_PASSWORD: SECRET}}",
    "env of the image": "image: {env: {API_KEY: SECRET}}",
    "configuration": "runtime: {config: {keystore_pass: SECRET}}",
    "a label": "labels: {auth-token: SECRET}",
    "settings of a handler": "model: {format: pytorch, uri: ./m, handler: {file: h.py, settings: {apiKey: SECRET}}}",
    "an override": "overrides: [{target: compose, file: c, merge: {a: {DB_PASSWORD: SECRET}}, reason: x}]",
    "an environment": "environments: {staging: {runtime: {env: {DB_PASSWORD: SECRET}}}}",
    "a variant": "variants: [{name: a, weight: 100, runtime: {env: {DB_PASSWORD: SECRET}}}]",
    "a field that is none": "runtime: {password: SECRET}",
    "below a field that is none": "credentials: {database: {password: SECRET}}",
    "authentication": "connections: [{name: a, type: s3, auth: {secret: a, password: SECRET}}]",
    "beside a field that is none": "runtime: {env: {DB_PASSWORD: SECRET}, worker: 2}",
    "beside a wrong type": "runtime: {env: {DB_PASSWORD: SECRET}, workers: [2]}",
    "beside a key that is there twice": "runtime: {env: {DB_PASSWORD: SECRET, A: x, A: y}}",
    "the second of a key that is there twice": "runtime: {env: {DB_PASSWORD: x, DB_PASSWORD: SECRET}}",
    "with an anchor": "runtime: {env: {DB_PASSWORD: &a SECRET, A: *a}}",
    "with a tag": "runtime: {env: {DB_PASSWORD: !secret SECRET}}",
    "in a key": "runtime: {env: {? {DB_PASSWORD: SECRET} : x}}",
    "behind Kubernetes' word for it": "runtime: {env: {DB_PASSWORD: {value: SECRET}}}",
    "in no YAML": "runtime: {env: {DB_PASSWORD: SECRET}",
    "beside an alias": "runtime: {env: {DB_PASSWORD: SECRET, A: *a}}",
    "after a tab": "runtime: {env: {DB_PASSWORD: SECRET,\tA: }}}",
    "quoted, in no YAML": 'runtime: {env: {"DB_PASSWORD": "SECRET"}, x: @}',
    "as an argument, in no YAML": "runtime: {config: {x: --password=SECRET, y: }}}",
}

_BESIDE = {
    "servespec.yaml": (
        *("password: SECRET", "credentials: {database: {password: SECRET}}"),
        *("defaults: {runtime: {env: {DB_PASSWORD: SECRET}}}", "default: {runtime: {env: {DB_PASSWORD: SECRET}}}"),
    ),
    "serving.lock": ("password: SECRET", "credentials: {database: {password: SECRET}}"),
}
"""Lines of the files beside a spec."""


def _named() -> Iterator[_Case]:
    for name, line in _LAST_LINES.items():
        block = line.partition(":")[0]
        kept = [text for text in _HEAD.splitlines() if not text.startswith(f"{block}:")]
        text = "\n".join([*kept, line.replace("SECRET", _WEAK), ""])
        yield _Case(name, text, len(kept) + 1)
    for file, lines in _BESIDE.items():
        yield from (_Case(f"{file}: {line}", f"{line.replace('SECRET', _WEAK)}\n", 1, file) for line in lines)
    sound = _HEAD.replace("pattern: realtime\n", "")  # says too little to mean anything
    yield _Case("beside a field that is missing", f"{sound}runtime: {{env: {{DB_PASSWORD: {_WEAK}}}}}\n", _HEAD_LINES)
