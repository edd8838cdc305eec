"""Confluent's schema registry: the schema of a number, and the number of a schema."""

import base64
import json
import ssl
import urllib.error
import urllib.parse
import urllib.request

from worker.failure import UNDECODABLE, Bad, Unavailable
from worker.secrets import revealed

_SECONDS = 10
_TYPE = "application/vnd.schemaregistry.v1+json"


class Registry:
    def __init__(self, spec):
        self._url = spec["url"].rstrip("/")
        secrets = revealed(spec["secrets"])
        self._tls = ssl.create_default_context(cadata=secrets.get("ca")) if self._url.startswith("https:") else None
        self._headers = {"Accept": _TYPE, "Content-Type": _TYPE}
        if "token" in secrets:
            self._headers["Authorization"] = f"Bearer {secrets['token']}"
        elif "username" in secrets:
            login = base64.b64encode(f"{secrets['username']}:{secrets['password']}".encode())
            self._headers["Authorization"] = f"Basic {login.decode()}"

    def schema(self, number):
        """The schema of that number. Bad when there is none, or one of Protobuf, which is no JSON."""
        try:
            answer = self._ask(f"/schemas/ids/{number}")
        except urllib.error.HTTPError as error:
            raise Bad(UNDECODABLE, f"the registry has no schema {number}: {error}") from None
        try:
            return json.loads(answer["schema"])
        except (KeyError, TypeError, ValueError) as error:
            raise Bad(UNDECODABLE, f"the registry's schema {number} is not one of Avro: {error}") from None

    def register(self, name, schema):
        """The number of a schema, which is registered under that name unless it is there."""
        body = json.dumps({"schema": json.dumps(schema)}).encode()
        try:
            return self._ask(f"/subjects/{urllib.parse.quote(name, safe='')}/versions", body)["id"]
        except urllib.error.HTTPError as error:
            raise Unavailable(f"the registry takes no schema {name}: {error}") from None

    def _ask(self, path, body=None):
        request = urllib.request.Request(f"{self._url}{path}", body, self._headers)
        try:
            with urllib.request.urlopen(request, timeout=_SECONDS, context=self._tls) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            if error.code < 500 and error.code not in (401, 403, 408, 429):
                raise
            raise Unavailable(f"the registry at {self._url} answers {error.code}") from None
        except (OSError, ValueError) as error:
            raise Unavailable(f"the registry at {self._url} does not answer: {error}") from None
