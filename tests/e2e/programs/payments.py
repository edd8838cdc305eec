"""Writes two Parquet files with 500 payments each into a folder; the same ones every time."""

import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

folder = Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
generator, rows = np.random.default_rng(0), 500
for index in range(2):
    columns = {
        "payment_id": np.arange(rows) + index * rows,
        "amount": generator.gamma(2, 50, rows).astype("float32"),
        "category": generator.integers(0, 12, rows).astype("float32"),
        "hour": generator.integers(0, 24, rows).astype("float32"),
        "day": generator.integers(0, 7, rows).astype("float32"),
    }
    pq.write_table(pa.table(columns), folder / f"{index}.parquet", row_group_size=200)
