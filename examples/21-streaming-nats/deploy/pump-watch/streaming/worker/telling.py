"""What the worker says of itself, on standard error: the same thing once in a while, however often it happens."""

import sys
import time

_EVERY = 10.0
_told = {}


def tell(text):
    print(text, file=sys.stderr, flush=True)


def tell_now_and_then(about, text):
    """Says it, unless something about the same was said just before."""
    now = time.monotonic()
    if now - _told.get(about, -_EVERY) >= _EVERY:
        _told[about] = now
        tell(text)
