"""Makes the models of `tests/inspection/models` with the libraries themselves.

The tests read the models without any of these. To make them again, in an environment of its own:

    pip install torch==2.13.0 onnx skl2onnx scikit-learn==1.9.1 joblib skops xgboost lightgbm mlflow-skinny safetensors \
        torch-model-archiver
    python tests/inspection/make_models.py

and for the SavedModel, since tensorflow may want other versions of the same packages:

    pip install tensorflow-cpu
    python tests/inspection/make_models.py tensorflow
"""

from __future__ import annotations

import gzip
import pickle
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

MODELS = Path(__file__).parent / "models"
FEATURES = ["amount", "hour", "age", "distance"]


def sklearn_models() -> None:
    """A pipeline as pickle, by joblib in two ways, by skops, and as ONNX."""
    import joblib
    import numpy as np
    import pandas as pd
    import skops.io
    from skl2onnx import to_onnx
    from skl2onnx.common.data_types import FloatTensorType
    from sklearn.ensemble import GradientBoostingClassifier
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    draw = np.random.default_rng(0)
    rows, labels = draw.normal(size=(40, 4)), np.arange(40) % 2
    table = pd.DataFrame(rows, columns=FEATURES)
    scaled = make_pipeline(StandardScaler(), LogisticRegression()).fit(table, labels)
    trees = GradientBoostingClassifier(n_estimators=3, max_depth=2, random_state=0).fit(rows, labels)
    (MODELS / "pipeline.pkl").write_bytes(pickle.dumps(scaled))
    for protocol in (0, 2, 5):
        (MODELS / f"pipeline-{protocol}.pkl").write_bytes(pickle.dumps(scaled, protocol=protocol))
    joblib.dump(scaled, MODELS / "pipeline.joblib")
    joblib.dump(trees, MODELS / "trees.joblib")
    for method in ("zlib", "gzip", "bz2", "lzma", "xz"):
        joblib.dump(trees, MODELS / f"trees-{method}.joblib", compress=(method, 3))
    skops.io.dump(scaled, MODELS / "pipeline.skops", compression=8)
    converted = to_onnx(
        scaled, initial_types=[("input", FloatTensorType([None, 4]))], target_opset=17, options={"zipmap": False}
    )
    (MODELS / "pipeline.onnx").write_bytes(converted.SerializeToString())
    mapped = to_onnx(scaled, initial_types=[("input", FloatTensorType([None, 4]))], target_opset=17)
    (MODELS / "zipmap.onnx").write_bytes(mapped.SerializeToString())


def picking_models() -> None:
    """Pipelines that use two of the columns that they were fitted on, one of them found by a search."""
    import numpy as np
    import pandas as pd
    import skops.io
    from sklearn.compose import ColumnTransformer
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GridSearchCV
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    draw = np.random.default_rng(0)
    rows, labels = draw.normal(size=(40, 4)), np.arange(40) % 2
    table = pd.DataFrame(rows, columns=FEATURES)
    picked = make_pipeline(ColumnTransformer([("scaled", StandardScaler(), FEATURES[:2])]), LogisticRegression())
    (MODELS / "picking.pkl").write_bytes(pickle.dumps(picked.fit(table, labels)))
    skops.io.dump(picked, MODELS / "picking.skops", compression=8)
    searched = GridSearchCV(picked, {"logisticregression__C": [1.0]}, cv=2).fit(table, labels)
    (MODELS / "searched.pkl").write_bytes(pickle.dumps(searched))
    positions = make_pipeline(ColumnTransformer([("scaled", StandardScaler(), [0, 1])]), LogisticRegression())
    (MODELS / "positions.pkl").write_bytes(pickle.dumps(positions.fit(rows, labels)))


def text_model() -> None:
    """A pipeline that takes texts, and so has no number of features."""
    import skops.io
    from sklearn.feature_extraction.text import HashingVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    pipeline = make_pipeline(HashingVectorizer(n_features=8), LogisticRegression()).fit(["a b", "c d"], [0, 1])
    skops.io.dump(pipeline, MODELS / "text.skops", compression=8)


def boosted_models() -> None:
    """The same table by XGBoost as JSON and UBJSON, and by LightGBM as text."""
    import lightgbm
    import numpy as np
    import xgboost

    draw = np.random.default_rng(0)
    rows, labels = draw.normal(size=(200, 4)).astype("float32"), np.arange(200) % 2
    data = xgboost.DMatrix(rows, labels, feature_names=FEATURES)
    booster = xgboost.train({"objective": "binary:logistic", "max_depth": 2}, data, num_boost_round=3)
    booster.save_model(MODELS / "booster.json")
    booster.save_model(MODELS / "booster.ubj")
    plain = lightgbm.train(
        {"objective": "binary", "num_leaves": 4, "verbose": -1},
        lightgbm.Dataset(rows, labels, feature_name=FEATURES),
        num_boost_round=3,
    )
    plain.save_model(MODELS / "lightgbm.txt")


def onnx_models() -> None:
    """A network whose weights lie in a second file, and one that names a file elsewhere."""
    import numpy as np
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    weights = numpy_helper.from_array(np.ones((4, 1), "float32"), "weights")
    graph = helper.make_graph(
        [helper.make_node("MatMul", ["x", "weights"], ["y"])],
        "net",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["batch", 4])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["batch", 1])],
        [weights],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    onnx.save(model, MODELS / "external.onnx", save_as_external_data=True, location="external.bin", size_threshold=0)
    text = (MODELS / "external.onnx").read_bytes()
    (MODELS / "outside.onnx").write_bytes(text.replace(b"external.bin", b"../../passwd"))


def torch_models() -> None:
    """A network as state dict (both containers), whole, as TorchScript and as safetensors, and in an archive."""
    import torch
    from safetensors.torch import save_file

    torch.manual_seed(0)
    network = torch.nn.Sequential(torch.nn.Linear(4, 3), torch.nn.ReLU(), torch.nn.Linear(3, 1))
    torch.save(network.state_dict(), MODELS / "state.pt")
    torch.save(network.state_dict(), MODELS / "state-legacy.pt", _use_new_zipfile_serialization=False)
    torch.save(network, MODELS / "whole.pt")
    torch.jit.script(network).save(MODELS / "script.pt")
    _without_sources(MODELS / "script.pt")
    save_file(network.state_dict(), MODELS / "network.safetensors", metadata={"format": "pt"})
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "model.py").write_text("import torch\n\n\nclass Net(torch.nn.Sequential):\n    pass\n")
        (folder / "handler.py").write_text("def handle(data, context):\n    return data\n")
        (folder / "model-config.yaml").write_text("minWorkers: 1\nbatchSize: 8\n")
        arguments = (
            f"--model-name fraud --version 2.0 --model-file {folder}/model.py --serialized-file {MODELS}/state.pt "
            f"--handler {folder}/handler.py --config-file {folder}/model-config.yaml --export-path {MODELS} --force"
        )
        subprocess.run(["torch-model-archiver", *arguments.split()], check=True)


def _without_sources(path: Path) -> None:
    """Take out where on this machine each line of a TorchScript came from; it loads without."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist() if not name.endswith(".debug_pkl")}
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data)


def mlflow_models() -> None:
    """A table's model and a tensor's, as MLflow saves them."""
    import mlflow.sklearn
    import numpy as np
    import pandas as pd
    from mlflow.models import infer_signature
    from sklearn.linear_model import LogisticRegression

    draw = np.random.default_rng(0)
    rows, labels = draw.normal(size=(40, 4)), np.arange(40) % 2
    table = pd.DataFrame(rows, columns=FEATURES)
    for name, data in (("mlflow-columns", table), ("mlflow-tensor", rows.astype("float32"))):
        model = LogisticRegression().fit(data, labels)
        mlflow.sklearn.save_model(
            model,
            MODELS / name,
            signature=infer_signature(data, model.predict(data), params={"threshold": 0.5}),
            serialization_format="cloudpickle",
            pip_requirements=["scikit-learn==1.9.1", "numpy>=2", "cloudpickle==3.1.2"],
        )


def other_files() -> None:
    """A Triton configuration, and pickles that would write a file when they were loaded."""
    (MODELS / "triton" / "1").mkdir(parents=True, exist_ok=True)
    (MODELS / "triton" / "config.pbtxt").write_text(_TRITON)
    (MODELS / "triton" / "1" / "model.onnx").write_bytes((MODELS / "pipeline.onnx").read_bytes())
    bad = b"cos\nsystem\n(S'touch executed'\ntR."
    (MODELS / "malicious.pkl").write_bytes(bad)
    (MODELS / "malicious-cut.pkl").write_bytes(bad[:-1])
    (MODELS / "malicious.pkl.gz").write_bytes(gzip.compress(bad, mtime=0))


_TRITON = """\
# Read by a person first.
name: "fraud"
backend: 'onnxruntime'
max_batch_size: 32
input [
  { name: "input", data_type: TYPE_FP32, dims: [ 4 ] }
]
output [
  { name: "label", data_type: TYPE_INT64, dims: [ 1 ] reshape: { shape: [ ] } },
  { name: "probabilities"; data_type: TYPE_FP32; dims: [ -1, 2 ] }
]
dynamic_batching { max_queue_delay_microseconds: 500 }
instance_group < kind: KIND_CPU count: 2 >
parameters { key: "intra_op_thread_count" value { string_value: "1" ' 2' } }
"""


def tensorflow_models() -> None:
    """A SavedModel in two versions, with two signatures, beside a folder that is no version."""
    import tensorflow as tf

    class Net(tf.Module):
        def __init__(self) -> None:
            self.weights = tf.Variable(tf.ones((4, 1)))

        @tf.function(input_signature=[tf.TensorSpec((None, 4), tf.float32, name="features")])
        def score(self, features: tf.Tensor) -> dict[str, tf.Tensor]:
            return {"score": tf.linalg.matmul(features, self.weights)}

        @tf.function(input_signature=[tf.TensorSpec((None,), tf.string, name="text")])
        def count(self, text: tf.Tensor) -> dict[str, tf.Tensor]:
            return {"length": tf.strings.length(text)}

    net = Net()
    for version in ("1", "12", "v2"):
        folder = MODELS / "tensorflow" / version
        signatures = {"serving_default": net.score, "count": net.count}
        tf.saved_model.save(net, str(folder), signatures=signatures)
        for other in (folder / "fingerprint.pb", *(folder / "variables").iterdir()):
            other.unlink()
        (folder / "variables").rmdir()
        (folder / "assets").rmdir()


def main() -> None:
    """Make all of them, or the one of tensorflow."""
    MODELS.mkdir(exist_ok=True)
    if sys.argv[1:] == ["tensorflow"]:
        return tensorflow_models()
    for make in (
        sklearn_models,
        picking_models,
        text_model,
        boosted_models,
        onnx_models,
        torch_models,
        mlflow_models,
        other_files,
    ):
        make()
    return None


if __name__ == "__main__":
    main()
