"""A TorchServe handler for rows of numbers. Copy it, name the copy in `model.handler`, and make it your own.

Request:  {"instances": [instance, ...]} or {"features": instance}
Answer:   {"predictions": [prediction, ...]}
Bad ones: {"error": "..."} with status 400, whatever the others in the same batch are; with status 500, and a line in the
log, where the model gives no output for each instance or has too little memory; a number that JSON has no word for
(NaN, Infinity) is null in an answer

TorchServe wants exactly one class in this file, and no function called `handle` beside it.
"""

import json
import logging
import math
from typing import Any

import torch
from ts.torch_handler.base_handler import BaseHandler

SPEC = {{ spec }}

# From where to where a datatype goes; of floats also what is rounded to the largest.
RANGES = {
    "bool": (0, 1),
    "uint8": (0, 255),
    **{f"int{bits}": (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) for bits in (8, 16, 32, 64)},
    "float16": (-65519.99, 65519.99),
    "float32": (-3.4028235677973362e38, 3.4028235677973362e38),
    "float64": (-1.7976931348623157e308, 1.7976931348623157e308),
}
LOWEST, LARGEST = RANGES[SPEC["datatype"]]
FLOATS = SPEC["datatype"].startswith("float")
TYPES = {int, float} if FLOATS else {bool} if SPEC["datatype"] == "bool" else {int}


class Handler(BaseHandler):
    """Scores a batch in one pass, and answers each request of it by itself.

    It has its own `handle`, because the inherited one fails a whole batch for one bad request or odd header.
    """

    def handle(self, data: list[dict[str, Any]], context: Any) -> list[dict[str, Any]]:
        """The answer to each request, in the order of the requests."""
        answers = []
        for index, outcome in enumerate(self.score([self.preprocess(request) for request in data])):
            context.set_response_content_type(index, "application/json")
            answer = outcome if isinstance(outcome, Exception) else self.postprocess(outcome)
            if isinstance(answer, ValueError):
                context.set_response_status(400, "Bad Request", index)
            elif isinstance(answer, RuntimeError):
                context.set_response_status(500, "Internal Server Error", index)
                logging.error("answered with 500: %s", answer)
            answers.append({"error": str(answer)} if isinstance(answer, Exception) else answer)
        return answers

    def score(self, requests: list[list[Any] | ValueError]) -> list[list[Any] | ValueError | RuntimeError]:
        """The outputs for each good request: all in one pass, or one by one when they do not go together."""
        outputs = self.outputs([item for request in requests if isinstance(request, list) for item in request])
        if isinstance(outputs, Exception):
            return [outputs] if len(requests) == 1 else [self.score([request])[0] for request in requests]
        rest = iter(outputs)
        return [[next(rest) for _ in r] if isinstance(r, list) else r for r in requests]

    def outputs(self, instances: list[Any]) -> list[Any] | ValueError | RuntimeError:
        """The output for each instance, or whose mistake it is that there is none: ValueError is the client's."""
        try:
            outputs = self.inference(instances) if instances else []
        except Exception as error:  # whatever a model raises: here it would be for all
            if lacks_memory(error):
                return RuntimeError(f"the model has too little memory: {error}")
            return ValueError(f"the model can't take this: {error}")
        if isinstance(outputs, list) and len(outputs) != len(instances):
            return RuntimeError(f"the model gives {len(outputs)} outputs for {len(instances)} instances")
        return outputs

    def preprocess(self, request: dict[str, Any]) -> list[Any] | ValueError:
        """The instances of one request, or what is wrong with it."""
        try:
            return read_instances(read_body(request))
        except ValueError as error:
            return error

    def inference(self, instances: list[Any]) -> list[Any] | RuntimeError:
        """The model's output for each instance, as plain Python numbers, or what is wrong with what it gives."""
        with torch.inference_mode():
            batch = torch.tensor(instances, dtype=getattr(torch, SPEC["datatype"]), device=self.device)
            output = self.model(batch)
        return rows(output)

    def postprocess(self, outputs: list[Any]) -> dict[str, Any] | RuntimeError:
        """The answer to one good request, or what is wrong with what the model gives."""
        try:
            return {"predictions": [named(finite(output)) for output in outputs]}
        except (TypeError, ValueError) as error:
            return RuntimeError(f"the model gives what can't be answered: {error}")


def lacks_memory(error: Exception) -> bool:
    """Whether a model failed for want of memory: torch has a type for it on accelerators, and elsewhere only words."""
    return (
        isinstance(error, MemoryError)
        or type(error).__name__ == "OutOfMemoryError"
        or "DefaultCPUAllocator" in str(error)
    )


def rows(output: Any) -> list[Any] | RuntimeError:
    """What a model gives as one plain value for each instance: several tensors side by side."""
    tensors = output if isinstance(output, (tuple, list)) and output else (output,)
    for tensor in tensors:
        if not hasattr(tensor, "tolist") or not tensor.shape:
            return RuntimeError(f"the model gives a {type(tensor).__name__}, and not a tensor of one row an instance")
    if len({len(tensor) for tensor in tensors}) != 1:
        return RuntimeError(f"the model gives {len(tensors)} tensors that differ in their number of rows")
    columns = [tensor.tolist() for tensor in tensors]
    return columns[0] if len(columns) == 1 else [list(row) for row in zip(*columns, strict=True)]


def finite(output: Any) -> Any:
    """The output with None for each NaN and Infinity."""
    if not isinstance(output, list):
        return output if math.isfinite(output) else None
    if output and not isinstance(output[0], list) and math.isfinite(sum(output)):
        return output  # most are, and nothing tells sooner
    return [finite(item) for item in output]


def named(output: Any) -> Any:
    """The output under the names of the signature, where it has some."""
    names = SPEC["outputs"]
    if not names:
        return output
    values = output if isinstance(output, list) and not SPEC["whole"] else [output]
    if len(values) != len(names):
        raise ValueError(f"an output of {len(values)} for {', '.join(names)}")
    return dict(zip(names, values, strict=True))


def read_body(request: dict[str, Any]) -> Any:
    """The JSON value that the client sent; the server has decoded it already, or has not, by content type."""
    body = request.get("body", request.get("data"))
    if body is None:
        raise ValueError("no body: send JSON with `Content-Type: application/json`")
    if not isinstance(body, (str, bytes, bytearray)):
        return body
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise ValueError("the body is not valid JSON") from None


def read_instances(body: Any) -> list[Any]:
    """The instances in a body: those of `instances`, or the one of `features`."""
    if not isinstance(body, dict) or ("instances" in body) == ("features" in body):
        raise ValueError('the body must be {"instances": [...]} or {"features": ...}')
    instances = body["instances"] if "instances" in body else [body["features"]]
    if not isinstance(instances, list) or not instances:
        raise ValueError("`instances` must be a list of at least one instance")
    for index, instance in enumerate(instances):
        check(instance, SPEC["shape"], f"instances[{index}]")
    return instances


def check(value: Any, shape: list[int] | None, where: str) -> None:
    """Raises ValueError unless `value` is numbers in nested lists of this shape; -1 is any length, None a row."""
    if shape == []:
        if not fits(value):
            raise ValueError(f"`{where}` must be a number, and one that {SPEC['datatype']} has")
        return
    size, below = (-1, []) if shape is None else (shape[0], shape[1:])
    if not isinstance(value, list) or not value or size not in (-1, len(value)):
        wanted = ", ".join(SPEC["columns"]) or (f"{size} values" if size >= 0 else "values")
        raise ValueError(f"`{where}` must be a list of {wanted}")
    if below or not plain(value):
        for index, item in enumerate(value):
            check(item, below, f"{where}[{index}]")


def plain(values: list[Any]) -> bool:
    """Whether all of a row are numbers that the datatype has, as far as can be told without looking at each."""
    return set(map(type, values)) <= TYPES and LOWEST <= min(values) and max(values) <= LARGEST


def fits(value: Any) -> bool:
    """Whether a JSON value is a number that the datatype has; Python takes true and false for numbers too."""
    if not isinstance(value, (int, float)) or (isinstance(value, bool) and SPEC["datatype"] != "bool"):
        return False
    if isinstance(value, float) and not math.isfinite(value):
        return FLOATS
    return LOWEST <= value <= LARGEST and (FLOATS or value == int(value))
