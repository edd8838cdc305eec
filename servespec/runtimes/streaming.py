"""What is known of scoring events in Python: the clients of brokers, and how they are told to work."""

from __future__ import annotations

from collections.abc import Mapping

from servespec.runtimes.types import Fact

_RAN = "ran: confluent-kafka 2.16.1 with librdkafka 2.16.0, Python 3.11"

NUMPY = Fact("numpy==2.4.6", "ran: it carries the values to the model; onnxruntime 1.32 takes it", "2026-11")
CLIENTS: Fact[dict[str, str]] = Fact(
    {"kafka": "confluent-kafka==2.16.1", "nats": "nats-py==2.16.0"},
    f"{_RAN}; nats-py 2.16.0 with nats-server 2.9.10; the wheel of confluent-kafka carries librdkafka",
    "2026-11",
)
AVRO = Fact("fastavro==1.13.1", "ran: it reads and writes records by their schema, Python 3.11", "2026-11")
CONSUMER: Fact[dict[str, str | int | bool]] = Fact(
    {
        "enable.auto.commit": False,
        "enable.auto.offset.store": False,
        "fetch.queue.backoff.ms": 5,
        "fetch.wait.max.ms": 10,
        "log_level": 2,
        "partition.assignment.strategy": "cooperative-sticky",
        "queued.max.messages.kbytes": 16384,
    },
    f"{_RAN}: Kafka answers a fetch as soon as there is an event, Tansu 0.6 when the wait is over, also when it has "
    "some (read: its tansu-storage, service/fetch.rs), so 10 ms are short where the default of 500 is long, and "
    "an idle worker asks 100 times a second; with 1000 ms instead of 5 for a queue that is full it starves; "
    "the worker tells of errors itself, librdkafka of a closed port twenty times a second; "
    "cooperative members keep the partitions that don't move; read: CONFIGURATION.md, 64 MiB are the default, and "
    "below `queued.min.messages` it fetches, whole answers of up to a MiB a partition: these bound what is in hand",
    "2026-11",
)
POLL_MS = Fact(
    300_000,
    "read: librdkafka, CONFIGURATION.md, `max.poll.interval.ms`: a client not asked for so long leaves the group; "
    f"{_RAN}: no session may be longer",
    "2026-11",
)
"""How long a member of a group may take between two looks at its topics, unless it says otherwise."""
LONGEST_MS: Fact[Mapping[str, int]] = Fact(
    {"session": 3_600_000, "poll": 86_400_000},
    f"{_RAN}: it refuses `session.timeout.ms` and `max.poll.interval.ms` above these: the worker ends when it starts",
    "2026-11",
)
PRODUCER: Fact[dict[str, str | int | bool]] = Fact(
    {"delivery.report.only.error": True, "enable.idempotence": True, "linger.ms": 1, "log_level": 2},
    f"{_RAN}: an idempotent producer waits for all replicas and keeps the order; a call into Python for each "
    "record costs more than the record; without a millisecond of lingering a micro-batch goes out as many small "
    "requests, for a fifth more of processor time, and a flush does not wait for it",
    "2026-11",
)
PYTHON = Fact(("3.11", "3.12", "3.13"), "read: PyPI, wheels of the pinned clients and numpy; 3.11 ran", "2026-11")
HOME = Fact("/srv/streaming", "ours: files that the worker reads and nobody writes", "2026-11")
SCRATCH = Fact("/run/streaming", f"{_RAN}: temporary files of libraries", "2026-11")
PORT = Fact(8080, "ours: health and metrics, asked by whoever runs the worker", "2026-11")
STARTED = Fact("/started", "ours: 503 until it has its model, whatever else it waits for then", "2026-11")
LIVE = Fact("/live", "ours: 503 when the loop has not moved for too long", "2026-11")
READY = Fact("/ready", "ours: 503 while it can't do its work, with the reason", "2026-11")
METRICS = Fact("/metrics", "ours: Prometheus' text format 0.0.4", "2026-11")
STOP_SECONDS = Fact(5, "ours: what the end takes after the time to drain, the way out of a group included", "2026-11")
COUNTERS = Fact(
    ("servespec_stream_events_total", "servespec_stream_model_seconds_sum"),
    "ours: the events that it is done with, and the seconds that the model took for them",
    "2026-11",
)
