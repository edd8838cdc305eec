"""The commands that the documents tell a reader to type, one after the other, and who runs each of them."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]

_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_SHELLS = frozenset({"bash", "sh", "shell"})
# Of servespec these start something that goes on, or make an environment.
_STARTING = frozenset({"run", "smoke"})

PLAYED = {
    "01-torchserve-fraud-detector": "torchserve",
    "02-onnxruntime-fraud-detector": "optimize",
    "03-mlserver-sklearn": "mlserver",
    "04-mlflow-fraud-detector": "mlflow",
    "07-optimize-sklearn-to-onnx": "optimize",
    "08-ab-fraud-detector": "optimize",
    "13-batch-onnx": "batch",
    "14-realtime-and-batch": "mlserver",
    "15-batch-spark": "batch",
}
"""The examples whose other commands `tests/e2e/test_documents.py` types, with the environment of the tools they need."""

ELSEWHERE = {
    ("README.md", "make demo"): "`.ci/run` types it",
    ("README.md", "make test"): "`.ci/run` types it",
    ("01-torchserve-fraud-detector", "docker compose"): "a line of the summary: `tests/e2e/image/test_compose.py`",
    ("04-mlflow-fraud-detector", "mlflow artifacts"): "wants a registry: `tests/e2e/mlflow/test_serving.py` has one",
    ("05-tf-serving-fraud-detector", "pip install"): "TensorFlow is half a gigabyte, and no other test needs it",
    ("05-tf-serving-fraud-detector", "python train.py"): "wants TensorFlow",
    ("05-tf-serving-fraud-detector", "rm -r"): "makes room for what the next command writes",
    ("05-tf-serving-fraud-detector", "python deploy/fraud-detector/tf-serving/export.py"): "wants TensorFlow",
    ("05-tf-serving-fraud-detector", "python deploy/fraud-detector/client/rest.py"): "no index has TensorFlow Serving",
    ("06-triton-onnx", "python deploy/fraud-detector/client/rest.py"): "no index has Triton's backend for ONNX",
    ("08-ab-fraud-detector", "curl -si"): "wants two images and nginx: `tests/e2e/variants/test_split.py`",
    ("17-connections", "aws "): "wants a storage of one's own: `tests/e2e` has one on loopback",
    ("19-batch-kubernetes", "docker build"): "a line of the summary: `tests/e2e/image/test_batch.py`",
    ("19-batch-kubernetes", "kubectl "): "wants a cluster",
    ("19-batch-kubernetes", "minutes="): "tells `kubectl` which interval",
    ("20-streaming-kafka", "servespec run"): "wants a broker: `tests/e2e/run/test_stream.py` has one",
    ("21-streaming-nats", "nats-server"): "wants a broker: `tests/e2e/run/test_stream.py` has one",
    ("21-streaming-nats", "servespec run"): "wants a broker: `tests/e2e/run/test_stream.py` has one",
}
"""The commands that neither of the two tests types, by the document and how they begin, with the reason."""


@dataclass(frozen=True)
class Typed:
    """A command of a document."""

    document: str
    """`README.md`, or the folder of an example."""
    kind: str
    """That of its block."""
    line: str

    @property
    def quick(self) -> bool:
        """Whether it only compiles, which any machine can do at once."""
        words = shlex.split(self.line, comments=True)
        return words[0] == "servespec" and words[1] not in _STARTING

    @property
    def elsewhere(self) -> str:
        """Why it is not typed here; empty when it is."""
        return next((why for (name, begun), why in ELSEWHERE.items() if self._is(name, begun)), "")

    def _is(self, document: str, begun: str) -> bool:
        return self.document == document and self.line.startswith(begun)


def documents() -> dict[str, str]:
    """The text of every document, by its name."""
    files = [file for pattern in ("*.md", "docs/*.md", "schema/*.md") for file in sorted(ROOT.glob(pattern))]
    files += sorted(ROOT.glob("examples/*/README.md"))
    return {_name(file): file.read_text("utf-8") for file in files}


def typed() -> list[Typed]:
    """Every command of every document that is for a reader to type."""
    return [Typed(name, kind, line) for name, text in documents().items() for kind, line in _lines(text)]


def _name(file: Path) -> str:
    return file.parent.name if file.parent.parent.name == "examples" else file.relative_to(ROOT).as_posix()


def _lines(text: str) -> Iterator[tuple[str, str]]:
    """The kind of the block of each, and itself."""
    for kind, block in _BLOCK.findall(text):
        shown = kind not in _SHELLS
        for line in re.sub(r"\\\n\s*|(?<=\|)\n\s*", " ", block).splitlines():
            if shown and line.startswith("$ "):
                yield kind, line[2:]
            elif not shown and line.strip() and not line.startswith("#"):
                yield kind, line
