"""A SavedModel of TensorFlow, by its signature for serving."""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import tensorflow as tf  # noqa: E402

from scorer.outcome import outcome  # noqa: E402

_SIGNATURE = "serving_default"


class Model:
    concurrent = True

    def __init__(self, path, *, threads, settings):
        tf.config.threading.set_intra_op_parallelism_threads(1)
        tf.config.threading.set_inter_op_parallelism_threads(1)
        self._loaded = tf.saved_model.load(path)  # holds the variables that the function reads
        self._function = self._loaded.signatures[_SIGNATURE]
        self._inputs = self._function.structured_input_signature[1]

    def predict(self, features, *, wanted):
        """Prediction and probability of each row."""
        output = self._function(**self._feed(features))
        return outcome([output[name].numpy() for name in sorted(output)], both=len(wanted) == 2)

    def _feed(self, features):
        """All columns as the one tensor that the model takes, or each as the tensor of its name."""
        if len(self._inputs) == 1:
            ((name, given),) = self._inputs.items()
            return {name: tf.constant(features.matrix(given.dtype.as_numpy_dtype))}
        return {name: tf.constant(self._column(features, name, given)) for name, given in self._inputs.items()}

    @staticmethod
    def _column(features, name, given):
        array = features.array(name).astype(given.dtype.as_numpy_dtype)
        return array.reshape(-1, 1) if len(given.shape) == 2 else array
