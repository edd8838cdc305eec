"""The one way in which nothing is fetched."""

MISSING, OTHER, FAILED = 3, 4, 5


class Failure(Exception):
    """Why, on one line whatever a client says, and the exit code."""

    def __init__(self, code, reason):
        super().__init__(" ".join(reason.split()))
        self.code = code
