"""Runs TorchServe and, on SIGTERM or SIGINT, lets the requests in flight finish before it stops it.

TorchServe 0.12.0 by itself finishes gRPC calls but cuts REST requests in flight within 0.1 s of the signal. So the
signal is kept back: new requests are refused (the inference key is renewed), and Java gets the signal when no
connection waits for an answer any more, at the latest after `drain_seconds`. A second signal stops at once.
"""

import json
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import sysconfig
import time
import urllib.request

SPEC = {{ spec }}

# Where it is one of several behind one address it asks for no token: each process makes its own.
TOKEN = SPEC["token"] and os.environ.get("TS_DISABLE_TOKEN_AUTHORIZATION") != "true"
HERE = os.path.dirname(os.path.abspath(__file__))

# linux/netlink.h, linux/sock_diag.h, linux/inet_diag.h, net/tcp_states.h
NETLINK_SOCK_DIAG, SOCK_DIAG_BY_FAMILY, REQUEST_DUMP, NLMSG_ERROR, NLMSG_DONE = 4, 20, 0x301, 2, 3
INET_DIAG_INFO, ESTABLISHED = 2, 1


def command():
    """How Java is started; the launcher of TorchServe is left out, since it passes no signal on."""
    site = sysconfig.get_path("purelib")
    flags = [
        f"-Dmodel_server_home={site}",
        f"-Djava.io.tmpdir={os.environ['TEMP']}",
        f"-Dlog4j.configurationFile=file://{HERE}/log4j2.properties",
        *SPEC["jvm"],
    ]
    server = ["-cp", f"{site}/ts/frontend/*", SPEC["main"], "--python", sys.executable]
    return [shutil.which("java") or "java", *flags, *server, "-f", f"{HERE}/config.properties", "-ncs", *sys.argv[1:]]


def refuse_new_requests():
    """Renews the inference key: what was accepted goes on, what comes now is answered 400 at once."""
    with open(os.path.join(os.environ["TEMP"], "key_file.json"), encoding="utf-8") as file:
        key = json.load(file)["API"]["key"]
    address = os.environ.get("TS_MANAGEMENT_ADDRESS", SPEC["management"])
    request = urllib.request.Request(f"{address}/token?type=inference", headers={"Authorization": f"Bearer {key}"})
    urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=4).close()


def connections():
    """The kernel's record of each established TCP connection: sock_diag(7), which needs no privilege."""
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_SOCK_DIAG) as link:
        link.settimeout(2)
        for family in (socket.AF_INET, socket.AF_INET6):
            query = struct.pack("=BBBxI", family, socket.IPPROTO_TCP, 1 << (INET_DIAG_INFO - 1), 1 << ESTABLISHED)
            query += bytes(48)  # any address
            link.send(struct.pack("=IHHII", 16 + len(query), SOCK_DIAG_BY_FAMILY, REQUEST_DUMP, 1, 0) + query)
            yield from records(link)


def records(link):
    """The messages of one answer, until it says that it is complete."""
    while True:
        data = link.recv(1 << 16)
        while len(data) >= 16:
            length, kind = struct.unpack_from("=IH", data)
            if kind in (NLMSG_ERROR, NLMSG_DONE):
                return
            yield data[:length]
            data = data[(length + 3) & ~3 :]


def tcp_info(record):
    """The struct tcp_info of a record, or nothing."""
    attributes = record[16 + 72 :]
    while len(attributes) >= 4:
        size, name = struct.unpack_from("=HH", attributes)
        if name == INET_DIAG_INFO:
            return attributes[4:size]
        attributes = attributes[(size + 3) & ~3 :]
    return b""


def open_requests(port):
    """Connections to `port` that wait for an answer: surely, and perhaps.

    Surely: bytes came in, and none went out since. Perhaps: both within one tick of the kernel's clock (some
    milliseconds), as a fast answer looks, and a request that follows an answer at once.
    """
    surely = perhaps = 0
    for record in connections():
        info = tcp_info(record)
        if struct.unpack_from("!H", record, 20)[0] != port or not info:
            continue
        since_sent, _, since_received = struct.unpack_from("=III", info, 44)
        came, went = struct.unpack_from("=II", info, 152)
        surely += bool(came and (not went or since_received < since_sent))
        perhaps += bool(came and went and since_received == since_sent)
    return surely, perhaps


def drain():
    """Returns when no request is in flight, or when there is no more time."""
    start = time.monotonic()
    if TOKEN:
        try:
            refuse_new_requests()
        except Exception as error:  # not up yet: then there is nothing to refuse
            print(f"drain: new requests are not refused: {error}", flush=True)
    port = int(os.environ.get("TS_INFERENCE_ADDRESS", SPEC["inference"]).rpartition(":")[2])
    try:
        left = wait_until_quiet(port, start)
    except OSError as error:
        print(f"drain: the kernel does not show connections: {error}", flush=True)
        time.sleep(SPEC["perhaps_seconds"])
        left = "an unknown number of"
    print(f"drain: {time.monotonic() - start:.1f} s, {left} requests left", flush=True)


def wait_until_quiet(port, start):
    """The requests still open after three quiet looks in a row, or at the end of the time."""
    surely = quiet = 0
    while quiet < 3 and time.monotonic() - start < SPEC["drain_seconds"]:
        surely, perhaps = open_requests(port)
        busy = surely or (perhaps and time.monotonic() - start < SPEC["perhaps_seconds"])
        quiet = 0 if busy else quiet + 1
        time.sleep(0.05)
    return surely


def main():
    os.umask(0o077)
    os.chdir(os.environ["TEMP"])  # TorchServe writes its key file into the working folder
    server = subprocess.Popen(command(), start_new_session=True)
    asked = []

    def stop(number, _frame):
        asked.append(number)
        if len(asked) == 1:
            drain()
        server.send_signal(signal.SIGTERM)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    code = server.wait()
    stopped = asked and code == 128 + signal.SIGTERM
    sys.exit(0 if stopped else code if code >= 0 else 128 - code)


if __name__ == "__main__":
    main()
