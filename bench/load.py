"""Load from wrk: one request over and over, each client sending the next when the last was answered."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

_UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}
# Keys and values of ours only: a long bracket holds any text without `]==]`.
_SCRIPT = """\
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.body = [==[{body}]==]
"""


@dataclass(frozen=True)
class Load:
    """What came of it: requests a second, and the milliseconds within which half and 99 of 100 were answered."""

    rate: float
    p50: float
    p99: float


def load(url: str, body: str, *, clients: int, seconds: int, folder: Path) -> Load:
    """A closed loop of so many clients. Anything but answers with status 200 ends the benchmark."""
    script = folder / "wrk.lua"
    script.write_text(_SCRIPT.format(body=body), encoding="utf-8")
    command = ["wrk", "--threads=1", f"--connections={clients}", f"--duration={seconds}s", "--latency"]
    done = subprocess.run([*command, f"--script={script}", url], capture_output=True, text=True, check=True)
    if "Non-2xx" in done.stdout or "Socket errors" in done.stdout:
        raise SystemExit(f"bench: {url} does not answer as it should\n{done.stdout}")
    return Load(_number(done.stdout, r"Requests/sec:\s+"), _time(done.stdout, "50%"), _time(done.stdout, "99%"))


def _number(text: str, before: str) -> float:
    found = re.search(before + r"([0-9.]+)", text)
    assert found, text
    return float(found[1])


def _time(text: str, share: str) -> float:
    found = re.search(rf"^\s+{re.escape(share)}\s+([0-9.]+)(us|ms|s|m)$", text, re.MULTILINE)
    assert found, text
    return float(found[1]) * _UNITS[found[2]]
