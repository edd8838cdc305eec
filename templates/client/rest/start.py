"""Asks the served model over REST, as a program or as a module. Needs Python 3.10 or newer, and nothing else.

    python rest.py               sends the first example of the spec, and prints the answer as JSON
    python rest.py INPUTS        sends these, given as JSON; `-` reads them from standard input

    with Client("http://127.0.0.1:8080", timeout=5) as client:
        client.predict(INPUTS)

`encode` says which INPUTS there are. Exit codes: 0 an answer, 1 refused by the server, 2 wrong usage or inputs, 3 the
server failed, 4 no answer in time, 5 nobody there.
"""

from __future__ import annotations

import argparse
import http.client
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

SPEC: dict[str, Any] = {{ spec }}
