"""Models in MLflow's registry, by its REST API: the version that an address means, and the files of that version.

The API: https://mlflow.org/docs/latest/api_reference/rest-api.html (read 2026-11); the artifacts' part of it is the one
that `mlflow server` has for clients of its own storage.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, unquote, urlencode, urlsplit, urlunsplit

from servespec.deployment.registry import RegistryAddress
from servespec.edge.web import Stored, Unanswered, get, hashed
from servespec.records import dataclass

_API = "api/2.0/mlflow"
_ARTIFACTS = "api/2.0/mlflow-artifacts/artifacts"
_PROXIED = "mlflow-artifacts"


@dataclass(frozen=True)
class Registered:
    """A version of a registered model, and where its files are."""

    version: str
    folder: str
    """An address."""


class MlflowRegistry:
    """A tracking server that has a registry."""

    def __init__(self, tracking: str) -> None:
        parts = urlsplit(tracking)
        login, _, place = parts.netloc.rpartition("@")
        self._base = urlunsplit(parts._replace(netloc=place)).rstrip("/")
        """Its address, without a login that may stand in it."""
        if parts.scheme not in ("http", "https"):
            raise Unanswered(f"MLFLOW_TRACKING_URI is {self._base}, and not the address of a server")
        self._who = _who(unquote(login))

    def find(self, address: RegistryAddress) -> Registered:
        """The version that an address means now."""
        found = self._version(address)
        version = str(found.get("version"))
        said = self._ask("model-versions/get-download-uri", {"name": address.name, "version": version})
        folder = said.get("artifact_uri")
        if not isinstance(folder, str):
            raise Unanswered(f"{self._base} does not tell where the files of {address.name} {version} are")
        return Registered(version, self._storage(folder))

    def _storage(self, folder: str) -> str:
        """Where in a storage a folder is that may be named by the run, or the logged model, that it is of."""
        scheme, _, rest = folder.partition(":/")
        owner, _, below = rest.lstrip("/").partition("/")
        if scheme == "runs":
            found = _mapping(_mapping(self._ask("runs/get", {"run_id": owner}).get("run")).get("info"))
        elif scheme == "models":
            found = _mapping(_mapping(self._ask(f"logged-models/{quote(owner)}", {}).get("model")).get("info"))
        else:
            return folder
        return f"{found.get('artifact_uri')}/{below}".rstrip("/")

    def _version(self, address: RegistryAddress) -> Mapping[str, Any]:
        if address.stage is not None:
            raise Unanswered(f"{address.stage} is a stage, which MLflow has given up: name an alias or a version")
        if address.alias is not None:
            asked = {"name": address.name, "alias": address.alias}
            return _mapping(self._ask("registered-models/alias", asked).get("model_version"))
        if address.version is not None:
            asked = {"name": address.name, "version": address.version}
            return _mapping(self._ask("model-versions/get", asked).get("model_version"))
        name = address.name.replace("'", "''")
        asked = {"filter": f"name='{name}'", "order_by": "version_number DESC", "max_results": "1"}
        found = self._ask("model-versions/search", asked).get("model_versions")
        if not found:
            raise Unanswered(f"{self._base} has no version of {address.name}")
        return _mapping(found[0])

    def files(self, folder: str) -> dict[str, Stored]:
        """The files of a folder that the server hands out itself, by their paths below it."""
        below = urlsplit(folder).path.strip("/")
        return dict(self._walked(below, ""))

    def read(self, folder: str, path: str) -> bytes:
        """A small file of such a folder."""
        reply = get(self._artifact(f"{urlsplit(folder).path.strip('/')}/{path}"), self._who)
        if reply.status != 200:
            raise Unanswered(f"{self._base} answers {reply.status} to the question for {path}")
        return reply.body

    def _walked(self, folder: str, below: str) -> Iterator[tuple[str, Stored]]:
        listed = get(f"{self._base}/{_ARTIFACTS}?{urlencode({'path': f'{folder}/{below}'.rstrip('/')})}", self._who)
        if listed.status != 200:
            raise Unanswered(f"{self._base} answers {listed.status} to the question for the files in {folder}")
        for item in sorted(_list(listed.json(), "files"), key=lambda item: str(item.get("path"))):
            path = f"{below}/{item['path']}".lstrip("/")
            if item.get("is_dir"):
                yield from self._walked(folder, path)
            else:
                yield path, hashed(self._artifact(f"{folder}/{path}"), self._who)

    def _artifact(self, path: str) -> str:
        return f"{self._base}/{_ARTIFACTS}/{quote(path)}"

    def _ask(self, what: str, query: Mapping[str, str]) -> Mapping[str, Any]:
        reply = get(f"{self._base}/{_API}/{what}?{urlencode(query)}", self._who)
        said = _mapping(reply.json()) if reply.status in (200, 400, 404) else {}
        if reply.status != 200:
            raise Unanswered(f"{self._base} answers {reply.status}: {said.get('message') or 'no more is said'}")
        return said


def is_proxied(folder: str) -> bool:
    """Whether the tracking server itself hands out what is in a folder."""
    return urlsplit(folder).scheme == _PROXIED


def _who(login: str) -> dict[str, str]:
    """Who asks: by the variables that MLflow's own client reads, else by what stands in the address."""
    if token := os.environ.get("MLFLOW_TRACKING_TOKEN"):
        return {"Authorization": f"Bearer {token}"}
    user, password = os.environ.get("MLFLOW_TRACKING_USERNAME"), os.environ.get("MLFLOW_TRACKING_PASSWORD")
    login = f"{user}:{password}" if user and password else login
    return {"Authorization": f"Basic {base64.b64encode(login.encode()).decode()}"} if login else {}


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object, key: str) -> list[dict[str, Any]]:
    found = _mapping(value).get(key)
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []
