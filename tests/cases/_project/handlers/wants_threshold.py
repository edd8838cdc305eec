from ts.torch_handler.base_handler import BaseHandler


class FraudHandler(BaseHandler):
    def __init__(self, *, threshold: float) -> None:
        self.threshold = threshold
