"""A model that is served elsewhere: it is asked over REST, a micro-batch a request."""

import http.client
import json
import urllib.error
import urllib.request

import numpy as np

from scorer.failure import MODEL, Failure
from scorer.outcome import outcome
from worker.failure import Unavailable
from worker.features import DATATYPES

_LATER = (408, 425, 429)  # no fault of the request: it is asked again
_NUMPY = {np.dtype(name): kind for kind, name in DATATYPES.items()}


class Model:
    """Asks as the server at that address wants to be asked."""

    def __init__(self, url, *, threads, settings):
        if "@" in url:  # which a log would keep, in every sentence that names the address
            raise Failure(MODEL, "what holds a user or a password is no address of a service")
        self._url, self._seconds = url, settings["timeout_seconds"]
        self._request, self._arrays = _PROTOCOLS[settings["protocol"]]
        self._inputs, self._fault = settings["inputs"], settings["fault"]

    def predict(self, features, *, wanted):
        """Prediction and probability of each row."""
        answer = self._ask(self._request(features, self._inputs))
        return outcome(self._arrays(answer), both=len(wanted) == 2)

    def _ask(self, body):
        data = json.dumps(body).encode()
        request = urllib.request.Request(self._url, data, {"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=self._seconds) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            words = error.read(300).decode(errors="replace")
            away = error.code > 500 and not (self._fault and self._fault in words)
            if away or error.code in _LATER:
                raise Unavailable(f"{self._url} answers {error.code}: {words}") from None
            raise ValueError(f"{self._url} answers {error.code}: {words}") from None
        except (OSError, http.client.HTTPException) as error:
            raise Unavailable(f"{self._url} does not answer: {error}") from None


def _tensors(features, inputs):
    """A request of the Open Inference Protocol: all columns as the one tensor, or each as the tensor of its name."""
    if len(inputs) == 1 and len(inputs[0]["shape"]) == 2:
        named = [(inputs[0], features.matrix(DATATYPES[inputs[0]["datatype"]]))]
    else:
        known = {item["name"]: item for item in inputs}
        named = [(known.get(name), array) for name, array in features.columns.items()]
    parts = []
    for name, (given, array) in zip(features.columns, named, strict=False):
        shape = [len(array), 1] if array.ndim == 1 and given and len(given["shape"]) == 2 else list(array.shape)
        kind = given["datatype"] if given else _NUMPY[array.dtype]
        label = given["name"] if given else name
        parts.append({"name": label, "datatype": kind, "shape": shape, "data": _plain(array.ravel())})
    return {"inputs": parts}


def _of_tensors(answer):
    return [np.array(item["data"]).reshape(item["shape"]) for item in answer["outputs"]]


def _instances(features, inputs):
    return {"instances": _plain(features.matrix())}


def _frame(features, inputs):
    """A request to MLflow: a table, or where the model takes a tensor, that."""
    rows = [list(row) for row in zip(*(_plain(array) for array in features.columns.values()), strict=True)]
    return {"inputs": rows} if inputs else {"dataframe_split": {"columns": list(features.columns), "data": rows}}


def _of_predictions(answer):
    """The arrays of an answer: one, or one for each name."""
    found = answer["predictions"] if isinstance(answer, dict) else answer
    if isinstance(found, dict):
        return [np.array(items) for items in found.values()]
    if found and isinstance(found[0], dict):
        return [np.array([item[name] for item in found]) for name in found[0]]
    return [np.array(found)]


def _plain(array):
    """The array as lists of JSON, in which no number is null."""
    return np.where(np.isnan(array), None, array).tolist() if array.dtype.kind == "f" else array.tolist()


_PROTOCOLS = {
    "oip": (_tensors, _of_tensors),
    "instances": (_instances, _of_predictions),
    "mlflow": (_frame, _of_predictions),
}
