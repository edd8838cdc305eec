"""A repository of sixty specs with three environments each, beneath one root file: made by a script, as a platform's is.

Of every three specs the first takes all defaults, the second says itself what the first inherits, and the third has a
model of another kind, and packages of Debian in its image. `python -m tests.monorepo FOLDER` makes one to look at.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.projects import FILES, write

COUNT = 60
ENVIRONMENTS = ("development", "production", "staging")
MIRROR = "mirror.example.com"
ROOT = f"""\
requires: servespec ~=0.1
defaults:
  owner: ml-platform
  runtime: {{workers: 2}}
  resources: {{requests: {{cpu: 500m, memory: 1Gi}}, limits: {{memory: 2Gi}}}}
  suppress: [{{rule: runtime-end-of-life, reason: moves in spring}}]
  environments:
    development: {{labels: {{stage: development}}}}
    staging: {{labels: {{stage: staging}}, targets: {{kubernetes: {{namespace: ml-staging}}}}}}
    production: {{labels: {{stage: production}}, scaling: {{replicas: 3}}, targets: {{kubernetes: {{namespace: ml}}}}}}
mirrors:
  images: {{docker.io: {MIRROR}/docker}}
  pip: {{url: "https://{MIRROR}/pypi/simple"}}
  apt: {{ftp.debian.org: "https://{MIRROR}/apt", security.debian.org: "https://{MIRROR}/apt"}}
policy:
  required: [owner, resources.limits.memory]
  forbidden: {{servers: [triton]}}
  maxima: {{resources.limits.memory: 8Gi, runtime.workers: 8}}
"""
_HEAD = """\
# The team's own words about service {number}.
apiVersion: servespec/v1
name: service-{number:02}
pattern: realtime
"""
_TORCH = "model: {format: pytorch, uri: ./model}\n"
_SCIKIT = "model: {format: sklearn, uri: ./model.joblib, framework: {name: scikit-learn, version: 1.9.1}}\n"
_IMAGE = "image: {{requirements: requirements.txt, repository: registry.example.com/ml/service-{number:02}{more}}}\n"


def spec(number: int) -> str:
    """The text of one of the specs."""
    own = "runtime: {workers: 3}\n" if number % 3 == 1 else ""
    model = _SCIKIT if number % 3 == 2 else _TORCH
    more = ", systemPackages: [libgomp1]" if number % 3 == 2 else ""
    return _HEAD.format(number=number) + model + _IMAGE.format(number=number, more=more) + own


def folder(number: int) -> str:
    """Where it lies."""
    return f"services/team-{number // 10}/service-{number:02}"


def make(top: Path) -> Path:
    """The repository, all of it committed."""
    top.mkdir(parents=True, exist_ok=True)
    for number in range(COUNT):
        files = FILES if number % 3 != 2 else {"model.joblib": b"a model", "requirements.txt": "scikit-learn==1.9.1\n"}
        write(top / folder(number), spec(number), files)
    (top / "servespec.yaml").write_text(ROOT)
    git(top, "init", "--quiet", "--initial-branch=main")
    commit(top, "all of it")
    return top


def commit(top: Path, message: str) -> None:
    """Commit all that is there."""
    git(top, "add", "--all")
    git(top, "-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "--quiet", "--message", message)


def git(top: Path, *arguments: str) -> None:
    """Run git there; nobody's own settings play a part."""
    env = {"PATH": "/usr/bin:/bin:/usr/local/bin", "HOME": str(top), "GIT_CONFIG_NOSYSTEM": "1"}
    subprocess.run(["git", *arguments], cwd=top, env=env, check=True, stdout=subprocess.DEVNULL)


def numbers(paths: Iterator[str]) -> set[int]:
    """Which specs paths or names of services speak of."""
    return {int(path.partition("service-")[2][:2]) for path in paths if "service-" in path}


if __name__ == "__main__":
    make(Path(sys.argv[1]))
