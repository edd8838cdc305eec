"""Exits 0 when every worker of the model is READY, else 1 with the reason on standard output.

`/ping` is not asked: it says Healthy for a model that failed to load. Needs nothing but Python.
"""

import json
import os
import sys
import urllib.request

SPEC = {{ spec }}


def states():
    """The state of each worker of the model, as the management API tells it."""
    headers = {}
    if SPEC["token"] and os.environ.get("TS_DISABLE_TOKEN_AUTHORIZATION") != "true":
        # Read anew each time: a restarted server makes new keys.
        with open(os.path.join(os.environ["TEMP"], "key_file.json"), encoding="utf-8") as file:
            headers["Authorization"] = "Bearer " + json.load(file)["management"]["key"]
    address = os.environ.get("TS_MANAGEMENT_ADDRESS", SPEC["management"])
    request = urllib.request.Request(address + "/models/" + SPEC["model"], headers=headers)
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=SPEC["timeout"]) as answer:
        return [worker["status"] for version in json.load(answer) for worker in version["workers"]]


def main():
    try:
        found = states()
    except Exception as error:  # whatever it is, the server is not ready
        print(f"not ready: {type(error).__name__}: {error}")
        return 1
    ready = bool(found) and all(state == "READY" for state in found)
    print("ready" if ready else f"not ready: workers {found}")
    return 0 if ready else 1


if __name__ == "__main__":
    sys.exit(main())
