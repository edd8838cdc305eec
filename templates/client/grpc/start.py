"""Asks the served model over gRPC, as a program or as a module. Needs Python 3.10 or newer, and requirements.txt.

    python rpc.py               sends the first example of the spec, and prints the answer as JSON
    python rpc.py INPUTS        sends these, given as JSON; `-` reads them from standard input

    with Client("http://127.0.0.1:8081", timeout=5) as client:
        client.predict(INPUTS)

`encode` says which INPUTS there are. Exit codes: 0 an answer, 1 refused by the server, 2 wrong usage or inputs, 3 the
server failed, 4 no answer in time, 5 nobody there. It is not called grpc.py, which would hide the package of that name.
"""

from __future__ import annotations

import argparse
import json
{% if binary %}
import struct
{% endif %}
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

SPEC: dict[str, Any] = {{ spec }}
