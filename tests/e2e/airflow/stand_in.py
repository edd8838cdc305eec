"""Stands in for the API of a cluster, as far as Airflow's operator for pods asks it: what it is sent is kept, and what the
pod's container would run is run as a process here.

No kubelet, no admission and no image are in it: it shows what Airflow sends and how it takes what comes back. What a
cluster would say of such a pod is asked of its schemas.
"""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

Pod = dict[str, Any]
Start = Callable[[Pod], subprocess.Popen[str]]


class Cluster:
    """Pods by name, and their processes."""

    def __init__(self, start: Start) -> None:
        self.sent: list[Pod] = []
        """Each pod as it was asked for, in order."""
        self._start, self._pods = start, dict[str, tuple[Pod, subprocess.Popen[str]]]()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"cluster": self}))
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def connection(self) -> str:
        """Airflow's connection to it."""
        config = {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": "here",
            "contexts": [{"name": "here", "context": {"cluster": "here", "user": "me"}}],
            "clusters": [{"name": "here", "cluster": {"server": f"http://127.0.0.1:{self._server.server_port}"}}],
            "users": [{"name": "me", "user": {}}],
        }
        return json.dumps({"conn_type": "kubernetes", "extra": {"kube_config": json.dumps(config)}})

    def close(self) -> None:
        """No more is answered."""
        self._server.shutdown()
        self._server.server_close()

    def create(self, pod: Pod) -> Pod:
        """The pod is started."""
        self.sent.append(pod)
        now = dt.datetime.now(dt.UTC).isoformat()
        pod["metadata"] |= {"uid": str(len(self.sent)), "creationTimestamp": now}
        self._pods[pod["metadata"]["name"]] = (pod, self._start(pod))
        return self.read(pod["metadata"]["name"])

    def read(self, name: str) -> Pod:
        """The pod with its state."""
        pod, process = self._pods[name]
        code = process.poll()
        phase = "Running" if code is None else "Failed" if code else "Succeeded"
        now = dt.datetime.now(dt.UTC).isoformat()
        ended = {"terminated": {"exitCode": code, "startedAt": now, "finishedAt": now}}
        (container,) = pod["spec"]["containers"]
        status = {
            "name": container["name"],
            "image": container["image"],
            "imageID": "",
            "ready": code is None,
            "restartCount": 0,
            "state": {"running": {"startedAt": now}} if code is None else ended,
        }
        return {**pod, "status": {"phase": phase, "startTime": now, "containerStatuses": [status]}}

    def log(self, name: str) -> str:
        """All that the process says, once it has ended."""
        process = self._pods[name][1]
        stdout, _ = process.communicate()
        now = dt.datetime.now(dt.UTC).isoformat().replace("+00:00", "Z")
        return "".join(f"{now} {line}\n" for line in stdout.splitlines())


class _Handler(BaseHTTPRequestHandler):
    cluster: Cluster

    def do_POST(self) -> None:
        self._answer(self.cluster.create(self._body()))

    def do_GET(self) -> None:
        *_, kind, name = ["", "", *urlsplit(self.path).path.strip("/").split("/")]
        if name == "log":
            self._send(self.cluster.log(kind).encode(), "text/plain")
        elif kind == "pods":
            self._answer(self.cluster.read(name))
        else:
            self._answer({"apiVersion": "v1", "kind": "List", "metadata": {"resourceVersion": "1"}, "items": []})

    def do_PATCH(self) -> None:
        self._body()
        self.do_GET()

    def do_DELETE(self) -> None:
        self._body()
        self._answer({"apiVersion": "v1", "kind": "Status", "status": "Success"})

    def _body(self) -> Any:
        return json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or b"{}")

    def _answer(self, value: object) -> None:
        self._send(json.dumps(value).encode(), "application/json")

    def _send(self, body: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass
