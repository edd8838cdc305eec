"""What is outside of a service: what each connection means."""

from __future__ import annotations

from collections.abc import Mapping

from servespec.deployment.secret_keys import SecretKey
from servespec.records import dataclass


@dataclass(frozen=True)
class Credentials:
    """A secret, its keys by what they hold, and how they are shown where there are several ways."""

    secret: str
    keys: Mapping[str, str]
    mechanism: str | None

    def key(self, held: str) -> SecretKey | None:
        """Where something stands in the secret; None when nobody says so."""
        return SecretKey(self.secret, self.keys[held]) if held in self.keys else None


@dataclass(frozen=True)
class Connection:
    """One of them."""

    name: str
    type: str
    endpoint: str | None
    region: str | None
    account: str | None
    brokers: tuple[str, ...]
    auth: str
    """`none`, `workload` or `secret`."""
    credentials: Credentials | None
    """What is shown with `secret`."""
    tls: bool
    """Whether something is said of TLS, or a certificate is shown, which is done in no other way."""
    ca: SecretKey | None
    """The certificate of who vouches for the other side."""
    ports: tuple[int, ...]
    """The TCP ports of the other side."""

    @property
    def keys(self) -> tuple[SecretKey, ...]:
        """Every key of a secret that it takes."""
        shown = self.credentials
        own = tuple(SecretKey(shown.secret, key) for key in shown.keys.values()) if shown else ()
        return (*own, *((self.ca,) if self.ca else ()))
