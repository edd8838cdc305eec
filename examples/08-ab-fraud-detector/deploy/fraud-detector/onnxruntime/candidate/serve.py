"""Runs MLServer as `mlserver start` does, and beyond that:

- variables of the environment (MLSERVER_...) win over settings.json, so that it does for a machine and a container;
- the model is ready when it has answered its first example, not before;
- a request that does not fit is refused with status 400 and the reason;
- requests in flight get their answers after a stop signal, and the exit code is 1 when the model could not be loaded;
- nobody can unload the model over the network.
"""

import asyncio
import math
import os
import sys
import tempfile
import time

import uvloop
from mlserver import MLServer
from mlserver.cli.serve import load_settings
from mlserver.errors import InferenceError, MLServerError
from mlserver.parallel.errors import WorkerError
from mlserver.settings import Settings
from mlserver.types import InferenceRequest, RequestOutput

SPEC = {
    "inputs": None,
    "outputs": [],
    "refusals": [],
    "warm_up": {
        "inputs": [
            {"data": [86.2, 4, 13, 1], "datatype": "FP32", "name": "input", "shape": [1, 4]},
        ],
        "outputs": [{"name": "probabilities"}],
    },
    "drain_seconds": 30,
}

HERE = os.path.dirname(os.path.abspath(__file__))


async def refuse(*_args, **_kwargs):
    raise MLServerError("models are not loaded or unloaded while the server runs", 403)


def count(data):
    return sum(map(count, data)) if isinstance(data, list) else 1


def misfit(payload):
    """What of a request does not fit, or None.

    MLServer does not look. It puts requests together by the shapes that they claim: with a false one, a client would
    get the answer to another's data.
    """
    if SPEC["inputs"] is None:  # the runtime class looks
        return None
    names, known = sorted(item.name for item in payload.inputs), SPEC["inputs"]
    if known and names != sorted(known):
        return f"inputs {names} given, the model takes {sorted(known)}"
    for item in payload.inputs:
        shape, wanted, data = item.shape, known.get(item.name), getattr(item.data, "root", item.data)
        if min(shape, default=0) < 0:
            return f"input {item.name!r}: a size in {shape} is negative"
        if wanted and (len(shape) != len(wanted) or any(want not in (-1, size) for size, want in zip(shape, wanted, strict=True))):
            return f"input {item.name!r}: shape {shape} does not fit {wanted} (-1: any)"
        if item.datatype != "BYTES" and isinstance(data, list) and count(data) != math.prod(shape):
            return f"input {item.name!r}: {count(data)} values, where shape {shape} has {math.prod(shape)}"
    return None


def asking(payload):
    """The request in the order of the signature, which a table needs; it asks for its outputs when it names none."""
    payload.inputs.sort(key=lambda item: list(SPEC["inputs"]).index(item.name) if SPEC["inputs"] else 0)
    if SPEC["outputs"] and not payload.outputs:
        payload.outputs = [RequestOutput(name=name) for name in SPEC["outputs"]]
    return payload


async def warmed(model):
    """The model, whose loading now ends with an answer to the first example."""
    load = model.load

    async def load_and_ask():
        loaded = await load()
        if loaded and SPEC["warm_up"]:
            await model.predict(asking(InferenceRequest.model_validate(SPEC["warm_up"])))
        return loaded

    model.load = load_and_ask
    return model


class Server(MLServer):
    ending = None

    def __init__(self, settings):
        super().__init__(settings)
        handlers, plane = self._model_repository_handlers, self._data_plane
        handlers.load = handlers.unload = refuse
        self.unchecked, plane.infer = plane.infer, self.infer

    def _create_model_registry(self):
        registry = super()._create_model_registry()
        registry._on_model_load.append(warmed)
        return registry

    async def infer(self, payload, *args, **kwargs):
        """The answer, over REST or gRPC. Only these exceptions speak of the request; others are faults of ours."""
        if reason := misfit(payload):
            raise InferenceError(reason)
        try:
            return await self.unchecked(asking(payload), *args, **kwargs)
        except Exception as error:
            kind = f"{type(error).__module__}.{type(error).__name__}"
            words = str(error) if isinstance(error, WorkerError) else f"{kind}: {error}"
            if words.startswith(tuple(SPEC["refusals"])):
                raise InferenceError(words.partition(": ")[2]) from None
            raise

    async def stop(self, sig=None):
        """Takes no more requests and lets those in flight finish. MLServer ends its workers before that."""
        if self.ending is None:  # its HTTP servers raise a signal once more when they have ended
            self.ending = asyncio.ensure_future(self.end(sig))
        await self.ending

    async def end(self, sig):
        await asyncio.gather(self.drain_rest(), self.drain_grpc())
        await super().stop(sig)

    async def drain_rest(self):
        server, end = getattr(self._rest_server, "_server", None), time.monotonic() + SPEC["drain_seconds"]
        if server is None:
            return
        server.should_exit = True
        while any(each.is_serving() for each in getattr(server, "servers", ())) or server.server_state.tasks:
            if time.monotonic() > end:
                server.force_exit = True
                break
            await asyncio.sleep(0.02)

    async def drain_grpc(self):
        server = getattr(self._grpc_server, "_server", None)
        if server is not None:
            await server.stop(grace=SPEC["drain_seconds"])


async def main(scratch):
    """The exit code; `mlserver start` exits 0 also when nothing was loaded."""
    settings, models = await load_settings(HERE)
    sys.path.remove(".")  # it put the working folder first, where any file may hide a module
    settings.metrics_dir = settings.environments_dir = scratch
    given = Settings()
    for name in given.model_fields_set:
        setattr(settings, name, getattr(given, name))
    for model in models:
        model.parameters.uri = os.environ.get("MLSERVER_MODEL_URI", model.parameters.uri)
        sys.path.append(os.path.dirname(os.path.join(HERE, model.parameters.uri)))
    server = Server(settings)
    await server.start(models)
    if server.ending is not None:  # MLServer does not wait for the end of its workers
        await server.ending
    loaded = list(await server._model_registry.get_models())
    return 0 if loaded and all(model.ready for model in loaded) else 1


if __name__ == "__main__":
    uvloop.install()
    with tempfile.TemporaryDirectory() as scratch:
        code = asyncio.run(main(scratch))
    sys.exit(code)
