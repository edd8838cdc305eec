from ts.torch_handler.base_handler import BaseHandler


class ScoringHandler(BaseHandler):
    def postprocess(self, data):
        return [{"fraud_probability": float(row), "fraud": bool(row > 0.5)} for row in data]
