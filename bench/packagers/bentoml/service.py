"""The model of example 02, as BentoML wants it."""

import bentoml


@bentoml.service(resources={"cpu": "1", "memory": "1Gi"})
class FraudDetector:
    """Loaded once, asked many times."""

    def __init__(self) -> None:
        import onnxruntime

        self.session = onnxruntime.InferenceSession("fraud_detector.onnx")

    @bentoml.api
    def predict(self, rows: list[list[float]]) -> list[list[float]]:
        """Answers for some rows."""
        return self.session.run(None, {"input": rows})
