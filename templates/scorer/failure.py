"""How a run ends when it can't end well: an exit code, and a sentence that says where it looked."""

NO_INPUT = 3
UNFIT_INPUT = 4
GATE = 5
BUSY = 6
MODEL = 7
STORAGE = 8
TIMEOUT = 9


class Failure(Exception):
    """Nothing was published, and what was there before is still there."""

    def __init__(self, code, message):
        super().__init__(message)
        self.code = code
