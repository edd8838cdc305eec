"""An ONNX model, run by ONNX Runtime."""

import os

# ONNX Runtime reports to its maker unless this is set before it is imported.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

import onnxruntime as ort  # noqa: E402

from scorer.outcome import outcome  # noqa: E402

# By ONNX's name: numpy's.
DATATYPES = {
    "tensor(bool)": "bool",
    "tensor(uint8)": "uint8",
    "tensor(uint16)": "uint16",
    "tensor(uint32)": "uint32",
    "tensor(uint64)": "uint64",
    "tensor(int8)": "int8",
    "tensor(int16)": "int16",
    "tensor(int32)": "int32",
    "tensor(int64)": "int64",
    "tensor(float16)": "float16",
    "tensor(float)": "float32",
    "tensor(double)": "float64",
    "tensor(string)": "object",
}
GRAPH_LEVELS = {
    "none": ort.GraphOptimizationLevel.ORT_DISABLE_ALL,
    "basic": ort.GraphOptimizationLevel.ORT_ENABLE_BASIC,
    "extended": ort.GraphOptimizationLevel.ORT_ENABLE_EXTENDED,
    "all": ort.GraphOptimizationLevel.ORT_ENABLE_ALL,
}


class Model:
    concurrent = True  # chunks beside each other keep processors busier than one chunk in several threads

    def __init__(self, path, *, threads, settings):
        options = ort.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.graph_optimization_level = GRAPH_LEVELS[settings["graph_level"]]
        self._session = ort.InferenceSession(path, options, providers=settings["providers"])
        self._inputs = self._session.get_inputs()
        self._outputs = [node.name for node in self._session.get_outputs() if node.type in DATATYPES]

    def predict(self, features, *, wanted):
        """Prediction and probability of each row."""
        arrays = self._session.run(self._outputs, self._feed(features))
        return outcome(arrays, both=len(wanted) == 2)

    def _feed(self, features):
        """All columns as the one tensor that the model takes, or each as the tensor of its name."""
        if len(self._inputs) == 1 and len(self._inputs[0].shape) == 2:
            (node,) = self._inputs
            return {node.name: features.matrix(DATATYPES[node.type])}
        feed = {}
        for node in self._inputs:
            array = features.array(node.name).astype(DATATYPES[node.type])
            feed[node.name] = array.reshape(-1, 1) if len(node.shape) == 2 else array
        return feed
