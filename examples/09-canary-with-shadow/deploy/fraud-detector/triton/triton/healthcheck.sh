#!/bin/bash
# Succeeds when GET 127.0.0.1:PORT/PATH is answered with 200 within SECONDS: healthcheck.sh PATH PORT SECONDS
# There may be neither curl nor Python in the image, so bash opens the socket itself.
set -u
exec 2>/dev/null
exec 3<>"/dev/tcp/127.0.0.1/$2" || exit 1
printf 'GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n' "$1" >&3
IFS= read -r -t "$3" status <&3 || exit 1
[[ "$status" == "HTTP/1."[01]" 200 "* ]]
