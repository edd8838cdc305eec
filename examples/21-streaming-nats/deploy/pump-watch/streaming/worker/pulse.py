"""Whether the loop has begun, whether it moves, and whether it can do its work: three questions, each of its own.

What only waits for something else has begun and moves: to start it again would not bring that back.
"""

import time


class Pulse:
    """The loop says each time that it moved; what holds it up is named."""

    def __init__(self, stuck_seconds):
        self._stuck_seconds = stuck_seconds
        self._last = time.monotonic()
        self.started = False
        """Whether the worker has all that it has of its own: its model."""
        self.waits = "the model is being loaded"
        """What it waits for before it can work; None while it works."""

    def start(self):
        """The model is there, and the loop begins."""
        self.started, self.waits = True, None
        self.beat()

    def beat(self):
        self._last = time.monotonic()

    @property
    def live(self):
        return time.monotonic() - self._last < self._stuck_seconds
