"""The one way in which nothing is fetched."""

MISSING, OTHER, FAILED = 3, 4, 5


class Failure(Exception):
    """Why, as a sentence, and the exit code."""

    def __init__(self, code, reason):
        super().__init__(reason)
        self.code = code
