"""A connection to NATS, in a thread of its own: what the loop asks of it is a call with an end."""

import asyncio
import concurrent.futures
import os
import ssl
import tempfile
import threading

import nats
import nats.errors

from scorer.failure import Failure
from worker.failure import REFUSED, Unavailable
from worker.secrets import revealed
from worker.telling import tell_now_and_then

_TLS = ("ca", "certificate", "private_key")
_REFUSALS = (nats.errors.AuthorizationError, nats.errors.InvalidUserCredentialsError)


def at(spec, broker):
    """The same source or sink at another server, without login and TLS."""
    return {**spec, "client": {"servers": [f"nats://{broker}"]}, "secrets": {}}


class Connection:
    """JetStream, tried for until it is there, and again whenever it is gone."""

    def __init__(self, spec, name):
        self.trouble = "connecting to NATS"
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, name="nats", daemon=True).start()
        secrets = revealed(spec["secrets"])
        self._opened = asyncio.run_coroutine_threadsafe(self._open(spec["client"], secrets, name), self._loop)

    def start(self, coroutine):
        """Begins something; the future of its result."""
        return asyncio.run_coroutine_threadsafe(self._begun(coroutine), self._loop)

    def ask(self, coroutine, seconds):
        """The result of something that takes at most so long; else Unavailable."""
        future = self.start(coroutine)
        try:
            return self.result(future, seconds)
        except Unavailable:
            future.cancel()
            raise

    def result(self, future, seconds):
        """What a future gives; Unavailable when it takes longer, or when the server is the reason that it fails."""
        try:
            return future.result(seconds)
        except _REFUSALS as error:
            raise Failure(REFUSED, f"nats refuses: {error}") from None
        except (nats.errors.Error, TimeoutError, concurrent.futures.TimeoutError, OSError) as error:
            raise Unavailable(f"nats: {self.trouble or str(error) or type(error).__name__}") from None

    def close(self):
        """Ends the connection, once what it still has to say is said."""
        try:
            self.ask(lambda stream: self._client.flush(), 2)
        except Unavailable:
            pass  # the server is gone: it has nothing to be told

    async def flush(self):
        """The server has heard all that was said."""
        await self._client.flush()

    async def _begun(self, coroutine):
        await asyncio.shield(asyncio.wrap_future(self._opened))
        return await coroutine(self._stream)

    async def _open(self, client, secrets, name):
        self._client = await connect(
            client,
            secrets,
            name=name,
            allow_reconnect=True,
            max_reconnect_attempts=-1,
            error_cb=self._troubled,
            disconnected_cb=self._gone,
            reconnected_cb=self._back,
        )
        self._stream = self._client.jetstream()
        self.trouble = None

    async def _troubled(self, error):
        tell_now_and_then(type(error), f"nats: {error or type(error).__name__}")

    async def _gone(self):
        self.trouble = "the connection is gone"

    async def _back(self):
        self.trouble = None


async def connect(client, secrets, **more):
    """A client of these servers that shows them these secrets."""
    shown = {name: secrets[name] for name in ("user", "password", "token") if name in secrets}
    if "credentials" in secrets:
        shown["user_credentials"] = _file(secrets["credentials"])
    if client.get("tls") or any(name in secrets for name in _TLS):
        shown["tls"] = ssl.create_default_context(cadata=secrets.get("ca"))
        if "certificate" in secrets:
            shown["tls"].load_cert_chain(_file(secrets["certificate"]), _file(secrets["private_key"]))
    return await nats.connect(servers=client["servers"], **shown, **more)


def _file(text):
    """A file with that text, which nobody else may read: its library takes no texts."""
    descriptor, path = tempfile.mkstemp()
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(text)
    return path
