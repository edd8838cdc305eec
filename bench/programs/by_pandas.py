"""The textbook's script, mended so that it runs: by_pandas.py MODEL INPUT OUTPUT"""

import sys

import pandas as pd

model, source, target = sys.argv[1:]
frame = pd.read_parquet(source)
if model.endswith(".onnx"):
    import onnxruntime

    session = onnxruntime.InferenceSession(model)
    label, probabilities = session.run(None, {"input": frame.to_numpy("float32")})
else:
    import joblib

    forest = joblib.load(model)
    label, probabilities = forest.predict(frame.to_numpy("float32")), forest.predict_proba(frame.to_numpy("float32"))
frame["fraud"], frame["p"] = label, probabilities[:, 1]
frame["at"], frame["v"] = pd.Timestamp("2026-01-06", tz="UTC"), "1.0"
frame.to_parquet(target)
