"""The forms that rules know, at their edges: each character that is allowed, and those beside it."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from servespec.checks import (
    invalid_address,
    invalid_dag,
    invalid_digest,
    invalid_disruption,
    invalid_endpoint,
    invalid_index_url,
    invalid_name,
    invalid_package,
    invalid_peer,
    invalid_secret_name,
    invalid_topic,
    invalid_version,
    password_without_tls,
)
from servespec.deployment.types import Deployment
from servespec.edge.gather import gather
from servespec.facts import Facts
from servespec.pipeline import World
from servespec.spans import Route
from tests.projects import analyse_text

_PROJECT = Path(__file__).parents[1] / "cases" / "_project"
_REALTIME = """
apiVersion: servespec/v1
name: fraud-detector
pattern: realtime
model: {format: pytorch, uri: ./model, name: fraud, digest: "sha256:00", framework: {name: torch, version: "2.13.0"}}
image: {requirements: requirements.txt, indexes: [{url: "https://a"}], systemPackages: [curl]}
secrets: [{name: store, keys: [token]}]
disruption: {maxUnavailable: 1}
network:
  expose: {host: fraud.example.com, path: /, tls: fraud-tls}
  callers: [{cidr: 10.0.0.0/8}]
"""
_BATCH = """
apiVersion: servespec/v1
name: fraud-detector
pattern: batch
model: {format: onnx, uri: ./onnx-any-width/model.onnx}
batch:
  schedule: {cron: "@daily"}
  input: {uri: "in/{interval.start:%Y-%m-%d}/", columns: [amount, hour]}
  output: {uri: "out/{interval.start:%Y-%m-%d}/"}
  dag: {id: fraud, notify: "company.alerts:page"}
"""
_KAFKA = """
apiVersion: servespec/v1
name: fraud-detector
pattern: streaming
model: {format: onnx, uri: ./onnx-any-width}
connections: [{name: events, type: kafka, brokers: ["kafka:9092"]}, {name: models, type: s3, endpoint: "https://a"}]
streaming: {source: {connection: events, topic: payments}, sink: {topic: scores}, features: [amount]}
"""
_NATS = """
apiVersion: servespec/v1
name: fraud-detector
pattern: streaming
model: {format: onnx, uri: ./onnx-any-width}
connections: [{name: events, type: nats, brokers: ["localhost:4222"], auth: {secret: user, keys: {token: token}}}]
streaming:
  source: {connection: events, stream: PAYMENTS, subject: "payments.>"}
  sink: {stream: SCORES, subject: scores}
  deadLetter: {subject: dead}
  features: [amount]
"""
_LABEL = "a" * 63

_FORMS: dict[str, tuple[ModuleType, str, Route, str, str]] = {
    "name of a host": (
        invalid_address,
        _REALTIME,
        ("network", "expose", "host"),
        f"a.b z.0 *.a *.a.b a-b.c-9 0.9 {_LABEL}.b {'a.' * 126}b",
        f"a * *. *.* a.* **.b A.b -a.b a-.b a..b .a a. a_b.c a.b:80 {_LABEL}a.b {'a.' * 126}bc",
    ),
    "path of an address": (
        invalid_address,
        _REALTIME,
        ("network", "expose", "path"),
        "/ /a /azAZ09/_.~!$&'()*+,;=:@- /%aF /%Af09 /.a /a. /... /a/",
        '// /a//b /. /.. /a/. /a/.. /a/./b /a/../b a /% /%a /%ag /%ga /ä /a?b /a#b /" /< /[ /\\ /^ /` /{ /|',
    ),
    "key of Airflow": (invalid_dag, _BATCH, ("batch", "dag", "id"), f"a-z_A.Z09 . {'a' * 250}", f"a/b ä a:b {'a' * 251}"),
    "function": (
        invalid_dag,
        _BATCH,
        ("batch", "dag", "notify"),
        "a:b _:_ Z.a_0:Z9_ aZ._.z:az A:A",
        "a a.b a: :a a:b:c a:b.c 0:a a:0 a.0:b .a:b a.:b a-b:c a:b-c ä:a a:ä if:a a:if a.if:b",
    ),
    "digest": (
        invalid_digest,
        _REALTIME,
        ("model", "digest"),
        f"sha256:{'0123456789abcdef' * 4}",
        f"{'0' * 64} sha256:{'0' * 63} sha256:{'0' * 65} sha256:{'A' * 64} sha256:{'g' * 64} SHA256:{'0' * 64}",
    ),
    "share of copies": (
        invalid_disruption,
        _REALTIME,
        ("disruption", "max_unavailable"),
        "1% 9% 10% 99% 100%",
        "0% 00% 01% 101% 100 a% 1%% %",
    ),
    "address of a storage": (
        invalid_endpoint,
        _KAFKA,
        ("connections", 1, "endpoint"),
        "https://a http://a https://azAZ09_.-9 https://9-Z https://[::1] https://[fd00:AF09::a.f] https://a:1 "
        "https://a:9999 https://a:10000 https://a:59999 https://a:64999 https://a:65499 https://a:65529 "
        "https://a:65535 https://a/ https://a:80/azAZ09._~%/-",
        "a ftp://a https:// https://-a https://a- https://.a https://a: https://a:0 https://a:01 https://a:65536 "
        "https://a:65540 https://a:65600 https://a:66000 https://a:70000 https://a:100000 https://[g] https://[] "
        "https://u@a https://a?b https://a/? https://a/# https://a/ä https://ä",
    ),
    "broker": (
        invalid_endpoint,
        _KAFKA,
        ("connections", 0, "brokers", 0),
        "a:1 Z-9_.z:65535 [::1]:9092",
        "a a: a:0 a:65536 -a:1 a:1/b kafka://a:1",
    ),
    "address of an index": (
        invalid_index_url,
        _REALTIME,
        ("image", "indexes", 0, "url"),
        "https://a https://a-b.c https://A9 https://9Z https://[::1] https://[fd00:AF09::a.f] https://a:1 "
        "https://a:65535 https://u@a https://u:p@a:80/x https://a/ https://a? https://a/azAZ09._~:/?@!$&'()*+,;=%- "
        "http://localhost http://localhost:3141 http://localhost/x http://127.0.0.1/ http://127.9.9.9 http://[::1]:80",
        "a ftp://a https:// https://-a https://a- https://.a https://a. https://a_b https://a: https://a:0 https://a:65536 "
        "https://a:x https://@a https://u@v@a https://u_/@a https://u_?@a https://u_#@a https://a/#x https://a/ä "
        'https://a/" https://a/< https://a/[ https://a/\\ https://a/^ https://a/` https://a/{ https://[g] https://[] '
        "https://a\u00a0@b http://a http://localhosts http://localhost.a http://127.a http://[::1]a",
    ),
    "name of a model": (
        invalid_name,
        _REALTIME,
        ("model", "name"),
        f"a Z 0 9 a_ a- a.b az AZ09 com con-a com10 {'a' * 128}",
        f"_ - . _a -a .a a. a/b a:b ä {'a' * 129} con PRN aux Nul com0 lpt9 con.a nul.",
    ),
    "broker of this machine": (
        password_without_tls,
        _NATS,
        ("connections", 0, "brokers", 0),
        "localhost:4222 127.0.0.1:1 127.255.9.100:4222 [::1]:4222",
        "localhosts:1 localhost.a:1 128.0.0.1:1 127.0.0:1 127.0.0.0.1:1 127.0.0.1000:1 [::1:1 ::1]:1 [::2]:1 a:1",
    ),
    "Debian package": (
        invalid_package,
        _REALTIME,
        ("image", "system_packages", 0),
        "aa a0 0a g++ lib-c.6 aa=1 aa=1:2 aa=1.2~rc+b-3Z aa=0:0 z9",
        "a A Aa -a +a .a a_b aa= aa=: aa=a aa=:1 aa=1: aa=1_2 aa==1 ä",
    ),
    "range of addresses": (
        invalid_peer,
        _REALTIME,
        ("network", "callers", 0, "cidr"),
        "0.0.0.0/0 255.255.255.255/32 10.0.0.0/8 ::/0 fd00::/128 09:af:AF::/9 ::ffff:10.0.0.0/104",
        "a 10.0.0.0 10.0.0/8 10.0.0.0.0/8 10.0.0.0/ 10.0.0.0/33 256.0.0.0/8 0.256.0.0/8 0.0.256.0/8 0.0.0.256/8 "
        ":: ::/ ::/129 g::/8 af/8 :::/8 1::2::3/8 12345::/8 1:2/8 010.0.0.0/8 10.0.0.0/255.0.0.0 fe80::1%eth0/64",
    ),
    "key of a secret": (
        invalid_secret_name,
        _REALTIME,
        ("secrets", 0, "keys", 0),
        f"a z A Z 0 9 _ - a. a.b_c-9 {'a' * 64}",
        f". .a a/b a:b ä {'a' * 65}",
    ),
    "topic": (
        invalid_topic,
        _KAFKA,
        ("streaming", "source", "topic"),
        f"a z A Z 0 9 a. ... .a - _ a.b-c_d {'a' * 249}",
        f". .. a/b a:b ä a$ {'a' * 250}",
    ),
    "stream": (
        invalid_topic,
        _NATS,
        ("streaming", "sink", "stream"),
        f"a z A Z 0 9 _ - {'a' * 255}",
        f"a.b a/b a$ ä {'a' * 256}",
    ),
    "subject": (
        invalid_topic,
        _NATS,
        ("streaming", "sink", "subject"),
        "a z A Z 0 9 _ / = $ - a.b.c _._ /./ =.= $.$ -.- a.z.A.Z.0.9",
        ". a. .a a..b * > a.* a.> ä a:b",
    ),
    "filter of subjects": (
        invalid_topic,
        _NATS,
        ("streaming", "source", "subject"),
        "a _ / = $ - * > a.b *.* a.* *.a.> a.> *.> _._ /./ =.= $.$ -.- z.Z.9",
        ". a. .a a..b a* *a >.a a.>.b >> ** ä",
    ),
    "package's version": (
        invalid_version,
        _REALTIME,
        ("model", "framework", "version"),
        "1 9 0 v1 1!1 1.0 1.0.0.0 1a1 1b2 1rc3 1.post1 1.dev1 1a1.post2.dev3 1+cpu 1.0+cu121 1+a.b.9 1+z0 10!2.30",
        "v !1 1! 1. .1 1..2 1a 1c1 1.post 1.dev 1post1 1+ 1+. 1+a. 1+A 1+a..b 1-1 x 1.x ä 1.0.dev1.post1",
    ),
    "tag of an image": (
        invalid_version,
        _REALTIME,
        ("release",),
        f"a Z 0 9 _ a. a- a_ _.- A.Z-0_9 {'a' * 115}",
        f". - .a -a a+b a/b a:b ä {'a' * 116} latest <1 >1 =1 ~1 ^1 1,2 1|2 1.* x X 1.x 1.X.2",
    ),
    "version that names a file": (
        invalid_version,
        _REALTIME,
        ("model", "version"),
        f"a Z 0 9 _ a- a_ a.b _-_ A.Z-0_9 ax x1 {'a' * 64}",
        f". - .a -a a. a+b a/b ä {'a' * 65} latest 1.x",
    ),
}  # fmt: skip


def _words(which: int) -> list[tuple[str, str]]:
    return [(name, word) for name, form in _FORMS.items() for word in str(form[which]).split(" ")]


@cache
def _deployment(spec: str) -> Deployment:
    found = analyse_text(spec.encode(), World(lambda paths: gather(_PROJECT, paths), "2026-11-23")).deployment
    assert found is not None
    return found


def _with(thing: Any, route: Route, word: str) -> Any:
    """The thing as if the word stood there in it."""
    if not route:
        return word
    first, *rest = route
    if isinstance(first, int):
        return (*thing[:first], _with(thing[first], tuple(rest), word), *thing[first + 1 :])
    return replace(thing, **{first: _with(getattr(thing, first), tuple(rest), word)})


def _is_taken(name: str, word: str) -> bool:
    rule, spec, route, *_ = _FORMS[name]
    return list(rule.check(_with(_deployment(spec), route, word), Facts())) == []


@pytest.mark.parametrize(("name", "word"), _words(3))
def test_what_has_the_form(name: str, word: str) -> None:
    """It is taken as it is."""
    assert _is_taken(name, word)


@pytest.mark.parametrize(
    ("name", "word"), [*_words(4), *((name, "") for name in _FORMS), *((name, "1\n") for name in _FORMS)]
)
def test_what_lacks_the_form(name: str, word: str) -> None:
    """It is told of, nothing and the end of a line too."""
    assert not _is_taken(name, word)
