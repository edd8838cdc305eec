"""Runs commands of Airflow, each in a process of its own that has all of Airflow loaded when it begins.

Takes a command a line, as JSON with `argv`, `env`, `dags` and the `seconds` that it may take, and answers with a line: its exit code, and the file with
what it said. Loading Airflow takes longer than most of what it is then told to do.
"""

import importlib.util
import json
import os
import signal
import sys
import tempfile
import traceback

answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)  # Airflow writes its log to where answers would go

from airflow import settings  # noqa: E402
from airflow.__main__ import main  # noqa: E402
from airflow.cli.commands import dag_command  # noqa: E402, F401


async def ask(app):
    """Asks for what is not there: an application is made with its first request."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://here") as client:
        await client.get("/nothing")


if importlib.util.find_spec("airflow.sdk"):  # Airflow 3: what tasks ask, which is in their own process here
    import asyncio

    import httpx
    from airflow.sdk.execution_time.supervisor import in_process_api_server

    asyncio.run(ask(in_process_api_server().app))


def become(command):
    """Turns this process, a child, into the command; never returns."""
    code = 1
    signal.alarm(command["seconds"])
    try:
        os.environ.update(command["env"])
        sys.path[:0] = filter(None, command["env"].get("PYTHONPATH", "").split(os.pathsep))
        settings.DAGS_FOLDER = command["dags"]
        sys.argv = ["airflow", *command["argv"]]
        main()
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


for line in sys.stdin:
    log, path = tempfile.mkstemp(suffix=".log", dir=os.environ["AIRFLOW_HOME"])
    process = os.fork()
    if process == 0:
        os.dup2(log, 1)
        os.dup2(log, 2)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        become(json.loads(line))
    os.close(log)
    _, status = os.waitpid(process, 0)
    print(json.dumps({"code": os.waitstatus_to_exitcode(status), "said": path}), file=answers, flush=True)
