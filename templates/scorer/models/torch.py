"""A PyTorch model: TorchScript, or a state dict with the file of its class."""

import os

os.environ["OMP_NUM_THREADS"] = "1"  # read when torch is imported; it holds for threads that are not torch's own too

import importlib.util  # noqa: E402
import sys  # noqa: E402

import torch  # noqa: E402

from scorer.failure import MODEL, Failure  # noqa: E402
from scorer.outcome import outcome  # noqa: E402


class Model:
    concurrent = True

    def __init__(self, path, *, threads, settings):
        torch.set_num_threads(1)
        self._datatype = settings["datatype"]
        self._model = torch.jit.load(path, map_location="cpu") if settings["code"] is None else _eager(path, settings)
        self._model.eval()

    def predict(self, features, *, wanted):
        """Prediction and probability of each row."""
        rows = torch.from_numpy(features.matrix(self._datatype))
        with torch.inference_mode():
            output = self._model(rows)
        arrays = output if isinstance(output, tuple | list) else [output]
        return outcome([array.numpy() for array in arrays], both=len(wanted) == 2)


def _eager(path, settings):
    """The class of the code's file, with the weights in it: as TorchServe does it, the file's only class of its own."""
    code = os.path.join(os.path.dirname(path), settings["code"])
    sys.path.insert(0, os.path.dirname(code))
    spec = importlib.util.spec_from_file_location(os.path.splitext(os.path.basename(code))[0], code)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    classes = [
        item
        for item in vars(module).values()
        if isinstance(item, type) and issubclass(item, torch.nn.Module) and item.__module__ == spec.name
    ]
    if not classes:
        raise Failure(MODEL, f"{code} has no class of a model")
    model = classes[-1]()
    model.load_state_dict(torch.load(path, map_location="cpu", weights_only=True))
    return model
