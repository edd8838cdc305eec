"""Makes a day of payments, always the same for a day: python make_data.py 2026-01-05 [ROWS]"""

import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq


def main() -> None:
    """Writes two Parquet files; one payment has no amount."""
    day, rows = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 10_000
    rng = np.random.default_rng(int(day.replace("-", "")))
    amount = rng.gamma(2, 80, rows).round(2)
    payments = pa.table(
        {
            "payment_id": [f"{day}-{number:08d}" for number in range(rows)],
            "amount": pa.array(amount, mask=np.arange(rows) == rows // 2),
            "category_encoded": rng.integers(0, 12, rows),
            "hour": rng.integers(0, 24, rows),
            "day_of_week": rng.integers(0, 7, rows),
        }
    )
    folder = Path("payments") / day
    folder.mkdir(parents=True, exist_ok=True)
    for number, start in enumerate((0, rows // 2)):
        pq.write_table(
            payments.slice(start, rows - rows // 2 if start else rows // 2), folder / f"part-{number}.parquet"
        )


if __name__ == "__main__":
    main()
