"""Converts the model of a spec to ONNX, and writes the result only when it answers as the model itself does.

Both are asked the spec's examples and random rows, then timed at batches of 1, 32 and 1024 rows. Written are NAME.onnx,
NAME.int8.onnx where the spec asks for quantization, and NAME.report.json. Exits 1 and writes nothing when the model
can't be converted or the answers differ. It does not change what is served: at its end it says how to.

Needs what requirements.txt names. A pickle can run any code when it is loaded: convert only what you would serve.
"""

import argparse
import hashlib
import importlib.metadata
import json
import logging
import os
import platform
import sys
import tempfile
import warnings
from pathlib import Path

SPEC = {
    "name": "wine-grower",
    "project": "../../..",
    "file": "model/wine.joblib",
    "code": None,
    "script": False,
    "digest": "sha256:f6729bf31ce4527675d0fa727ad42a957545ab5433967fbe130acdf16cd8981e",
    "model": "wine-grower",
    "inputs": [{"name": "input", "datatype": "FP32", "shape": [-1, 13]}],
    "outputs": [{"name": "predict_proba", "datatype": "FP64", "shape": [-1, 3]}],
    "table": False,
    "opset": 20,
    "tolerance": {"absolute": 1e-05, "relative": 0.0001, "rows": 0.0},
    "quantization": None,
    "random": {"rows": 2000, "seed": 0, "missing": 0.1},
    "examples": [
        {
            "input": {
                "data": [
                    14.23,
                    1.71,
                    2.43,
                    15.6,
                    127.0,
                    2.8,
                    3.06,
                    0.28,
                    2.29,
                    5.64,
                    1.04,
                    3.92,
                    1065.0,
                ],
                "shape": [1, 13],
            },
        },
        {
            "input": {
                "data": [
                    12.33,
                    1.1,
                    2.28,
                    16.0,
                    101.0,
                    2.05,
                    1.09,
                    0.63,
                    0.41,
                    3.27,
                    1.25,
                    1.67,
                    680.0,
                    12.2,
                    3.03,
                    2.32,
                    19.0,
                    96.0,
                    1.25,
                    0.49,
                    0.4,
                    0.73,
                    5.5,
                    0.66,
                    1.83,
                    510.0,
                ],
                "shape": [2, 13],
            },
        },
    ],
    "threads": 1,
    "packages": [
        "scikit-learn",
        "skl2onnx",
        "joblib",
        "pandas",
        "onnx",
        "onnxruntime",
        "numpy",
        "protobuf",
    ],
}

sys.dont_write_bytecode = True  # what is beside this is compared with the spec
# Before any of them is imported: nothing is reported to anybody, and all sides get the threads that the server has.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), str(SPEC["threads"])))

import onnx  # noqa: E402
import onnx_face  # noqa: E402
import onnxruntime as ort  # noqa: E402
import parity  # noqa: E402
import source_model  # noqa: E402
import speed  # noqa: E402

PROJECT = Path(__file__).resolve().parent / SPEC["project"]
MOST = 600  # characters of a converter's message; one was 1.5 MB


def main():
    parser = argparse.ArgumentParser(description="Convert the model to ONNX, compare, measure and write.")
    parser.add_argument("--output", type=Path, default=PROJECT / "onnx", help="default: the folder onnx of the project")
    folder = parser.parse_args().output
    check_file()
    model = attempt("the model can't be loaded", source_model.load, PROJECT, SPEC)
    # What converters warn of from here on is their own doing; whether the result is right is measured.
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)

    def source(feed):
        return source_model.answer(model, feed, SPEC)

    answers = parity.asked(SPEC, source)
    files = {f"{SPEC['name']}.onnx": converted(model, answers)}
    if SPEC["quantization"]:
        whole = files[f"{SPEC['name']}.onnx"]
        files[f"{SPEC['name']}.int8.onnx"] = attempt("not quantized", onnx_face.quantized, whole)
    calls = {name: attempt(f"ONNX Runtime does not take {name}", runner, data) for name, data in files.items()}
    found = [compared(name, call, answers) for name, call in calls.items()]
    report = {
        "source": source_model.TITLE,
        "opset": SPEC["opset"],
        "threads": SPEC["threads"],
        "versions": versions(),
        "files": {name: {"digest": digest(data), "bytes": len(data)} for name, data in files.items()},
        "parity": dict(zip(files, found, strict=True)),
        "speed": speed.measured({source_model.TITLE: source, **calls}, answers, source=source_model.TITLE),
    }
    told = json.dumps(report, indent=2) + "\n"
    for name, data in {**files, f"{SPEC['name']}.report.json": told.encode()}.items():
        put(folder / name, data)
    print(*speed.lines(report["speed"], source=source_model.TITLE), sep="\n")
    print(*how_to_serve(folder / list(files)[-1], list(files.values())[-1]), sep="\n")


def attempt(otherwise, function, *given):
    """What the function gives. Whatever a library raises ends the program with a sentence, and not with a traceback."""
    try:
        return function(*given)
    except Exception as error:
        words = " ".join(str(error).split())
        more = f" ... ({len(words)} characters in all)" if len(words) > MOST else ""
        raise SystemExit(f"{otherwise}: {type(error).__name__}: {words[:MOST]}{more}") from None


def check_file():
    """Stops before anything is loaded that is not the file which the spec means."""
    path = PROJECT / SPEC["file"]
    if not path.is_file():
        raise SystemExit(f"{path} is not there")
    if SPEC["digest"] and digest(path.read_bytes()) != SPEC["digest"]:
        raise SystemExit(f"{path} is not the file that model.digest names")


def converted(model, answers):
    """The bytes of the ONNX file, its inputs and outputs those of the signature."""
    taken = next((one.feed for one in answers if one.answer), None)
    if taken is None:
        raise SystemExit(f"the model itself takes none of the examples and random rows: {answers[0].refusal}")
    inner, outputs = attempt("not converted", source_model.convert, model, SPEC, taken)
    return attempt("not converted", onnx_face.dressed, inner, outputs, SPEC)


def compared(name, call, answers):
    """How its answers differ from the model's own, for the report; stops when that is more than the spec allows."""
    tolerance = SPEC["quantization"] if name.endswith(".int8.onnx") else SPEC["tolerance"]
    found = parity.compared(answers, call, tolerance)
    print(f"{name} against {source_model.TITLE}", *parity.lines(found), sep="\n", end="\n\n", flush=True)
    if found["reason"]:
        raise SystemExit(f"{name} does not answer as the model does: {found['reason']}; nothing is written{parity.advice(found)}")
    return found


def runner(data):
    """A function that asks the ONNX model, with the threads of the server."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = SPEC["threads"]
    session = ort.InferenceSession(data, options, providers=["CPUExecutionProvider"])
    names = [node.name for node in session.get_outputs()]
    return lambda feed: dict(zip(names, session.run(names, feed), strict=True))


def digest(data):
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def versions():
    """What converted and compared: another version may do otherwise."""
    found = {name: importlib.metadata.version(name) for name in SPEC["packages"]}
    return {"python": platform.python_version(), **found}


def put(path, data):
    """The file as a whole or not at all; one that was there before is replaced."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=path.parent)
    try:
        with open(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(handle)
        os.chmod(draft, 0o644)
        os.replace(draft, path)
    except BaseException:
        os.unlink(draft)
        raise


def how_to_serve(path, data):
    """What to write into a spec that serves the result; JSON is YAML too."""
    uri = f"./{Path(os.path.relpath(path, PROJECT)).as_posix()}"
    graph = onnx.load_model_from_string(data).graph
    model = {"name": SPEC["model"], "format": "onnx", "uri": uri, "digest": digest(data)}
    sides = {"inputs": onnx_face.face(graph.input), "outputs": onnx_face.face(graph.output)}
    yield f"\n{uri} is written. To serve it, these take the place of `model`, `signature` and `optimize` in a spec:\n"
    yield "model:"
    yield from (f"  {key}: {json.dumps(value)}" for key, value in model.items())
    yield "signature:"
    for side, tensors in sides.items():
        yield f"  {side}:\n    tensors:"
        yield from (f"      - {json.dumps(tensor)}" for tensor in tensors)


if __name__ == "__main__":
    sys.exit(main())
