"""What a run tells of itself while it works, on standard error."""

import sys
import time

_EVERY = 5.0


def tell(text):
    print(text, file=sys.stderr, flush=True)


class Progress:
    """Rows done, told now and then."""

    def __init__(self, what):
        self._what, self._start = what, time.monotonic()
        self._told = self._start
        self.rows = 0

    @property
    def seconds(self):
        return time.monotonic() - self._start

    def add(self, rows):
        self.rows += rows
        now = time.monotonic()
        if now - self._told >= _EVERY:
            self._told = now
            tell(f"{self._what}: {self.rows:,} rows, {self.rows / (now - self._start):,.0f} a second")
