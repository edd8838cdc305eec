"""Exports a Keras model as the SavedModel that TensorFlow Serving loads, its inputs and outputs named by the signature.

    python export.py MODEL.keras FOLDER/VERSION

Needs TensorFlow with Keras 3. What Keras exports by itself bears names that change from one run to the next.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import keras
import tensorflow as tf

SPEC: dict[str, Any] = {{ spec }}


def main() -> None:
    """Export the model, load what was written, and compare both."""
    parser = argparse.ArgumentParser(description="Export a Keras model for TensorFlow Serving.")
    parser.add_argument("model", type=Path, help="the .keras file")
    parser.add_argument("folder", type=Path, help="the folder of the version, which must not exist")
    arguments = parser.parse_args()
    folder: Path = arguments.folder
    if not (folder.name.isascii() and folder.name.isdigit() and folder.name == str(int(folder.name))):
        parser.error(f"{folder.name!r} is no version: TensorFlow Serving loads folders that are whole numbers")
    if folder.exists():
        parser.error(f"{folder} exists: a version is never written twice")
    model = keras.models.load_model(arguments.model, compile=False)
    export(model, folder)
    check(model, folder)
    print(f"{folder}: {', '.join(SPEC['inputs'])} -> {', '.join(SPEC['outputs'])}")


def export(model: Any, folder: Path) -> None:
    """Write the SavedModel; its one endpoint is the one that is served."""
    specs = [tf.TensorSpec(item["shape"], item["dtype"], name=name) for name, item in SPEC["inputs"].items()]

    @tf.function(input_signature=specs)
    def serve(*tensors: Any) -> dict[str, Any]:
        return answer(model, dict(zip(SPEC["inputs"], tensors, strict=True)))

    archive = keras.export.ExportArchive()
    archive.track(model)
    archive.add_endpoint("serving_default", serve)
    archive.write_out(str(folder), verbose=False)


def answer(model: Any, tensors: dict[str, Any]) -> dict[str, Any]:
    """What the model says, under the names of the signature."""
    found = model(shaped(model, tensors), training=False)
    if isinstance(found, dict):
        return {name: found[name] for name in SPEC["outputs"]}
    several = list(found) if isinstance(found, list | tuple) else [found]
    return {name: tf.identity(one, name=name) for name, one in zip(SPEC["outputs"], several, strict=True)}


def shaped(model: Any, tensors: dict[str, Any]) -> Any:
    """The tensors as the model was built to take them: by name, or by place one or several."""
    names = {tensor.name for tensor in getattr(model, "inputs", None) or ()}
    if isinstance(getattr(model, "input", None), dict) or (len(tensors) > 1 and names == set(tensors)):
        return tensors
    return list(tensors.values()) if len(tensors) > 1 else next(iter(tensors.values()))


def check(model: Any, folder: Path) -> None:
    """Stop when what was written has other names, types or shapes than the signature, or answers otherwise."""
    endpoint = tf.saved_model.load(str(folder)).signatures["serving_default"]
    sides = {"inputs": endpoint.structured_input_signature[1], "outputs": endpoint.structured_outputs}
    for side, tensors in sides.items():
        found = {name: {"dtype": one.dtype.name, "shape": one.shape.as_list()} for name, one in tensors.items()}
        if found != SPEC[side]:
            raise SystemExit(f"the model's {side} are {found}, and the signature says {SPEC[side]}")
    zeros = {
        name: tf.zeros([size or 1 for size in item["shape"]], item["dtype"]) for name, item in SPEC["inputs"].items()
    }
    wanted = answer(model, zeros)
    for name, value in endpoint(**zeros).items():
        tf.debugging.assert_near(value, wanted[name], message=f"{name} is not what the model itself answers")


if __name__ == "__main__":
    main()
