from ts.torch_handler.base_handler import BaseHandler


class Row:
    pass


class FraudHandler(BaseHandler):
    pass
