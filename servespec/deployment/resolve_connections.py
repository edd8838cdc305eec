"""The block `connections` to what it means."""

from __future__ import annotations

import re
from collections.abc import Iterator

from servespec.deployment import connections as types
from servespec.deployment.reading import by_key
from servespec.deployment.secret_keys import SecretKey
from servespec.runtimes.connections import KINDS, MECHANISM, Kind
from servespec.spec.connections import Auth, Connection

_ADDRESS = re.compile(r"(?:(?P<scheme>[a-z]+)://)?[^/]*?(?::(?P<port>[0-9]{1,5}))?(?:/.*)?", re.DOTALL)
_PORTS = {"http": 80, "https": 443}


def connection(given: Connection) -> types.Connection:
    """What one of them means."""
    kind, auth = KINDS.value[given.type], given.auth
    ca = given.tls.ca if given.tls else None
    shown = _credentials(auth, kind, given.type) if isinstance(auth, Auth) else None
    return types.Connection(
        name=given.name,
        type=given.type,
        endpoint=given.endpoint,
        region=given.region,
        account=given.account,
        brokers=given.brokers,
        auth="secret" if isinstance(auth, Auth) else auth,
        credentials=shown,
        tls=given.tls is not None or (shown is not None and "certificate" in shown.keys),
        ca=SecretKey(ca.secret, ca.key) if ca else None,
        ports=tuple(sorted(set(_ports(given, kind)))),
    )


def _ports(given: Connection, kind: Kind) -> Iterator[int]:
    for address in given.brokers or (given.endpoint or "",):
        match = _ADDRESS.fullmatch(address)
        assert match is not None, "every text has a beginning up to the first slash"
        yield int(match["port"] or _PORTS.get(match["scheme"], kind.port))


def _credentials(given: Auth, kind: Kind, name: str) -> types.Credentials:
    keys = by_key(given.keys) or dict(kind.forms[0])
    shows_a_password = name == "kafka" and "password" in keys
    return types.Credentials(given.secret, keys, given.mechanism or (MECHANISM.value if shows_a_password else None))
