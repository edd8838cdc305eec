"""Exits 0 when the model is loaded, else 1 with the reason on standard output.

The server listens only after it has loaded the model, so `/ping` tells that. Needs nothing but Python.
"""

import sys
import urllib.request

SPEC = {{ spec }}


def main():
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        opener.open(SPEC["url"], timeout=SPEC["timeout"]).close()
    except Exception as error:  # whatever it is, the model is not ready
        print(f"not ready: {type(error).__name__}: {error}")
        return 1
    print("ready")
    return 0


if __name__ == "__main__":
    sys.exit(main())
