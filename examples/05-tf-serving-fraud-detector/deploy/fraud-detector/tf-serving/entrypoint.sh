#!/bin/bash
# Runs a server that does not wait for its requests when it is told to stop: entrypoint.sh SECONDS REST GRPC COMMAND...
# After SIGTERM it lives on until no client is connected to its two ports, SECONDS at most.
set -u
limit=$1
ports=$(printf '%04X|%04X' "$2" "$3")
shift 3

# shellcheck disable=SC2329 # `drain` calls it
connected() {
  # proc(5): local address, remote address, and 01 for an established connection.
  grep -qsE "^ *[0-9]+: [0-9A-F]+:($ports) [0-9A-F]+:[0-9A-F]+ 01 " /proc/net/tcp /proc/net/tcp6
}

# shellcheck disable=SC2329 # the trap calls it
drain() {
  trap '' TERM INT
  local end=$((SECONDS + limit))
  while ((SECONDS < end)) && connected; do sleep 0.2; done
  kill -TERM "$server"
}

"$@" &
server=$!
trap drain TERM INT
wait "$server"
status=$?
if kill -0 "$server" 2>/dev/null; then # the signal ended the wait, and not the server
  wait "$server"
  status=$?
fi
[[ "$status" == 143 ]] && exit 0 # ended as it was told to
exit "$status"
