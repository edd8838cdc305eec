"""Copies of examples with traps in them: code, pickles and modules that leave a mark when they are run."""

from __future__ import annotations

import os
import pickle
import shutil
import zipfile
from dataclasses import dataclass
from pathlib import Path

_ROOT = Path(__file__).parents[1]
EXAMPLES = tuple(sorted(path.parent.name for path in (_ROOT / "examples").glob("*/serving.yaml")))

_SHADOWS = ("click", "yaml", "pydantic", "jinja2", "json", "torch", "onnx", "sitecustomize", "usercustomize")
"""Modules that lie beside the spec, with names of some that are imported anyway."""


class _Pickled:
    """What springs the trap when it is unpickled."""

    def __init__(self, mark: Path) -> None:
        self._mark = mark

    def __reduce__(self) -> tuple[object, tuple[str, str]]:
        return os.rename, (str(self._mark), f"{self._mark}.sprung")


@dataclass(frozen=True)
class Trapped:
    """A project whose traps are set."""

    root: Path
    """A repository of its own, with what else a program may write to."""
    folder: Path
    mark: Path
    """It bears another name once a trap has sprung."""

    @property
    def environment(self) -> dict[str, str]:
        """The variables of a program that is tried."""
        folders = {"HOME": "home", "XDG_CACHE_HOME": "cache", "TMPDIR": "passing"}
        own = {name: str(self.root / folder) for name, folder in folders.items()}
        return {**os.environ, **own, "PYTHONDONTWRITEBYTECODE": "1"}

    def sprung(self) -> bool:
        """Whether a trap has sprung since this was last asked."""
        if self.mark.exists():
            return False
        Path(f"{self.mark}.sprung").rename(self.mark)
        return True


def trapped(example: str, root: Path) -> Trapped:
    """A copy of an example, without what was compiled from it."""
    for name in (".git", "passing"):
        (root / name).mkdir(parents=True)
    folder, mark = root / example, root / "mark"
    shutil.copytree(_ROOT / "examples" / example, folder, ignore=shutil.ignore_patterns("deploy", "__pycache__"))
    mark.touch()
    code = f"\n__import__('os').rename({str(mark)!r}, {str(mark) + '.sprung'!r})\n"
    for path in folder.rglob("*.py"):
        path.write_text(path.read_text(encoding="utf-8") + code, encoding="utf-8")
    for name in _SHADOWS:
        (folder / f"{name}.py").write_text(code, encoding="utf-8")
    pickled = pickle.dumps(_Pickled(mark))
    for path in (*folder.rglob("*.joblib"), *folder.rglob("*.pkl")):
        path.write_bytes(pickled)
    for path in folder.rglob("*.pt"):
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("archive/data.pkl", pickled)
            archive.writestr("archive/version", "3\n")
    return Trapped(root, folder, mark)
