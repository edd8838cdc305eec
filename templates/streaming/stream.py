"""Scores events as they come: from a source, through the model, to a sink, and nothing is lost on the way.

    python stream.py

works until it is told to stop by SIGTERM or SIGINT; what it has in hand is then done with, and nothing more is taken.
An event that waits for another try is not waited for: it comes again.
`python stream.py replay` scores what is among the dead letters now, and ends.

An event is done with at its source only when its prediction, or its dead letter, is confirmed by the sink: whatever
happens, each event comes out at least once. Headers of every record say where its event is from, so that consumers can
drop what comes twice: `servespec-source-topic`, `-partition` and `-offset`, or `-stream` and `-sequence`.

Exit codes: 0 done · 1 out of time to drain: what was in hand comes again · 2 wrong usage, or the port is taken · 7 the
model can't be loaded · 8 a broker refuses for good. Needs what requirements.txt beside it names.
"""

import argparse
import gc
import importlib
import os
import signal
import sys
import threading

from scorer.failure import Failure
from worker.health import serve
from worker.loop import Loop
from worker.metrics import Metrics
from worker.models import load
from worker.pulse import Pulse
from worker.scoring import Scorer
from worker.telling import tell

SPEC = {{ spec }}

HERE = os.path.dirname(os.path.abspath(__file__))
STEPS = ("run", "replay")


def arguments():
    parser = argparse.ArgumentParser(description="Scores events as they come.")
    parser.add_argument("step", nargs="?", default="run", choices=STEPS, help="what to do (default: run)")
    model = parser.add_mutually_exclusive_group()
    model.add_argument("--model", metavar="PATH", help="default: the one that the spec names")
    model.add_argument("--service", metavar="URL", dest="model", help="where the model is asked, if it is served elsewhere")
    parser.add_argument("--broker", metavar="HOST:PORT", help="in place of all of the spec's, without login and TLS")
    parser.add_argument("--host", default="0.0.0.0", metavar="ADDRESS", help="of health and metrics (%(default)s)")
    parser.add_argument("--port", type=int, default=SPEC["health"]["port"], help="of health and metrics (%(default)s)")
    return parser.parse_args()


def places(given):
    """The source and the sink of a run: those of the spec, at a broker that is named instead, or the dead letters."""
    source, sink = SPEC["source"], SPEC["sink"]
    if given.broker:
        source, sink = (of_kind(side).at(side, given.broker) for side in (source, sink))
    if given.step == "run":
        return of_kind(source, "source").Source(source), of_kind(sink, "sink").Sink(sink, SPEC["dead_letter"])
    backlog = of_kind(sink, "backlog").Backlog(sink, SPEC["dead_letter"], name=SPEC["name"])
    return backlog, of_kind(sink, "sink").Sink(sink, SPEC["dead_letter"])


def of_kind(side, part=None):
    """The module of a kind of source or sink."""
    return importlib.import_module(f"worker.{side['kind']}" + (f"_{part}" if part else ""))


def work(given, pulse, metrics):
    """Works until the end, and tells what was done."""
    model = load(SPEC, given.model, HERE)
    values = importlib.import_module(f"worker.{SPEC['value']['format']}").Reader(SPEC["value"])
    output = SPEC["output"]
    name = SPEC["sink"].get("topic") or SPEC["sink"]["subject"]
    writer = importlib.import_module(f"worker.{output['format']}").Writer(output, f"{name}-value")
    source, sink = places(given)
    loop = Loop(SPEC, source=source, sink=sink, pulse=pulse, metrics=metrics)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: end(loop))
    gc.freeze()  # what is there by now stays: there is no need to look through it again and again
    try:
        loop.run(Scorer(SPEC, model, formats=(values, writer), metrics=metrics, sleep=loop.rest))
    finally:
        source.close()
        sink.close()
    scored, dead = (metrics.events.value(outcome) for outcome in ("scored", "dead"))
    tell(f"{scored:,} events scored, {dead:,} among the dead letters")


def end(loop):
    """Ends the loop, and the process when the loop takes longer than it may."""
    loop.stop()
    last = threading.Timer(SPEC["drain_seconds"], out_of_time)
    last.daemon = True
    last.start()


def out_of_time():
    tell(f"stream.py: out of time after {SPEC['drain_seconds']} s; what is in hand comes again")
    os._exit(1)


def main():
    given, pulse, metrics = arguments(), Pulse(SPEC["health"]["stuck_seconds"]), Metrics()
    try:
        if given.port:
            serve(given.host, given.port, pulse=pulse, metrics=metrics)
        work(given, pulse, metrics)
    except Failure as failure:
        print(f"stream.py: {failure}", file=sys.stderr)
        return failure.code
    return 0


if __name__ == "__main__":
    sys.exit(main())
