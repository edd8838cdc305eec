"""Writes payments as Parquet, and a forest that was trained on some: payments.py FOLDER ROWS..."""

import sys
from pathlib import Path

import joblib
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from sklearn.ensemble import RandomForestClassifier

_GROUP = 500_000


def table(rng, rows):
    """So many payments of four features."""
    return pa.table(
        {
            "amount": rng.gamma(2, 80, rows),
            "category": rng.integers(0, 12, rows).astype(float),
            "hour": rng.integers(0, 24, rows).astype(float),
            "day": rng.integers(0, 7, rows).astype(float),
        }
    )


folder, rng = Path(sys.argv[1]), np.random.default_rng(1)
for rows in map(int, sys.argv[2:]):
    path = folder / "in" / str(rows) / "part.parquet"
    path.parent.mkdir(parents=True)
    with pq.ParquetWriter(path, table(rng, 0).schema) as writer:
        for start in range(0, rows, _GROUP):
            writer.write_table(table(rng, min(_GROUP, rows - start)))
sample = table(rng, 5000).to_pandas()
labels = (sample["amount"] > 200) & (sample["hour"] < 8)
forest = RandomForestClassifier(random_state=1).fit(sample.to_numpy("float32"), labels)
joblib.dump(forest, folder / "forest.joblib")
