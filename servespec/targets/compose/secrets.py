"""What stands in a compose file for a key of a secret."""

from __future__ import annotations

from servespec.deployment.names import secret_variable
from servespec.deployment.secret_keys import SecretKey


def from_shell(given: SecretKey) -> str:
    """The variable that Compose takes from the shell or from .env; where it is missing, Compose stops and says what it
    is to hold."""
    return f"${{{secret_variable(given.secret, given.key)}:?key {given.key} of the secret {given.secret}}}"
