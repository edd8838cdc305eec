"""How long an answer takes: the models in turn, so that a busy machine slows all of them alike."""

import gc
import time

import numpy as np

BATCHES = (1, 32, 1024)
SECONDS = 0.5  # for each model at each batch size
LEAST, MOST = 5, 500  # calls


def measured(calls, answers, *, source):
    """Rows of the report: rows in a batch, model, microseconds, and how many times as fast as `source` it is."""
    feed = next(one.feed for one in answers if one.answer)
    found = []
    for batch in BATCHES:
        rows = {name: np.take(array, np.arange(batch) % len(array), axis=0) for name, array in feed.items()}
        times = {name: statistics(taken) for name, taken in timed(calls, rows).items()}
        for name, taken in times.items():
            faster = round(times[source]["median_us"] / taken["median_us"], 2)
            found.append({"rows": batch, "model": name, **taken, "speed_up": faster})
    return found


def timed(calls, rows):
    """Microseconds of each call, by model."""
    taken = {name: [] for name in calls}
    for call in calls.values():
        call(rows)
    end = time.perf_counter() + SECONDS * len(calls)
    gc.disable()
    for turn in range(MOST):
        if turn >= LEAST and time.perf_counter() > end:
            break
        for name, call in calls.items():
            begin = time.perf_counter_ns()
            call(rows)
            taken[name].append((time.perf_counter_ns() - begin) / 1000)
    gc.enable()
    return taken


def statistics(taken):
    """Median and least, and how far apart the middle four fifths of the calls lie, as a share of the median."""
    low, median, high = np.percentile(taken, [10, 50, 90])
    return {
        "median_us": round(float(median), 1),
        "min_us": round(min(taken), 1),
        "spread": round(float((high - low) / median), 2),
        "calls": len(taken),
    }


def lines(found, *, source):
    """The rows for people, and where the source itself is faster."""
    yield f"{'rows':<6}{'model':<36}{'median µs':>12}{'least µs':>12}{'spread':>8}{'speed-up':>10}"
    for row in found:
        numbers = f"{row['median_us']:>12}{row['min_us']:>12}{row['spread']:>8.0%}{row['speed_up']:>9}x"
        yield f"{row['rows']:<6}{row['model']:<36}{numbers}"
    for row in found:
        if row["speed_up"] < 1:
            yield f"SLOWER: at batches of {row['rows']} {row['model']} takes longer than {source} itself"
