"""TorchServe handler: rows of raw features in, fraud probabilities out, as JSON.

Request:  {"instances": [[amount, category_encoded, hour, day_of_week], ...]} or {"features": [one such row]}
Answer:   {"predictions": [{"fraud_probability": 0.0123, "fraud": false}, ...]}
Bad ones: {"error": "..."} with status 400

TorchServe wants exactly one class in this file, and no function called `handle` beside it.
"""

import json
from typing import Any

import torch
from ts.context import Context
from ts.torch_handler.base_handler import BaseHandler

LIMITS = {"amount": (0, 1_000_000), "category_encoded": (0, 11), "hour": (0, 23), "day_of_week": (0, 6)}
DEFAULT_THRESHOLD = 0.5


class FraudDetectorHandler(BaseHandler):
    """Scores a batch in one pass, and answers each request of it by itself.

    It has its own `handle`, because the inherited one fails a whole batch for one bad request or odd header.
    """

    def initialize(self, context: Context) -> None:
        """Loads the model, then reads the threshold from `handler.threshold` of the model's configuration."""
        super().initialize(context)
        self.threshold = read_threshold(context.model_yaml_config)

    def handle(self, data: list[dict[str, Any]], context: Context) -> list[dict[str, Any]]:
        """The answer to each request, in the order of the requests."""
        requests = [self.preprocess(request) for request in data]
        rows = [row for request in requests if not isinstance(request, ValueError) for row in request]
        probabilities = iter(self.inference(rows))
        answers = []
        for index, request in enumerate(requests):
            context.set_response_content_type(index, "application/json")
            if isinstance(request, ValueError):
                context.set_response_status(400, "Bad Request", index)
                answers.append({"error": str(request)})
            else:
                answers.append(self.postprocess([next(probabilities) for _ in request]))
        return answers

    def preprocess(self, request: dict[str, Any]) -> list[list[float]] | ValueError:
        """The rows of one request, or what is wrong with it."""
        try:
            return read_rows(read_body(request))
        except ValueError as error:
            return error

    def inference(self, rows: list[list[float]]) -> list[float]:
        """The fraud probability of each row."""
        with torch.inference_mode():
            batch = torch.tensor(rows, dtype=torch.float32, device=self.device).reshape(-1, len(LIMITS))
            return self.model(batch).tolist()

    def postprocess(self, probabilities: list[float]) -> dict[str, Any]:
        """The answer to one good request, in plain Python values."""
        predictions = [{"fraud_probability": p, "fraud": p >= self.threshold} for p in probabilities]
        return {"predictions": predictions}


def read_threshold(config: dict[str, Any]) -> float:
    """The probability from which a payment counts as fraud."""
    threshold = (config.get("handler") or {}).get("threshold", DEFAULT_THRESHOLD)
    if not is_number(threshold) or not 0 <= threshold <= 1:
        raise ValueError(f"handler.threshold must be a number from 0 to 1, not {threshold!r}")
    return threshold


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


def read_rows(body: Any) -> list[list[float]]:
    """The rows in a body: those of `instances`, or the one of `features`."""
    if not isinstance(body, dict) or ("instances" in body) == ("features" in body):
        raise ValueError('the body must be {"instances": [[...], ...]} or {"features": [...]}')
    if "features" in body:
        return [checked_row(body["features"], "features")]
    rows = body["instances"]
    if not isinstance(rows, list) or not rows:
        raise ValueError("`instances` must be a list of at least one row")
    return [checked_row(row, f"instances[{index}]") for index, row in enumerate(rows)]


def checked_row(row: Any, where: str) -> list[float]:
    """The row, if it holds one number for each feature and each is within its limits."""
    if not isinstance(row, list) or len(row) != len(LIMITS):
        raise ValueError(f"`{where}` must be a list of {len(LIMITS)} numbers: {', '.join(LIMITS)}")
    for value, (name, (low, high)) in zip(row, LIMITS.items(), strict=True):
        if not is_number(value) or not low <= value <= high:
            raise ValueError(f"`{name}` in `{where}` must be a number from {low} to {high}")
    return row


def is_number(value: Any) -> bool:
    """Whether a JSON or YAML value is a number; Python takes true and false for numbers too."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)
