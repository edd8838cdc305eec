"""Writes input for a scorer, and reads what it published as its contract says: python batch_files.py COMMAND ..."""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.json
import pyarrow.parquet


def payments(count: int, seed: int) -> pa.Table:
    """So many payments, always the same for a seed."""
    rng = np.random.default_rng(seed)
    return pa.table(
        {
            "id": np.arange(count),
            "amount": rng.gamma(2, 80, count).round(2),
            "category": rng.integers(0, 12, count),
            "hour": rng.integers(0, 24, count),
            "day": rng.integers(0, 7, count),
        }
    )


def write(path: str, count: int, seed: int = 1, spoil: dict[str, Any] | None = None) -> None:
    """Writes payments; `spoil` says by column what is wrong: `null`, `text`, `absent`, or a value of the first row."""
    table = payments(count, seed)
    for name, how in (spoil or {}).items():
        index = table.column_names.index(name)
        values = table.column(name).to_pylist()
        if how == "absent":
            table = table.drop_columns([name])
        elif how == "text":
            table = table.set_column(index, name, pa.array([f"{value}!" for value in values]))
        else:
            values[0] = None if how == "null" else how
            text = isinstance(how, str) and how != "null"
            table = table.set_column(index, name, pa.array([str(v) for v in values] if text else values))
    file = Path(path)
    file.parent.mkdir(parents=True, exist_ok=True)
    if file.suffix == ".csv":
        pyarrow.csv.write_csv(table, file)
    elif file.suffix == ".jsonl":
        file.write_text("".join(f"{json.dumps(row)}\n" for row in table.to_pylist()))
    else:
        pyarrow.parquet.write_table(table, file, row_group_size=max(1, count // 4))


def read(folder: str) -> dict[str, Any]:
    """The manifest of a folder, the rows of the files that it lists, and the names of all that lies there."""
    place = Path(folder)
    manifest = json.loads((place / "_manifest.json").read_text())
    rows: list[dict[str, Any]] = []
    for file in manifest["files"]:
        path = place / file["name"]
        assert hashlib.sha256(path.read_bytes()).hexdigest() == file["sha256"], path
        readers = {
            ".parquet": pyarrow.parquet.read_table,
            ".csv": pyarrow.csv.read_csv,
            ".jsonl": pyarrow.json.read_json,
        }
        table = readers[path.suffix](path)
        assert len(table) == file["rows"]
        rows += table.to_pylist()
    return {"manifest": manifest, "rows": rows, "names": sorted(path.name for path in place.iterdir())}


def truth(kind: str, model: str, count: int, seed: int = 1) -> dict[str, Any]:
    """What the library itself says of payments: classes and, for each row, the probability of the second."""
    table = payments(count, seed).drop_columns(["id"]).to_pandas()
    if kind == "onnx":
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # with more, trees are summed in another order
        session = onnxruntime.InferenceSession(model, options)
        label, probabilities = session.run(None, {"input": table.to_numpy("float32")})
        return {"prediction": label.tolist(), "probability": probabilities[:, 1].tolist()}
    if kind == "sklearn":
        import joblib

        found = joblib.load(model)
    elif kind == "xgboost":
        import xgboost

        found = xgboost.XGBClassifier()
        found.load_model(model)
    elif kind == "lightgbm":
        import lightgbm

        output = lightgbm.Booster(model_file=model).predict(table)
        return {"prediction": (output >= 0.5).astype(int).tolist(), "probability": output.tolist()}
    else:
        import mlflow

        found = mlflow.sklearn.load_model(model)
    return {"prediction": found.predict(table).tolist(), "probability": found.predict_proba(table)[:, 1].tolist()}


def train(folder: str) -> None:
    """Saves a classifier of payments in each format that its library has."""
    import joblib
    import lightgbm
    import mlflow
    import xgboost
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.linear_model import LogisticRegression

    table = payments(2000, 3).drop_columns(["id"]).to_pandas()
    labels = ((table["amount"] > 150) & (table["hour"] < 12)).astype(int)
    place = Path(folder)
    place.mkdir(parents=True)
    joblib.dump(RandomForestClassifier(20, max_depth=5, random_state=1).fit(table, labels), place / "forest.joblib")
    xgboost.XGBClassifier(n_estimators=15, max_depth=3).fit(table, labels).save_model(place / "classifier.json")
    trees = lightgbm.LGBMClassifier(n_estimators=15, max_depth=3, verbose=-1).fit(table, labels)
    trees.booster_.save_model(place / "booster.txt")
    mlflow.sklearn.save_model(LogisticRegression(max_iter=1000).fit(table, labels), place / "mlflow")


def train_odd(folder: str) -> None:
    """Saves log.onnx, which gives NaN for small amounts, three.joblib, which tells three classes apart, and of XGBoost
    stopped.json, whose last trees are not its best, linear.json, and labels.json, of three labels."""
    import joblib
    import onnx
    import xgboost
    from onnx import helper, numpy_helper
    from sklearn.linear_model import LogisticRegression

    place = Path(folder)
    place.mkdir(parents=True)
    table = payments(2000, 3).drop_columns(["id"]).to_pandas()
    joblib.dump(LogisticRegression(max_iter=1000).fit(table, table["day"] % 3), place / "three.joblib")
    late = np.random.default_rng(1).random(2000) < table["hour"] / 24
    trees = xgboost.XGBClassifier(n_estimators=200, early_stopping_rounds=20, learning_rate=0.9)
    trees.fit(table[:1500], late[:1500], eval_set=[(table[1500:], late[1500:])], verbose=False)
    trees.save_model(place / "stopped.json")
    xgboost.XGBClassifier(booster="gblinear").fit(table, late).save_model(place / "linear.json")
    labels = np.stack([late, ~late, table["amount"] > 50], axis=1)
    xgboost.XGBClassifier(n_estimators=5).fit(table, labels).save_model(place / "labels.json")
    shapes = (("input", ["rows", 4]), ("output", ["rows", 1]))
    given, got = (helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, shape) for name, shape in shapes)
    steps = [("MatMul", ["input", "first"], "a"), ("Sub", ["a", "most"], "b"), ("Log", ["b"], "output")]
    weights = [
        numpy_helper.from_array(np.array([[1], [0], [0], [0]], np.float32), "first"),
        numpy_helper.from_array(np.array([100], np.float32), "most"),
    ]
    nodes = [helper.make_node(kind, names, [name]) for kind, names, name in steps]
    graph = helper.make_graph(nodes, "made", [given], [got], weights)
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), place / "log.onnx")


def published_twice(scorer: str, folder: str) -> list[list[str]]:
    """Publishes as on object storage what two runs have, and begins a third: what a scorer reads of it before each is
    published, and of the third alone where that is named."""
    sys.path.insert(0, scorer)
    from scorer.publishing import Bucket
    from scorer.storage import Place

    def place(below: str = "") -> Any:
        return Place(f"file://{folder}/scores{below}", ".", None)

    def files(there: Any) -> list[str]:
        return [file.path.removeprefix(folder) for file in there.files()]

    read = []
    for name in ("first", "second", "third"):
        run = Bucket(place(), name)
        run.clear()
        run.put("part-00000.jsonl", {"name": name})
        read.append(files(place()))
        if name != "third":
            run.publish()
    return [*read, files(place("/runs/third"))]


def main() -> None:
    """Runs a function of this module on arguments in JSON, and prints what it gives back."""
    name, *given = sys.argv[1:]
    print(json.dumps(globals()[name](*(json.loads(item) for item in given)), default=str))


if __name__ == "__main__":
    main()
