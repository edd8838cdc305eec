#!/bin/sh
# Makes `docker info` answer: starts dockerd when no engine does, and waits for it.
# Root, no terminal; a second run finds the engine and returns at once.
# The engine stays when this script ends. Its log: $SERVESPEC_ENGINE_LOG.
set -eu

# Debian's client, by path: another one that comes first on PATH may know no BuildKit.
docker=/usr/bin/docker
log=${SERVESPEC_ENGINE_LOG:-/var/log/servespec-dockerd.log}
wait_seconds=${SERVESPEC_ENGINE_WAIT:-60}

answers() { "$docker" info >/dev/null 2>&1; }

if [ ! -x "$docker" ]; then
    echo "start.sh: $docker is not there; run install.sh first" >&2
    exit 5
fi
if answers; then
    exit 0
fi
if [ "$(id -u)" -ne 0 ]; then
    echo "start.sh: no engine answers, and starting one needs root" >&2
    exit 5
fi

# A machine that was stopped hard leaves a pid file which a new dockerd takes for a running one.
pidfile=/var/run/docker.pid
if [ -f "$pidfile" ] && ! kill -0 "$(cat "$pidfile")" 2>/dev/null; then
    rm -f "$pidfile"
fi

# setsid: a Ctrl-C in the test run must not take the engine down. Nor may it hold files that the caller has open, locks among them.
setsid dockerd >"$log" 2>&1 </dev/null 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&- &
dockerd_pid=$!

elapsed=0
until answers; do
    if ! kill -0 "$dockerd_pid" 2>/dev/null && [ ! -S /var/run/docker.sock ]; then
        echo "start.sh: dockerd ended at once; the end of $log:" >&2
        tail -n 15 "$log" >&2
        exit 5
    fi
    if [ "$elapsed" -ge "$wait_seconds" ]; then
        echo "start.sh: dockerd does not answer after $wait_seconds s; the end of $log:" >&2
        tail -n 15 "$log" >&2
        exit 5
    fi
    sleep 1
    elapsed=$((elapsed + 1))
done
