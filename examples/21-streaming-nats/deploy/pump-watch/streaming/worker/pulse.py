"""Whether the loop moves, and whether it can do its work: what liveness and readiness are told from."""

import time


class Pulse:
    """The loop says each time that it moved; what holds it up is named."""

    def __init__(self, stuck_seconds):
        self._stuck_seconds = stuck_seconds
        self._last = time.monotonic()
        self.waits = "the model is being loaded"
        """What it waits for before it can work; None while it works."""

    def beat(self):
        self._last = time.monotonic()

    @property
    def live(self):
        return time.monotonic() - self._last < self._stuck_seconds
