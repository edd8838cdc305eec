"""What a connection means: its ports, and which keys of which secrets it takes."""

from __future__ import annotations

from pathlib import Path

import pytest

from servespec.deployment.connections import Connection
from servespec.deployment.references import connection_named
from servespec.deployment.secret_keys import SecretKey
from tests.projects import SPEC, analyse, write


def _meant(project: Path, text: str) -> Connection:
    deployment = analyse(write(project), f"{SPEC}connections:\n  - {{name: it, {text}}}\n").deployment
    assert deployment is not None
    found = connection_named(deployment, "it")
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("text", "ports"),
    [
        ("type: s3", (443,)),
        ('type: s3, endpoint: "http://minio:9000"', (9000,)),
        ('type: mlflow, endpoint: "http://mlflow.example.com/team"', (80,)),
        ('type: https, endpoint: "https://[2001:db8::1]"', (443,)),
        ('type: kafka, brokers: ["a:9093", "b:9093", "[2001:db8::1]:9094"]', (9093, 9094)),
    ],
)
def test_ports(tmp_path: Path, text: str, ports: tuple[int, ...]) -> None:
    """Those of the addresses, each once; else what is usual for the scheme or the type."""
    assert _meant(tmp_path, text).ports == ports


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("type: s3, auth: {secret: s}", {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"}),
        ('type: kafka, brokers: ["a:1"], auth: {secret: s}', {"username", "password"}),
        (
            'type: kafka, brokers: ["a:1"], auth: {secret: s, keys: {certificate: c, privateKey: k}}, tls: {}',
            {"c", "k"},
        ),
    ],
)
def test_keys(tmp_path: Path, text: str, keys: set[str]) -> None:
    """Those that are named, and no others; the usual ones where none is."""
    assert set(_meant(tmp_path, text).keys) == {SecretKey("s", key) for key in keys}


def test_who_vouches(tmp_path: Path) -> None:
    """A certificate has its usual key, and is among what must exist."""
    found = _meant(tmp_path, 'type: kafka, brokers: ["a:1"], tls: {ca: {secret: company}}')
    assert (found.tls, found.ca) == (True, SecretKey("company", "ca.crt"))
    assert found.keys == (SecretKey("company", "ca.crt"),)


def test_a_password_is_never_sent_by_default(tmp_path: Path) -> None:
    """Kafka is shown one by a mechanism that does not send it; what has no password has no mechanism."""
    shown = _meant(tmp_path, 'type: kafka, brokers: ["a:1"], auth: {secret: s}').credentials
    mutual = _meant(
        tmp_path, 'type: kafka, brokers: ["a:1"], auth: {secret: s, keys: {certificate: c, privateKey: k}}'
    ).credentials
    assert shown is not None
    assert mutual is not None
    assert (shown.mechanism, mutual.mechanism) == ("SCRAM-SHA-512", None)
