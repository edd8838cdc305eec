"""Which of a PyTorch model's files is which."""

from __future__ import annotations

from servespec.deployment.layout import PytorchLayout, model_file, model_files, pytorch_layout
from servespec.deployment.types import Handler, Model
from servespec.facts import Facts, FileFact, Kind


def _model(**more: object) -> Model:
    given: dict[str, object] = {
        **{"name": "m", "format": "pytorch", "uri": "model", "version": "1.0", "digest": None},
        **{"framework": None, "code": None, "handler": None, "extra_files": ()},
        **more,
    }
    return Model(**given)  # type: ignore[arg-type]


def _facts(*names: str, torchscript: bool = False) -> Facts:
    files = {f"model/{name}": FileFact(f"model/{name}", Kind.FILE, torchscript=torchscript) for name in names}
    return Facts({"model": FileFact("model", Kind.FOLDER, children=tuple(sorted(names))), **files})


def test_a_folder_with_a_state_dict() -> None:
    """Weights, code and handler are found by their names."""
    layout = pytorch_layout(_model(), _facts("model.py", "w.pt", "handler.py", "notes.txt"))
    assert layout == PytorchLayout("model/w.pt", False, "model/model.py", "model/handler.py", ("model/w.pt",))


def test_a_folder_with_torchscript() -> None:
    """TorchScript brings its own code, so that no model.py is needed."""
    layout = pytorch_layout(_model(), _facts("w.pt", torchscript=True))
    assert layout == PytorchLayout("model/w.pt", True, None, None, ("model/w.pt",))


def test_code_beside_torchscript() -> None:
    """A model.py decides how `pytorch` is read; the format `torchscript` has no use for one."""
    facts = _facts("model.py", "w.pt", torchscript=True)
    layout = pytorch_layout(_model(), facts)
    assert (layout.code, layout.torchscript) == ("model/model.py", False)
    layout = pytorch_layout(_model(format="torchscript"), facts)
    assert (layout.code, layout.torchscript) == (None, True)


def test_code_that_is_named_counts() -> None:
    """Whoever names the code of the model wants it used, whatever the weights look like."""
    layout = pytorch_layout(_model(code="net.py"), _facts("model.py", "w.pt", torchscript=True))
    assert (layout.code, layout.torchscript) == ("net.py", False)


def test_two_files_of_weights() -> None:
    """With two candidates none is taken: the choice is the user's."""
    layout = pytorch_layout(_model(), _facts("a.pt", "b.pth", "model.py"))
    assert (layout.weights, layout.weights_found) == (None, ("model/a.pt", "model/b.pth"))


def test_a_folder_without_weights() -> None:
    """Weights that are not there yet do not hide the code."""
    layout = pytorch_layout(_model(), _facts("model.py"))
    assert (layout.weights, layout.code) == (None, "model/model.py")


def test_one_file() -> None:
    """A uri that is a file is the weights; nothing beside it is guessed."""
    facts = Facts({"model/w.pt": FileFact("model/w.pt", Kind.FILE, torchscript=True)})
    layout = pytorch_layout(_model(uri="model/w.pt"), facts)
    assert layout == PytorchLayout("model/w.pt", True, None, None, ("model/w.pt",))


def test_a_file_that_is_absent_is_still_named() -> None:
    """Scripts are made for weights that come later."""
    layout = pytorch_layout(_model(uri="model/w.pt", format="torchscript"), Facts())
    assert (layout.weights, layout.torchscript) == ("model/w.pt", True)


def test_a_handler_that_is_named_beats_one_that_is_found() -> None:
    """The spec has the last word."""
    layout = pytorch_layout(_model(handler=Handler("mine.py", None, {})), _facts("w.pt", "handler.py"))
    assert layout.handler == "mine.py"


def test_a_folder_named_like_weights_is_none() -> None:
    """`old.pt/` is no file of weights, though its name ends like one."""
    layout = pytorch_layout(_model(), Facts({"model": FileFact("model", Kind.FOLDER, children=("old.pt/", "w.pt"))}))
    assert layout.weights == "model/w.pt"


def test_the_project_folder_itself() -> None:
    """Beside the spec, files are called as they were looked at: without `./` before them."""
    files = {name: FileFact(name, Kind.FILE) for name in ("w.pt", "model.py", "handler.py")}
    facts = Facts({".": FileFact(".", Kind.FOLDER, children=tuple(sorted(files))), **files})
    layout = pytorch_layout(_model(uri="."), facts)
    assert (layout.weights, layout.code, layout.handler) == ("w.pt", "model.py", "handler.py")


def test_a_model_of_another_format() -> None:
    """Its file is told by the end of its name; code and handlers beside it are nobody's."""
    facts, model = _facts("model.onnx", "model.onnx.data", "model.py", "handler.py"), _model(format="onnx")
    assert model_file(model, facts) == "model/model.onnx"
    layout = pytorch_layout(model, facts)
    assert (layout.weights, layout.code, layout.handler) == ("model/model.onnx", None, None)


def test_a_model_file_that_is_named_or_missing() -> None:
    """A named file is it, whatever its name; in a folder without one the name of a default stands in."""
    assert model_files(_model(format="sklearn", uri="m.pickle"), Facts()) == ("m.pickle",)
    assert model_file(_model(format="sklearn"), _facts("notes.txt")) == "model/model.joblib"
    assert model_files(_model(format="xgboost"), _facts("a.json", "b.ubj", "c.txt")) == ("model/a.json", "model/b.ubj")
