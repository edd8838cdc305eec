"""Limits of time that a busy machine stretches, so that they say something about what is tested and not about its load."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

_BUSY = "import sys, time\nwhile time.process_time() < float(sys.argv[1]):\n    pass"


@contextmanager
def patience(seconds: float) -> Iterator[Callable[[], bool]]:
    """Tells whether a process that was begun with the block has had so many seconds of a processor. Where nothing else runs
    these are seconds; where other processes want the processors too, whatever is waited for takes longer as well."""
    with subprocess.Popen([sys.executable, "-I", "-S", "-c", _BUSY, str(seconds)]) as busy:
        try:
            yield lambda: busy.poll() is not None
        finally:
            busy.kill()


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Fails when the block takes longer than that."""
    with patience(seconds) as is_over:
        yield
        assert not is_over(), f"it took more than {seconds:g} s"


def ended(process: subprocess.Popen[Any], seconds: float) -> int:
    """The exit code of a process that ends within that."""
    with patience(seconds) as is_over:
        while process.poll() is None:
            assert not is_over(), f"it is still there after {seconds:g} s"
            try:
                process.wait(0.05)
            except subprocess.TimeoutExpired:
                continue
    return int(process.returncode)
