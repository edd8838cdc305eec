"""A place where nothing but one folder can be written: a mutant of what removes files might remove any."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

# What stands in memory only can stay as it is.
_SCRIPT = """
set -eu
mount --bind "$1" "$1"
while read -r _ place _; do
  case $place in
    /proc|/proc/*|/sys|/sys/*|/dev|/dev/*|"$1") ;;
    *) mount -o remount,bind,ro "$place" ;;
  esac
done </proc/self/mounts
shift
exec "$@"
"""


def sheltered(command: Sequence[str], folder: Path) -> list[str]:
    """The command line that runs a command with every file system read-only but for the folder."""
    own = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    return ["unshare", "--mount", *own, "sh", "-c", _SCRIPT, "shelter", str(folder), *command]
