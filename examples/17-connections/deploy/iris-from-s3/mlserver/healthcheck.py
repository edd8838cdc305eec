"""Exits 0 when the model is ready, else 1 with the reason on standard output.

It is ready when it is loaded and has answered the first example of the spec, if there is one. `/v2/health/ready` is not
asked: it says ready while there is no model. Needs nothing but Python.
"""

import os
import sys
import urllib.request

SPEC = {"model": "iris-from-s3", "port": 8080, "timeout": 5}


def main():
    port = os.environ.get("MLSERVER_HTTP_PORT", SPEC["port"])
    url = f"http://127.0.0.1:{port}/v2/models/{SPEC['model']}/ready"
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        opener.open(url, timeout=SPEC["timeout"]).close()
    except Exception as error:  # whatever it is, the model is not ready
        print(f"not ready: {type(error).__name__}: {error}")
        return 1
    print("ready")
    return 0


if __name__ == "__main__":
    sys.exit(main())
