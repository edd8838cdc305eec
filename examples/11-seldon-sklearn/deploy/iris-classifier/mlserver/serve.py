"""Runs MLServer as `mlserver start` does, and beyond that:

- variables of the environment (MLSERVER_...) win over settings.json, so that it does for a machine and a container;
- the model is ready when it has answered the first example of the spec, if there is one, not before;
- a request that does not fit is refused with status 400 and the reason;
- requests in flight get their answers after a stop signal, and the exit code is 1 when the model could not be loaded;
- nobody can unload the model over the network.
"""

import asyncio
import itertools
import logging
import math
import os
import sys
import tempfile
import time

import numpy as np
import uvloop
from mlserver import MLServer
from mlserver.cli.serve import load_settings
from mlserver.errors import InferenceError, MLServerError
from mlserver.parallel.errors import WorkerError
from mlserver.settings import Settings
from mlserver.types import InferenceRequest, RequestOutput, TensorData

SPEC = {
    "inputs": {"input": {"datatype": "FP32", "shape": [-1, 4]}},
    "batched": False,
    "outputs": ["predict_proba"],
    "refusals": [
        "builtins.ValueError",
        "xgboost.core.XGBoostError",
        "lightgbm.basic.LightGBMError",
    ],
    "warm_up": {
        "inputs": [
            {"data": [5.1, 3.5, 1.4, 0.2], "datatype": "FP32", "name": "input", "shape": [1, 4]},
        ],
    },
    "drain_seconds": 30,
}

HERE = os.path.dirname(os.path.abspath(__file__))

# By the protocol's name: numpy's.
DATATYPES = {
    name: name.replace("FP", "float").lower()
    for name in "BOOL UINT8 UINT16 UINT32 UINT64 INT8 INT16 INT32 INT64 FP16 FP32 FP64".split()
}
LARGEST = {name: float(np.finfo(kind).max) for name, kind in DATATYPES.items() if kind.startswith("float")}


async def refuse(*_args, **_kwargs):
    raise MLServerError("models are not loaded or unloaded while the server runs", 403)


def fitted(payload):
    """The request as the signature has it, or InferenceError.

    MLServer does not look. It puts requests together by the shapes that they claim, and reads all as the first one
    says: a client would get the answer to another's data, or none because of it.
    """
    if SPEC["inputs"] is None:  # the runtime class looks
        return payload
    names, known = sorted(item.name for item in payload.inputs), SPEC["inputs"]
    if known and names != sorted(known):
        raise InferenceError(f"inputs {names} given, the model takes {sorted(known)}")
    for item in payload.inputs:
        try:
            fit(item, **known.get(item.name, {"datatype": item.datatype, "shape": None}))
        except ValueError as error:
            raise InferenceError(f"input {item.name!r}: {error}") from None
    if len({tuple(item.shape[:1]) for item in payload.inputs}) > 1:
        raise InferenceError("the inputs differ in their number of rows")
    if known and SPEC["batched"]:
        alike(payload)
    return payload


def alike(payload):
    """Takes from a request what would hold for others too: how MLServer is to read it, and outputs that are none."""
    wanted = [output.name for output in payload.outputs or []]
    if SPEC["outputs"] and not set(wanted) <= set(SPEC["outputs"]):
        raise InferenceError(f"outputs {wanted} asked for, the model gives {SPEC['outputs']}")
    for part in (payload, *payload.inputs):
        if part.parameters is not None:
            part.parameters.content_type = None


def fit(item, datatype, shape):
    """Gives an input the shape and datatype that are wanted, and flat data. ValueError says that it can't be."""
    if shape and shape[1:] == [1] and len(item.shape) == 1:
        item.shape = [*item.shape, 1]
    if min(item.shape, default=0) < 0:
        raise ValueError(f"a size in {item.shape} is negative")
    if shape and (len(item.shape) != len(shape) or any(map(misplaced, item.shape, shape))):
        raise ValueError(f"shape {item.shape} does not fit {shape} (-1: any)")
    data = getattr(item.data, "root", item.data)
    values = flat(data)
    if len(values) != math.prod(item.shape):
        raise ValueError(f"{len(values)} values, where shape {item.shape} has {math.prod(item.shape)}")
    if (item.datatype == "BYTES") != (datatype == "BYTES"):
        raise ValueError(f"{item.datatype} given, the model takes {datatype}")
    values = text(values) if datatype == "BYTES" else numbers(values, datatype)
    item.datatype = datatype
    if values is not data:
        item.data = TensorData(values)


def misplaced(size, wanted):
    return wanted not in (-1, size)


def flat(data):
    """The values of nested lists."""
    data = data if isinstance(data, list) else [data]
    while data and isinstance(data[0], list):
        if set(map(type, data)) != {list} or len(set(map(len, data))) > 1:
            raise ValueError("data is ragged")
        data = list(itertools.chain.from_iterable(data))
    return data


def text(values):
    """Each value a str, as REST has it: gRPC has bytes."""
    types = set(map(type, values))
    if not types <= {str, bytes, type(None)}:
        raise ValueError("data is not text")
    return [value.decode() if isinstance(value, bytes) else value for value in values] if bytes in types else values


def numbers(values, datatype):
    """The values, which the datatype does not change but for rounding of floats; null is NaN."""
    if datatype not in DATATYPES:
        raise ValueError(f"no datatype {datatype}")
    if within(LARGEST.get(datatype), values):
        return values
    try:
        with np.errstate(over="raise", invalid="ignore"):
            found = array(values)
            # No integers of numpy's hold both large and small ones.
            if found.dtype.kind == "f" and "INT" in datatype and set(map(type, values)) == {int}:
                found = np.array(values, object)
            cast = found.astype(DATATYPES[datatype])
    except ArithmeticError:
        raise ValueError(f"a value is out of the range of {datatype}") from None
    if cast.dtype.kind != "f" and not np.array_equal(cast, found):
        raise ValueError(f"data is not {datatype}")
    return values if cast.dtype.kind == found.dtype.kind else cast.tolist()


def within(largest, values):
    """Whether all are numbers as large as a datatype of floats has, which is soon told of most requests."""
    try:
        return -largest <= min(values) and max(values) <= largest
    except (TypeError, ValueError):
        return False


def array(values):
    """The array of numbers; null is NaN."""
    try:
        sum(values)  # text and null do not add up, and nothing tells sooner
        found = np.asarray(values)
        if found.dtype != object:
            return found
    except (TypeError, OverflowError):
        pass
    if not set(map(type, values)) <= {int, float, type(None)}:
        raise ValueError("data is not numbers")
    return np.array(values, "float64")


def asking(payload):
    """The request in the order of the signature, which a table needs; it asks for its outputs when it names none."""
    payload.inputs.sort(key=lambda item: list(SPEC["inputs"]).index(item.name) if SPEC["inputs"] else 0)
    if SPEC["outputs"] and not payload.outputs:
        payload.outputs = [RequestOutput(name=name) for name in SPEC["outputs"]]
    return payload


async def warmed(model):
    """The model, whose loading now ends with an answer to the first example, if there is one."""
    load = model.load

    async def load_and_ask():
        loaded = await load()
        if loaded and SPEC["warm_up"]:
            await model.predict(asking(fitted(InferenceRequest.model_validate(SPEC["warm_up"]))))
        return loaded

    model.load = load_and_ask
    return model


def said(error):
    """Its kind and its words, also of one in a worker process."""
    kind = f"{type(error).__module__}.{type(error).__name__}"
    return str(error) if isinstance(error, WorkerError) else f"{kind}: {error}"


async def apart(model):
    """The model, which answers each request of a batch by itself when the batch fails: one of them spoils no other."""
    batcher, together, told = getattr(model, "__adaptive_batching__", None), model.predict, set()

    async def predict(payload):
        try:
            return await together(payload)
        except Exception as error:
            kind = said(error).partition(":")[0]  # its words may hold data
            if kind not in told:
                told.add(kind)
                logging.getLogger("mlserver").warning("A batch failed: each request is asked for by itself. %s", kind)
            return await batcher._predict_fn(payload)

    if batcher is not None:
        model.predict = predict
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
        registry._on_model_load += [apart, warmed]
        return registry

    async def infer(self, payload, *args, **kwargs):
        """The answer, over REST or gRPC. Only these exceptions speak of the request; others are faults of ours."""
        payload = asking(fitted(payload))
        try:
            return await self.unchecked(payload, *args, **kwargs)
        except Exception as error:
            if said(error).startswith(tuple(SPEC["refusals"])):
                raise InferenceError(said(error).partition(": ")[2]) from None
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
