"""Serves an ONNX model with ONNX Runtime inside MLServer, by the Open Inference Protocol over REST and gRPC.

What the model takes and gives is read from the model itself. A request that does not fit is answered 400 with the
reason; nothing is cast that would change a value.
"""

import asyncio
import gc
import itertools
import math
import os
import time

# ONNX Runtime reports to its maker unless this is set before it is imported.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

import numpy as np  # noqa: E402
import onnxruntime as ort  # noqa: E402
from mlserver import MLModel  # noqa: E402
from mlserver.errors import InferenceError  # noqa: E402
from mlserver.logging import logger  # noqa: E402
from mlserver.types import InferenceResponse, MetadataTensor, ResponseOutput  # noqa: E402
from mlserver.utils import get_model_uri  # noqa: E402

SPEC = {
    "threads": 1,
    "graph_level": "all",
    "batch": 1,
    "batch_seconds": 0.005,
    "providers": ["CPUExecutionProvider"],
    "inline_seconds": 0.001,
}

# By ONNX's name: the protocol's, numpy's, and the kinds of numpy's inferred types that lose nothing by the cast.
DATATYPES = {
    "tensor(bool)": ("BOOL", "bool", "b"),
    "tensor(uint8)": ("UINT8", "uint8", "iu"),
    "tensor(uint16)": ("UINT16", "uint16", "iu"),
    "tensor(uint32)": ("UINT32", "uint32", "iu"),
    "tensor(uint64)": ("UINT64", "uint64", "iu"),
    "tensor(int8)": ("INT8", "int8", "iu"),
    "tensor(int16)": ("INT16", "int16", "iu"),
    "tensor(int32)": ("INT32", "int32", "iu"),
    "tensor(int64)": ("INT64", "int64", "iu"),
    "tensor(float16)": ("FP16", "float16", "iuf"),
    "tensor(float)": ("FP32", "float32", "iuf"),
    "tensor(double)": ("FP64", "float64", "iuf"),
    "tensor(string)": ("BYTES", "object", "O"),
}
KINDS = {name: kinds for name, _, kinds in DATATYPES.values()}
GRAPH_LEVELS = {
    "none": ort.GraphOptimizationLevel.ORT_DISABLE_ALL,
    "basic": ort.GraphOptimizationLevel.ORT_ENABLE_BASIC,
    "extended": ort.GraphOptimizationLevel.ORT_ENABLE_EXTENDED,
    "all": ort.GraphOptimizationLevel.ORT_ENABLE_ALL,
}


class Tensor:
    """An input or output of the model: its name, datatype, numpy type and shape (-1 where free)."""

    def __init__(self, node):
        if node.type not in DATATYPES:
            raise ValueError(f"{node.name!r} is a {node.type}; only tensors can be served (is `zipmap` off?)")
        self.name = node.name
        self.datatype, self.dtype, _ = DATATYPES[node.type]
        self.shape = [size if isinstance(size, int) else -1 for size in node.shape]

    def metadata(self):
        return MetadataTensor(name=self.name, datatype=self.datatype, shape=self.shape)

    def zeros(self):
        """One row of zeros, or of empty strings."""
        fill = "" if self.datatype == "BYTES" else 0
        return np.full([1 if size < 0 else size for size in self.shape], fill, self.dtype)

    def decode(self, item):
        """The array of a request's input; InferenceError says what is wrong with it."""
        shape, data = list(item.shape), getattr(item.data, "root", item.data)
        if len(shape) != len(self.shape) or any(
            size != want and (want >= 0 or size < 1) for size, want in zip(shape, self.shape, strict=True)
        ):
            raise InferenceError(f"input {self.name!r}: shape {shape} does not fit {self.shape} (-1: any)")
        try:
            found = array(flat(data, shape))
        except ValueError as error:
            raise InferenceError(f"input {self.name!r}: {error}") from None
        return self.cast(found, item.datatype).reshape(shape)

    def cast(self, found, datatype):
        """The array in the model's type, when that changes no value beyond rounding of floats."""
        kind = found.dtype.kind
        if kind not in KINDS.get(datatype, ""):
            raise InferenceError(f"input {self.name!r}: data is not {datatype}")
        if kind not in KINDS[self.datatype]:
            raise InferenceError(f"input {self.name!r}: {datatype} given, the model takes {self.datatype}")
        try:
            with np.errstate(over="raise"):
                cast = found.astype(self.dtype)
        except FloatingPointError:
            cast = None
        if cast is None or (kind in "iu" and cast.dtype.kind in "iu" and not np.array_equal(cast, found)):
            raise InferenceError(f"input {self.name!r}: a value is out of the range of {self.datatype}")
        return cast

    def encode(self, array):
        """The answer's output. Strings go as bytes, which both REST and gRPC take."""
        data = array.ravel().tolist()
        data = [item.encode() for item in data] if self.datatype == "BYTES" else data
        return ResponseOutput(name=self.name, datatype=self.datatype, shape=list(array.shape), data=data)


def flat(data, shape):
    """The values of data, which is flat or nested as the shape is; ValueError says that it is neither."""
    data = data if isinstance(data, list) else [data]
    if data and isinstance(data[0], list):
        for size in shape[1:]:
            if set(map(type, data)) != {list} or set(map(len, data)) != {size}:
                raise ValueError(f"data is not nested as shape {shape} says")
            data = list(itertools.chain.from_iterable(data))
    if len(data) != math.prod(shape):
        raise ValueError(f"{len(data)} values, where shape {shape} has {math.prod(shape)}")
    return data


def numbers(values):
    """Whether all values are numbers: nothing else adds up, and nothing tells sooner."""
    try:
        sum(values)
    except (TypeError, OverflowError):
        return False
    return True


def array(values):
    """The array of flat values, all numbers or all text; ValueError says that they are neither."""
    if numbers(values) and (found := np.asarray(values)).dtype != object:
        return found
    types = set(map(type, values))
    if types <= {str, bytes}:
        # As objects: numpy's own strings are each as long as the longest, and lose a NUL at the end.
        return np.array([item.decode() if isinstance(item, bytes) else item for item in values], object)
    if not types <= {int, float, type(None)}:
        raise ValueError("data is neither numbers nor text")
    try:
        return np.array(values, "float64")  # null is how JSON writes NaN
    except OverflowError:
        raise ValueError("a value is out of the range of FP64") from None


class OnnxRuntime(MLModel):
    async def load(self):
        path = await get_model_uri(self.settings)
        # In a thread, so that liveness is answered meanwhile.
        await asyncio.to_thread(self.open, path)
        self.pending, self.batcher = [], None
        # What is loaded stays: the collector need not look at it again.
        gc.collect()
        gc.freeze()
        return True

    def open(self, path):
        """Opens the session and measures a run of one row."""
        options = ort.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = SPEC["threads"]
        options.graph_optimization_level = GRAPH_LEVELS[SPEC["graph_level"]]
        if "CUDAExecutionProvider" in SPEC["providers"]:
            ort.preload_dlls()  # those of NVIDIA's wheels, which lie where no loader looks
        self.session = ort.InferenceSession(path, options, providers=SPEC["providers"])
        if missing := set(SPEC["providers"]) - set(self.session.get_providers()):
            logger.warning("not to be had here: %s; computing with %s", sorted(missing), self.session.get_providers())
        self.takes = {node.name: Tensor(node) for node in self.session.get_inputs()}
        self.gives = {node.name: Tensor(node) for node in self.session.get_outputs()}
        self.inputs = [tensor.metadata() for tensor in self.takes.values()]
        self.outputs = [tensor.metadata() for tensor in self.gives.values()]
        tensors = [*self.takes.values(), *self.gives.values()]
        fixed = [tensor.name for tensor in tensors if tensor.shape[:1] != [-1]]
        if SPEC["batch"] > 1 and fixed:
            raise ValueError(f"a batch of {SPEC['batch']}: {fixed} have no free first dimension")
        self.seconds = self.measured({name: tensor.zeros() for name, tensor in self.takes.items()})

    def measured(self, feed):
        """Seconds for each value of a feed; without end when the model can't compute with zeros."""
        try:
            self.session.run(None, feed)
            start = time.perf_counter()
            self.session.run(None, feed)
        except Exception as error:
            logger.warning(f"not measured: {error}")
            return math.inf
        return (time.perf_counter() - start) / values(feed)

    async def predict(self, payload):
        """The answer to a request as MLServer hands it over, from REST or gRPC."""
        names = sorted(item.name for item in payload.inputs)
        if names != sorted(self.takes):
            raise InferenceError(f"inputs {names} given, the model takes {sorted(self.takes)}")
        feed = {item.name: self.takes[item.name].decode(item) for item in payload.inputs}
        wanted = [output.name for output in payload.outputs or []] or list(self.gives)
        if unknown := sorted(set(wanted) - set(self.gives)):
            raise InferenceError(f"outputs {unknown} asked for, the model gives {sorted(self.gives)}")
        arrays = dict(
            zip(self.gives, await (self.batched(feed) if SPEC["batch"] > 1 else self.run(feed)), strict=True)
        )
        outputs = [self.gives[name].encode(arrays[name]) for name in wanted]
        return InferenceResponse(model_name=self.name, model_version=self.version, outputs=outputs)

    async def run(self, feed):
        """What the session gives. A short run costs less than the way to a thread and back; a long one would hold
        up every other request."""
        try:
            if values(feed) * self.seconds < SPEC["inline_seconds"]:
                return self.session.run(None, feed)
            return await asyncio.to_thread(self.session.run, None, feed)
        except ort.capi.onnxruntime_pybind11_state.InvalidArgument as error:
            raise InferenceError(str(error)) from None

    async def batched(self, feed):
        """The part of one request in the answer to a batch of checked ones: a bad request spoils no other."""
        if len({len(array) for array in feed.values()}) > 1:
            raise InferenceError("the inputs differ in their number of rows")
        future = asyncio.get_running_loop().create_future()
        self.pending.append((feed, future))
        if self.batcher is None or self.batcher.done():
            self.batcher = asyncio.create_task(self.run_batches())
        return await future

    async def run_batches(self):
        """Runs what waits, a batch at a time; what comes during a run makes the next batch."""
        while self.pending:
            if len(self.pending) < SPEC["batch"]:
                await asyncio.sleep(SPEC["batch_seconds"])
            batch = self.take()
            answers = await self.answers([feed for feed, _ in batch])
            for (_, future), answer in zip(batch, answers, strict=True):
                if future.done():  # the client may have gone
                    continue
                if isinstance(answer, Exception):
                    future.set_exception(answer)
                else:
                    future.set_result(answer)

    async def answers(self, feeds):
        """What becomes of each feed of a batch, arrays or an exception: where they can't be run as one, each is alone."""
        try:
            return await self.run_as_one(feeds)
        except Exception as error:
            if len(feeds) == 1:
                return [error]
            return [answer for feed in feeds for answer in await self.answers([feed])]

    async def run_as_one(self, feeds):
        """The part of each feed in what the session gives for all of them."""
        sizes = [rows(feed) for feed in feeds]
        arrays = await self.run({name: np.concatenate([feed[name] for feed in feeds]) for name in self.takes})
        if len(feeds) > 1 and any(len(array) != sum(sizes) for array in arrays):
            raise ValueError("an output has another number of rows than the inputs, and can't be divided")
        parts = [np.split(array, np.cumsum(sizes)[:-1]) for array in arrays]
        return list(zip(*parts, strict=True))

    def take(self):
        """The first requests that wait, as many as have the same shape behind the rows and fit into one batch."""
        shapes = {name: array.shape[1:] for name, array in self.pending[0][0].items()}
        batch, size = [], 0
        while self.pending:
            feed = self.pending[0][0]
            size += rows(feed)
            same = all(array.shape[1:] == shapes[name] for name, array in feed.items())
            if batch and (size > SPEC["batch"] or not same):
                break
            batch.append(self.pending.pop(0))
        return batch


def rows(feed):
    """How many rows a feed has, the same in each array."""
    return len(next(iter(feed.values())))


def values(feed):
    """How many values a feed has."""
    return max(1, sum(array.size for array in feed.values()))
