"""Pickles: followed without being run, and what they ask for that no model needs."""

from __future__ import annotations

import gzip
import io
import pickle
import zipfile
from collections import OrderedDict
from pathlib import Path

import pytest

from servespec.inspection.blob import from_bytes
from servespec.inspection.dispatch import inspect_blob
from servespec.models import Framework, Hazard, Inspection, Unknown

_COMMANDS = "runs commands when the file is loaded"


class _Bad:
    """Runs a command when it is unpickled."""

    def __init__(self, marker: Path) -> None:
        self._marker = marker

    def __reduce__(self) -> tuple[object, ...]:
        import os

        return os.system, (f"touch {self._marker}",)


def _read(data: bytes, name: str = "model.pkl") -> Inspection:
    found = inspect_blob(from_bytes(name, data))
    assert isinstance(found, Inspection), found
    return found


def _torch(data: bytes) -> bytes:
    """An archive as `torch.save` writes it."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("weights/data.pkl", data)
        archive.writestr("weights/version", "3\n")
    return stream.getvalue()


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
@pytest.mark.parametrize("wrap", [bytes, gzip.compress, _torch], ids=["plain", "gzip", "torch"])
def test_a_malicious_pickle_is_flagged_and_not_run(tmp_path: Path, protocol: int, wrap: object) -> None:
    """Whatever it is wrapped in, the function that it would call is named, and not called."""
    marker = tmp_path / "executed"
    data = pickle.dumps({"weights": [1.0], "bad": _Bad(marker)}, protocol=protocol)
    assert callable(wrap)
    found = _read(wrap(data), "model.pt" if wrap is _torch else "model.pkl")
    assert [(hazard.subject.partition(".")[2], hazard.reason) for hazard in found.hazards] == [("system", _COMMANDS)]
    assert not marker.exists()


def test_the_marker_would_be_written(tmp_path: Path) -> None:
    """The pickle of these tests does run when it is loaded, or they would prove nothing."""
    marker = tmp_path / "executed"
    pickle.loads(pickle.dumps(_Bad(marker)))
    assert marker.exists()


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("subprocess", "Popen"),
        ("builtins", "eval"),
        ("__builtin__", "exec"),
        ("builtins", "getattr"),
        ("importlib", "import_module"),
        ("urllib.request", "urlopen"),
        ("shutil", "rmtree"),
        ("pickle", "loads"),
        ("torch", "load"),
        ("torch.hub", "load"),
        ("numpy.testing._private.utils", "runstring"),
        ("operator", "methodcaller"),
        ("cloudpickle.cloudpickle", "_make_function"),
        ("sklearn.utils", "os.system"),
        ("runpy", "_run_code"),
    ],
)
def test_what_no_model_needs(module: str, name: str) -> None:
    """Functions that run code, reach files or the network, or lead to such, are each named."""
    data = b"\x80\x04" + b"".join(b"\x8c" + bytes([len(text)]) + text.encode() for text in (module, name)) + b"\x93."
    assert [hazard.subject for hazard in _read(data).hazards] == [f"{module}.{name}"]


def test_a_name_that_can_not_be_seen() -> None:
    """Asking for something by a name that is only made while loading is a hazard too."""
    made = b"\x80\x04cbuiltins\nstr\n)R\x8c\x06system\x93."
    (hazard,) = _read(made).hazards
    assert hazard == Hazard("model.pkl", "asks for something by a name that only loading it would tell")


def test_damage_after_the_harm() -> None:
    """Who loads a pickle runs what comes before the damage, so that is told all the same."""
    found = _read(b"cos\nsystem\n(S'true'\ntR\xff")
    assert found.hazards[0] == Hazard("os.system", _COMMANDS)
    assert found.hazards[1].reason.endswith("nothing is known of the rest")


@pytest.mark.parametrize(
    "names", [("a/x", "b/data.pkl", "a/data.pkl"), ("b/data.pkl", "a/data.pkl"), ("a/data.pkl", "b/data.pkl")]
)
def test_no_pickle_of_an_archive_is_passed_over(names: tuple[str, ...]) -> None:
    """Of several that `torch.load` could take, each is followed, wherever it stands."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in names:
            archive.writestr(name, b"cos\nsystem\n(S'true'\ntR." if name == "a/data.pkl" else b"\x80\x04}.")
    found = inspect_blob(from_bytes("model.pt", packed.getvalue()))
    assert isinstance(found, Inspection)
    assert found.hazards == (Hazard("os.system", _COMMANDS),)


def test_a_wrapper_of_another_library() -> None:
    """The scikit-learn inside of a LightGBM classifier is a package that it needs, and not what made it."""
    inner = b"csklearn.a\nA\n)\x81}(X\x10\0\0\0_sklearn_versionX\x05\0\0\x001.9.1ub"
    found = _read(b"\x80\x04clightgbm.sklearn\nLGBMClassifier\n)\x81}(X\x03\0\0\0_le" + inner + b"ub.")
    assert (found.format, found.framework, found.packages) == ("lightgbm", None, (Framework("scikit-learn", "1.9.1"),))


def test_parts_of_several_versions() -> None:
    """An ensemble of estimators of different releases is pointed out."""
    state = b"\x80\x04csklearn.a\nA\n)\x81}(X\x10\0\0\0_sklearn_versionX\x05\0\0\0"
    (hazard,) = _read(state + b"1.6.1ub" + state[2:] + b"1.9.1ub\x86.").hazards
    assert hazard == Hazard("1.6.1, 1.9.1", "several versions of scikit-learn made its parts")


@pytest.mark.parametrize(
    "value",
    [{"a": [1, 2.5, None, True, b"x", {3}, frozenset((4,)), (5, 6, 7, 8)]}, OrderedDict(a=1), 10**400, "é" * 10, [[]]],
)
@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_plain_values(value: object, protocol: int) -> None:
    """All instructions of all protocols are understood: what Python itself writes is no damage and no hazard."""
    assert _read(pickle.dumps(value, protocol=protocol)).hazards == ()


@pytest.mark.parametrize(
    "data",
    [
        b"\x80\x04N" + b"2\x86" * 60 + b".",
        b"\x80\x04]\x94h\x00a.",
        b"\x80\x04cjoblib.numpy_pickle\nNumpyArrayWrapper\n)\x81}(X\x05\0\0\0dtypecnumpy\ndtype\nN"
        + b"2\x86" * 60
        + b"\x85RX\x05\0\0\0shapeK\x01\x85ub.",
    ],
    ids=["doubled sixty times", "holds itself", "doubled type"],
)
def test_values_that_explode_when_they_are_shown(data: bytes) -> None:
    """A few bytes may mean a value larger than the world: it is never written out."""
    assert _read(data).signature is None


@pytest.mark.parametrize("shape", [b"J\xff\xff\xff\xff", b"\x8a\x08" + b"\xff" * 7 + b"\x7f"], ids=["negative", "huge"])
def test_an_array_of_impossible_size(shape: bytes) -> None:
    """An array that would lead backwards or past the end is damage."""
    data = (
        b"\x80\x04cjoblib.numpy_pickle\nNumpyArrayWrapper\n)\x81}(X\x05\0\0\0dtypecnumpy\ndtype\nX\x02\0\0\0f8\x85R"
        b"X\x05\0\0\0shape" + shape + b"\x85ub."
    )
    (hazard,) = _read(data).hazards
    assert hazard.reason.endswith("nothing is known of the rest")


def test_a_pickle_without_end() -> None:
    """Reading stops at a number of instructions that no model needs."""
    assert inspect_blob(from_bytes("model.pkl", b"\x80\x04" + b"N" * 1_000_001)) == Unknown(
        "has more than 1000000 instructions"
    )
