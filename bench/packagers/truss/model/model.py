"""The model of example 02, as Truss wants it."""


class Model:
    """Loaded once, asked many times."""

    def __init__(self, **kwargs):
        self._folder = kwargs["data_dir"]

    def load(self):
        """The session."""
        import onnxruntime

        self._session = onnxruntime.InferenceSession(str(self._folder / "fraud_detector.onnx"))

    def predict(self, rows):
        """Answers for some rows."""
        return self._session.run(None, {"input": rows})
