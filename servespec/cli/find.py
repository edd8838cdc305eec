"""From what a user typed to the specs that are meant."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from servespec.records import dataclass

SPEC = "serving.yaml"
ROOT_FILE = "servespec.yaml"
OUTPUT = "deploy"
"""The output folder beside a spec."""
_OTHER = "serving.yml"
"""As others call such files: it is taken when it is named, and not looked for."""
_ENDINGS = (".yaml", ".yml")
_SKIPPED = frozenset({"node_modules", "__pycache__"})


@dataclass(frozen=True)
class Source:
    """One spec: where it is, and how to call it in messages."""

    path: Path
    shown: str
    environments: tuple[str, ...] = ()
    """The environments that were asked for; all of them when none was."""

    @property
    def project(self) -> Path:
        """The project folder: the one of the spec."""
        return self.path.parent

    def beside(self, path: Path) -> str:
        """How to call a file in the spec's folder."""
        return os.path.join(os.path.dirname(self.shown), path.name)


class NotFound(Exception):
    """There is no spec where one was named; the message is a sentence, in which names of files are shown as they are
    in all others."""

    def __init__(self, message: str) -> None:
        from servespec.diagnostics.visible import escaped  # start-up: only for a mistake

        super().__init__(escaped(message))


class NoneBelow(NotFound):
    """The folders that were named are there, and in none of them is a spec."""


def find(paths: Sequence[str], environments: Iterable[str] = (), *, past: list[Path] | None = None) -> list[Source]:
    """The specs that `paths` mean: a folder stands for every serving.yaml below it, a pattern for all that fits it.

    Without paths: `./serving.yaml`, else the nearest one above, up to the repository's root. A path to
    `serving.<environment>.yaml` means the spec beside it in that environment.

    `past` is given the folders on the way that have an output folder and no spec.
    """
    past = [] if past is None else past
    found = (
        [pair for given in _spread(paths) for pair in _below(Path(given), past)]
        if paths
        else [(_nearest(Path.cwd()), "")]
    )
    asked: dict[Path, set[str]] = {}
    for path, environment in found:
        asked.setdefault(path, set()).add(environment)
    return [_source(path, () if "" in names else names, environments) for path, names in asked.items()]


def overlay_environment(path: Path, spec: Path) -> str:
    """The environment of which `path` is the overlay of `spec`, by their names: empty when it is none.

    Whichever way each of the two writes its ending: an overlay that is not read would be missed when it is too late.
    """
    name, _, environment = path.stem.partition(".")
    return environment if name == spec.stem and path.suffix in (spec.suffix, *_ENDINGS) else ""


def _spread(paths: Sequence[str]) -> Iterator[str]:
    """The paths, and what fits those that are patterns which no shell has spread out."""
    for given in paths:
        if os.path.exists(given) or not any(mark in given for mark in "*?["):
            yield given
            continue
        from glob import glob  # start-up: a shell mostly does it

        fitting = sorted(glob(given, recursive=True))
        if not fitting:
            raise NotFound(f"nothing fits {given}")
        yield from fitting


def _below(given: Path, past: list[Path]) -> Iterator[tuple[Path, str]]:
    """The specs that a path means, each with the environment that it names, or with none."""
    if not given.exists():
        raise NotFound(f"{given} does not exist{_meant(given)}")
    if given.name == ROOT_FILE and given.is_file():
        raise NotFound(
            f"{given} is the root file, and no spec: it is checked with the specs below it; name their folder"
        )
    if not given.is_dir():
        stem = given.name.partition(".")[0]
        specs = (given.with_name(stem + ending) for ending in dict.fromkeys((given.suffix, *_ENDINGS)))
        spec = next((spec for spec in specs if spec != given and spec.is_file()), given)
        environment = overlay_environment(given, spec)
        yield (spec, environment) if environment else (given, "")
        return
    found = sorted(_walk(given, past))
    if not found:
        raise NoneBelow(f"there is no {SPEC} in {given} or below it")
    yield from ((path, "") for path in found)


def _meant(missing: Path) -> str:
    """The name beside a path that was probably meant."""
    from servespec.diagnostics.suggest import closest  # start-up: only for a mistake

    folder = missing.parent
    if folder == Path() and _is_environment(missing.name):
        return f"; an environment is named by -e {missing}"
    near = closest(missing.name, [path.name for path in folder.iterdir()]) if folder.is_dir() else None
    return f"; did you mean {folder / near}?" if near else ""


def _is_environment(word: str) -> bool:
    """Whether a word seems to be an environment of the nearest spec: a key in it, or part of an overlay's name."""
    try:
        spec = _nearest(Path.cwd())
        is_key = (
            re.search(rf"(?:^ +|[{{,] *){re.escape(word)} *:", spec.read_text(encoding="utf-8"), re.MULTILINE)
            is not None
        )
    except (NotFound, OSError, UnicodeDecodeError):
        return False  # the sentence that it is for goes without
    return is_key or any(overlay_environment(path, spec) == word for path in spec.parent.glob(f"{spec.stem}.*"))


def _walk(folder: Path, past: list[Path]) -> Iterator[Path]:
    for root, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in _SKIPPED)
        if SPEC in files:
            yield Path(root, SPEC)
        elif OUTPUT in folders:
            past.append(Path(root))


def _nearest(start: Path) -> Path:
    for folder in (start, *start.parents):
        if (folder / SPEC).is_file():
            return folder / SPEC
        if (folder / ".git").exists():
            break
    if (start / _OTHER).is_file():
        raise NotFound(f"there is no {SPEC} here or above; rename {_OTHER}, or name it")
    # Only where people keep many: to look through all that may lie below another folder could take its time.
    is_top = (start / ROOT_FILE).is_file() or (start / ".git").exists()
    if is_top and next(_walk(start, []), None) is not None:
        raise NotFound(f"there is no {SPEC} here or above; name the folder of those below, as in `.`")
    raise NotFound(f"there is no {SPEC} here or above; `servespec init` writes one")


def _source(path: Path, named: Iterable[str], asked: Iterable[str]) -> Source:
    return Source(Path(os.path.abspath(path)), os.path.relpath(path), tuple(sorted({*named, *asked})))
