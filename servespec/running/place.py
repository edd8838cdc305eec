"""What a container says of its paths, said for this machine: pure text, nothing is looked at."""

from __future__ import annotations

import re
from collections.abc import Mapping

from servespec.deployment.names import secret_variable
from servespec.deployment.secret_keys import SecretKey
from servespec.records import dataclass
from servespec.running.compiled import Compiled

KEPT = ("LANG", "LC_ALL", "TZ", "JAVA_HOME", "LD_LIBRARY_PATH")
"""What a server takes over from the user's environment besides the search path; in an image it would not have these."""
_EVERYWHERE, _HERE = "0.0.0.0", "127.0.0.1"


class Missing(Exception):
    """A variable with a secret in it is not set; the message is a sentence."""


@dataclass(frozen=True)
class Place:
    """Where the folders of an image are on this machine."""

    moved: Mapping[str, str]
    """By absolute path in the image."""

    def text(self, text: str) -> str:
        """The text with every path of the image in it as it is here, and with addresses that only this machine reaches.

        In a container a server listens everywhere, since clients come from outside; here that would be the network.
        """
        return self.path(text).replace(_EVERYWHERE, _HERE)

    def path(self, text: str) -> str:
        """The text with every path of the image in it as it is here."""
        # The longest first: /opt/model/cache is more than a file below /opt/model.
        known = sorted(self.moved, key=len, reverse=True)
        pattern = "|".join(re.escape(path) for path in known)
        return re.sub(rf"(?<![\w.-])(?:{pattern})(?![\w.-])", lambda found: self.moved[found[0]], text)

    def argv(self, argv: tuple[str, ...]) -> tuple[str, ...]:
        """A command of the container, as it is typed here."""
        return tuple(self.text(word) for word in argv)


def environment(compiled: Compiled, place: Place, *, user: Mapping[str, str]) -> dict[str, str]:
    """The variables of the server: those of its image, what a run outside of one needs, and those of the spec."""
    deployment, container = compiled.deployment, compiled.container
    image = {name: value for name, (value, _) in container.env.items()} | dict(deployment.image.env)
    found = {name: user[name] for name in KEPT if name in user}
    found |= {name: place.text(value) for name, value in image.items()}
    files = str(compiled.folder.emitted / container.server)
    found |= {name: value.replace("{home}", files) for name, value in container.host_env.items()}
    found |= variables(deployment.runtime.env, user)
    return found | {"PATH": _search_path(image.get("PATH", ""), place, user.get("PATH", ""))}


def _search_path(image: str, place: Place, user: str) -> str:
    """The image's own folders that are here, before the user's: the system's programs are this machine's."""
    ours = (place.path(folder) for folder in image.split(":") if place.path(folder) != folder)
    return ":".join((*ours, user))


def variables(given: Mapping[str, str | SecretKey], user: Mapping[str, str]) -> dict[str, str]:
    """Variables of the spec, with what is secret in them taken from the user's own. Raises `Missing`."""
    found: dict[str, str] = {}
    for name, value in given.items():
        if isinstance(value, str):
            found[name] = value
            continue
        variable = secret_variable(value.secret, value.key)
        if variable not in user:
            raise Missing(f"{variable} is not set: {name} is the key {value.key} of the secret {value.secret}")
        found[name] = user[variable]
    return found
