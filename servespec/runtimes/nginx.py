"""What is known of nginx 1.30.0, which stands before the variants of a service where no platform does that."""

from __future__ import annotations

from servespec.runtimes.types import Fact

_RAN = "ran: nginx 1.31.3, built of the same source"
_READ = "read: nginx 1.30.0"

IMAGE = Fact(
    "nginx:1.30.0", "read: nginx/docker-nginx at 0d7f438, 2026-04: the stable branch, Debian 13 with curl", "2026-11"
)
CONFIG = Fact("/etc/nginx/nginx.conf", f"{_READ}, its Docker image: where its program looks", "2026-11")
SCRATCH = Fact(
    "/tmp", "ours: its own folders are root's; the configuration names this one for all that it writes", "2026-11"
)
SCRATCH_SIZE = Fact(
    "256m", "ours: bodies of requests that do not fit into its buffers, two of the largest at once", "2026-11"
)
MEMORY = Fact("512m", f"{_RAN}: 4 MiB for each process; what is in its scratch folder counts as well", "2026-11")
PROCESSES = Fact(2, "ours: what one machine needs; the default is one for each core of the host", "2026-11")
CONNECTIONS = Fact(4096, "ours: a request has two, with a shadow six; the default is 512", "2026-11")
BODY_SIZE = Fact(
    "100m", "ours: the servers behind it have limits of their own; its default of 1 MiB is below those", "2026-11"
)
RESOLVER = Fact(
    "127.0.0.11",
    "read: Docker's networks answer names of services there; an answer is valid for ten minutes",
    "2026-11",
)
VALID_SECONDS = Fact(5, "ours: how long a variant that has moved is looked for at its old address", "2026-11")
CONNECT_SECONDS = Fact(
    2, "ours: a container of the same machine takes a connection at once, or is not there", "2026-11"
)
SPARE_SECONDS = Fact(5, "ours: a server's own answer that it took too long comes before the proxy gives up", "2026-11")
COPIES = Fact(
    64,
    f"{_RAN}: a shadow that hangs holds so many copies, and others are not made; without a limit it would take all "
    "connections",
    "2026-11",
)
