"""Compiling is hermetic: it starts no program, asks no network, runs no code of the project, and reads nothing else.

Each command runs under strace on projects full of traps; then builds run where there is no network, and where the
project can only be read. Last, the texts of a spec are links to elsewhere.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path

import yaml

from trust import leading_out
from trust.rows import Row, Scale
from trust.strace import CHANGING, Traced, traced
from trust.traps import EXAMPLES, Trapped, trapped
from trust.writing.project import SERVESPEC, Picture, compiled, picture

_SPEC = "serving.yaml"
_COMMANDS = (
    *(("validate", _SPEC), ("validate", "--format", "json", _SPEC), ("build", _SPEC), ("build", "--check", _SPEC)),
    *(("build", "--force", "--diff", "--output", "deploy/again", _SPEC), ("list", "."), ("audit", ".")),
    *(("inspect", "model"), ("schema",), ("explain", "unknown-field"), ("validate", ".")),
)
_STARTING = ("execve", "execveat", "fork", "vfork", "clone", "clone3")
_ASKING = ("socket", "connect", "bind", "sendto", "sendmsg", "sendmmsg")
_WATCHED = (*_STARTING, *_ASKING, *CHANGING)
_INSTALLED = tuple({os.path.realpath(path) for path in (Path(__file__).parents[1], sys.prefix, sys.base_prefix)})
_SYSTEM = ("/lib", "/usr", "/etc/ld.so", "/etc/locale", "/etc/ssl/", "/dev/", "/proc/", "/sys/")

# The folder itself can only be read, and lacks a cache and a place for passing files; what is compiled goes to another.
_READ_ONLY = """
cd "$0"
mkdir ../out deploy
mount --bind "$0" "$0" && mount --bind ../out deploy && mount -o remount,ro,bind "$0"
cd "$0"
! touch probe 2>/dev/null
export XDG_CACHE_HOME="$0/cache" TMPDIR=/nowhere HOME=/nowhere
"$@" validate serving.yaml
"$@" build --no-summary serving.yaml
"$@" build --check --no-summary serving.yaml
"$@" list .
"""


def run(scale: Scale, program: Sequence[str] = SERVESPEC) -> Iterator[Row]:
    """A row for each promise."""
    compiled()
    examples = EXAMPLES[:: scale.of(len(EXAMPLES), 1)]
    with tempfile.TemporaryDirectory(prefix="servespec-hermetic-") as folder:
        root = Path(os.path.realpath(folder))
        yield watched(examples, root / "watched", program)
        yield offline(examples, root / "net", program)
        yield read_only(examples, root / "read", program)
        yield leading_out.row(root / "links", program, leading_out.NAMES[:: scale.of(3, 1)])


def _unshared(*command: str) -> tuple[str, ...]:
    """The command, without what its first word says; as somebody else than root in a user namespace."""
    return ("unshare", command[0], *(() if os.geteuid() == 0 else ("--map-root-user",)), "--", *command[1:])


def watched(
    examples: Sequence[str],
    root: Path,
    program: Sequence[str],
    commands: Sequence[Sequence[str]] = _COMMANDS,
) -> Row:
    """The row of what the commands ask of the system."""
    began = time.monotonic()
    runs, calls, wrong = 0, 0, list[str]()
    for example in examples:
        project = trapped(example, root / example)
        before = _inputs(project)
        for command in (*commands, *_shown(project)):
            if command[0] == "inspect" and not (project.folder / command[1]).exists():
                continue  # its model is elsewhere
            ran = traced((*program, *command), _WATCHED, cwd=project.folder, environment=project.environment)
            runs, calls = runs + 1, calls + len(ran.calls)
            wrong += [f"{example}: {' '.join(command)}: {line}" for line in _wrong(ran, project)]
        if _inputs(project) != before:
            wrong.append(f"{example}: a file of the project was changed")
    tried = f"{runs} commands on {len(examples)} examples, {calls} calls"
    what = "starts no program, asks no network, runs no code of the project, reads nothing else"
    return Row(what, tried, len(wrong), 0, time.monotonic() - began, tuple(wrong))


def _shown(project: Trapped) -> Iterator[tuple[str, ...]]:
    """The commands that want the name of an environment where there are some."""
    names = sorted(yaml.safe_load((project.folder / _SPEC).read_text("utf-8")).get("environments", {}))
    yield ("show", *(("-e", names[0]) if names else ()), _SPEC)
    if len(names) > 1:
        yield ("diff", "-e", names[0], "-e", names[1], _SPEC)


def _inputs(project: Trapped) -> Picture:
    return {path: seen for path, seen in picture(project.folder).items() if path.partition("/")[0] != "deploy"}


def _wrong(ran: Traced, project: Trapped) -> Iterator[str]:
    if project.sprung():
        yield "code of the project was run"
    if ran.exit not in (0, 3) or "Traceback" in ran.said:
        yield f"exit code {ran.exit}: {ran.said[-300:]}"
    starts = (call for call in ran.calls if call.name in _STARTING)
    yield from (f"it starts {call.arguments}" for call in islice(starts, 1, None))  # the first is that of the command
    yield from (f"it asks: {call.name}({call.arguments})" for call in ran.calls if call.name in _ASKING)
    writable = (str(project.folder / "deploy"), str(project.root / "cache"))
    readable = (str(project.root), *_INSTALLED, *_SYSTEM)
    for call in ran.calls:
        for path in map(os.path.realpath, call.paths if call.result[:1] != "-" else ()):
            if call.changes and not path.startswith(writable):
                yield f"it writes: {call}"
            elif call.name in ("open", "openat") and not path.startswith(readable):
                yield f"it reads: {call}"


def offline(examples: Sequence[str], root: Path, program: Sequence[str]) -> Row:
    """The row of builds where there is no network."""
    command = _unshared("--net", *program, "build", "--no-summary", _SPEC)
    return _apart("compiles the same without a network", examples, root, program, lambda _: command)


def read_only(examples: Sequence[str], root: Path, program: Sequence[str]) -> Row:
    """The row of builds whose project nothing can be written to."""
    return _apart(
        "compiles the same from a folder that can only be read", examples, root, program,
        lambda project: _unshared("--mount", "sh", "-euc", _READ_ONLY, str(project.folder), *program),
    )  # fmt: skip


def _apart(
    what: str,
    examples: Sequence[str],
    root: Path,
    program: Sequence[str],
    command: Callable[[Trapped], Sequence[str]],
) -> Row:
    """A row of builds whose output is compared with that of a build in the open."""
    began = time.monotonic()
    wrong: list[str] = []
    for example in examples:
        project = trapped(example, root / example)
        failed = _failed((*program, "build", "--no-summary", _SPEC), project)
        wanted = picture(project.folder / "deploy")
        (project.folder / "deploy").rename(project.root / "in-the-open")
        failed = failed or _failed(command(project), project)
        made = next((path for path in (project.root / "out", project.folder / "deploy") if path.is_dir()), project.mark)
        if failed or project.sprung():
            wrong.append(f"{example}: {failed or 'code of the project was run'}")
        elif not wanted or picture(made) != wanted:
            wrong.append(f"{example}: what was compiled differs")
    return Row(what, f"{len(examples)} examples", len(wrong), 0, time.monotonic() - began, tuple(wrong))


def _failed(command: Sequence[str], project: Trapped) -> str:
    """What a command said that failed."""
    ran = subprocess.run(
        command, cwd=project.folder, env=project.environment, text=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    return f"exit code {ran.returncode}: {ran.stdout[-300:]}" if ran.returncode else ""
