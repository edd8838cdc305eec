"""Reading, predicting and writing by hand, as fast as it is simple: by_arrow.py MODEL INPUT OUTPUT"""

import datetime as dt
import sys

import numpy as np
import onnxruntime
import pyarrow as pa
import pyarrow.parquet as pq

model, source, target = sys.argv[1:]
session, writer = onnxruntime.InferenceSession(model), None
at = pa.scalar(dt.datetime(2026, 1, 6, tzinfo=dt.UTC), pa.timestamp("us", "UTC"))
for batch in pq.ParquetFile(source).iter_batches(batch_size=65536):
    rows = np.stack([column.to_numpy() for column in batch.columns], axis=1).astype("float32")
    label, probabilities = session.run(None, {"input": rows})
    added = {"fraud": label, "p": probabilities[:, 1], "at": pa.repeat(at, len(rows)), "v": pa.repeat("1.0", len(rows))}
    result = pa.RecordBatch.from_pydict({**dict(zip(batch.schema.names, batch.columns, strict=True)), **added})
    writer = writer or pq.ParquetWriter(target, result.schema)
    writer.write_batch(result)
writer.close()
