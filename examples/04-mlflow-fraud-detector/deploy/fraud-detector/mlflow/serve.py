"""Serves one model with MLflow's own scoring server, the app that `mlflow models serve` starts too.

Started here it loads the model, and has it answer a first request, before it listens: who can connect finds it warm.
On SIGTERM or SIGINT it lets the requests in flight finish, and exits 0. Needs what requirements.txt beside it names.
"""

import argparse
import gc
import hashlib
import json
import os
import signal
import socket
import sys

SPEC = {
    "model": "model",
    "files": None,
    "port": 8080,
    "workers": 1,
    "request_seconds": 30,
    "drain_seconds": 30,
    "warm_up": {
        "dataframe_split": {
            "columns": ["amount", "category_encoded", "hour", "day_of_week"],
            "data": [[86.2, 4, 13, 1]],
        },
    },
}

# What MLflow's client adds to what it fetches from a registry.
FETCHER = "registered_model_meta"
HERE = os.path.dirname(os.path.abspath(__file__))


def arguments():
    """Where to listen, and which model to serve."""
    parser = argparse.ArgumentParser(description="Serves one MLflow model over HTTP.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    model = SPEC["model"] if SPEC["model"].startswith("models:/") else os.path.join(HERE, SPEC["model"])
    parser.add_argument("--model", default=model, help="folder or models:/ address (default: %(default)s)")
    return parser.parse_args()


def loaded(path):
    """The app around the model, which has answered a first request."""
    # Read when MLflow is imported.
    os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
    os.environ["MLFLOW_SCORING_SERVER_REQUEST_TIMEOUT"] = str(SPEC["request_seconds"])
    import mlflow
    from mlflow.pyfunc import scoring_server

    scoring_server.invocations = without_traces(scoring_server.invocations, mlflow.MlflowException)
    model = mlflow.pyfunc.load_model(proven(path) if SPEC["files"] and path == SPEC["model"] else path)
    app = scoring_server.init(model)
    if SPEC["warm_up"] is not None:
        body = json.dumps(SPEC["warm_up"])
        answer = scoring_server.invocations(body, "application/json", model, model.metadata.get_input_schema())
        if answer.status != 200:
            raise RuntimeError(f"the first request was answered {answer.status}: {answer.response[:500]}")
    gc.collect()
    gc.freeze()
    return app


def proven(address):
    """The folder of a registered model that was fetched, once its files are known to be the ones that were locked."""
    import mlflow

    folder = mlflow.artifacts.download_artifacts(address)
    there = {os.path.relpath(os.path.join(root, name), folder) for root, _, names in os.walk(folder) for name in names}
    for name in sorted(there - {FETCHER} | SPEC["files"].keys()):
        if name not in there or name not in SPEC["files"] or digest(os.path.join(folder, name)) != SPEC["files"][name]:
            raise SystemExit(f"{name} of {address} is not the file that was locked")
    return folder


def digest(path):
    """The SHA-256 of a file, as a lock has it."""
    with open(path, "rb") as file:
        return f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"


def without_traces(invocations, refusal):
    """The function that answers requests, which keeps to itself where in the code a refused one went wrong."""

    def answer(*given):
        try:
            return invocations(*given)
        except refusal as error:
            if trace := error.json_kwargs.pop("stack_trace", ""):
                print(trace, file=sys.stderr, flush=True)
            raise

    return answer


def serve(model, listener):
    """Answers requests until a signal comes, and then those that are in flight."""
    import uvicorn

    config = uvicorn.Config(
        loaded(model),
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=SPEC["drain_seconds"],
    )
    uvicorn.Server(config).run(sockets=[listener])


def end(*_):
    """The way out by a signal: while the model is loaded at once, later when uvicorn, which keeps it back, has drained."""
    sys.exit(0)


def bound(host, port):
    """A socket with the address, on which nobody listens yet."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((host, port))
    listener.set_inheritable(True)
    return listener


def supervise(model, listener):
    """The exit code of several processes that share the socket: when one of them ends, all are stopped."""
    workers, signals = [], (signal.SIGTERM, signal.SIGINT)
    # Kept back until all are there: one between two forks would leave the first worker behind.
    signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    for _ in range(SPEC["workers"]):
        # Before anything is loaded: libraries with threads of their own do not survive a fork.
        worker = os.fork()
        if not worker:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, signals)
            serve(model, listener)
            return 0
        workers.append(worker)
    listener.close()
    untold = set(workers)

    def stop(*_):
        while untold:  # each once: a second signal would cut a way out short
            os.kill(untold.pop(), signal.SIGTERM)

    for each in signals:
        signal.signal(each, stop)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, signals)
    code = 0
    for _ in workers:
        ended, status = os.wait()
        untold.discard(ended)
        code = code or abs(os.waitstatus_to_exitcode(status))
        stop()
    return code


def main():
    given = arguments()
    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    listener = bound(given.host, SPEC["port"])
    if SPEC["workers"] > 1:
        return supervise(given.model, listener)
    serve(given.model, listener)
    return 0


if __name__ == "__main__":
    sys.exit(main())
