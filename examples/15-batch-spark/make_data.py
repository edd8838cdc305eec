"""Makes a month of payments, always the same for a month: python make_data.py 2026-01 [ROWS]"""

import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

_FILES = 8


def main() -> None:
    """Writes some Parquet files."""
    month, rows = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 40_000
    rng = np.random.default_rng(int(month.replace("-", "")))
    payments = pa.table(
        {
            "payment_id": [f"{month}-{number:09d}" for number in range(rows)],
            "amount": rng.gamma(2, 80, rows).round(2),
            "category_encoded": rng.integers(0, 12, rows),
            "hour": rng.integers(0, 24, rows),
            "day_of_week": rng.integers(0, 7, rows),
        }
    )
    folder, size = Path("data/payments") / month, -(-rows // _FILES)
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(_FILES):
        pq.write_table(payments.slice(number * size, size), folder / f"part-{number}.parquet")


if __name__ == "__main__":
    main()
