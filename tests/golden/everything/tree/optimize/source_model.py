"""The model of PyTorch: a class and its weights, or TorchScript, which brings its own code; exported by torch.onnx."""

import importlib.util
import inspect
import io
import sys

import numpy as np
import onnx
import torch
from onnx_face import MATRIX

TITLE = "PyTorch"
CODE = "model_code"


def load(project, spec):
    """The model, as TorchServe loads it."""
    torch.set_num_threads(spec["threads"])
    path = project / spec["file"]
    if spec["script"]:
        return torch.jit.load(path, map_location="cpu").eval()
    model = the_class(project / spec["code"])()
    model.load_state_dict(torch.load(path, map_location="cpu", weights_only=True))
    return model.eval()


def the_class(path):
    """The one class that the file of the model's code defines."""
    sys.path.append(str(path.parent))
    found = importlib.util.spec_from_file_location(CODE, path)
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    classes = [item for _, item in inspect.getmembers(module, inspect.isclass) if item.__module__ == CODE]
    if len(classes) != 1:
        raise SystemExit(f"{path} defines {len(classes)} classes, and just one is the model's")
    return classes[0]


def tensors(feed, spec):
    """The feed as the model takes it: tensors by place, the columns of a table side by side in one."""
    arrays = list(feed.values())
    if spec["table"]:
        arrays = [np.hstack([array.reshape(-1, 1) for array in arrays]).astype(arrays[0].dtype)]
    return tuple(torch.from_numpy(array) for array in arrays)


def several(found):
    """The outputs as a list, however many there are."""
    if isinstance(found, dict):
        return list(found.values())
    return list(found) if isinstance(found, tuple | list) else [found]


def names(count, spec):
    """The names of the outputs: those of the signature, else their numbers."""
    named = [item["name"] for item in spec["outputs"]]
    if named and len(named) != count:
        raise ValueError(f"the model gives {count} outputs, and the signature names {len(named)}")
    return named or (["output"] if count == 1 else [f"output_{number}" for number in range(count)])


def answer(model, feed, spec):
    """What the model gives, by name."""
    with torch.inference_mode():
        found = [item.numpy() for item in several(model(*tensors(feed, spec)))]
    return dict(zip(names(len(found), spec), found, strict=True))


def convert(model, spec, feed):
    """The ONNX model, and which of its outputs is which."""
    given = tensors({name: np.repeat(array[:1], 2, axis=0) for name, array in feed.items()}, spec)
    free = {item["name"]: [place for place, size in enumerate(item["shape"]) if size == -1] for item in spec["inputs"]}
    if spec["table"]:
        free = {MATRIX: [0]}
    export = scripted if spec["script"] else exported
    converted = export(model, given, free, spec["opset"])
    found = names(len(converted.graph.output), spec)
    return converted, {name: (number, None) for number, name in enumerate(found)}


def exported(model, given, free, opset):
    """By torch.export, in one file: the batch and other free sizes stay free."""
    program = torch.onnx.export(
        model,
        given,
        dynamo=True,
        external_data=False,
        opset_version=opset,
        input_names=list(free),
        dynamic_shapes=tuple(dict.fromkeys(places, torch.export.Dim.AUTO) for places in free.values()),
        verbose=False,
    )
    return program.model_proto


def scripted(model, given, free, opset):
    """By the older exporter, the only one that takes TorchScript."""
    with torch.inference_mode():
        outputs = [f"output_{number}" for number in range(len(several(model(*given))))]
    file = io.BytesIO()
    torch.onnx.export(
        model,
        given,
        file,
        dynamo=False,
        opset_version=opset,
        input_names=list(free),
        output_names=outputs,
        dynamic_axes={**{name: list(places) for name, places in free.items()}, **{name: [0] for name in outputs}},
    )
    return onnx.load_model_from_string(file.getvalue())
