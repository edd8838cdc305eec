"""Makes a month of flowers, always the same for a month: python make_data.py 2026-01 [ROWS]"""

import csv
import random
import sys
from pathlib import Path

COLUMNS = ("flower", "sepal_length", "sepal_width", "petal_length", "petal_width")


def main() -> None:
    """Writes a CSV file of measures in centimetres."""
    month, rows = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 200
    rng = random.Random(month)
    path = Path("data/flowers") / f"{month}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for flower in range(rows):
            petal = rng.uniform(1.0, 6.9)
            measures = (rng.uniform(4.3, 7.9), rng.uniform(2.0, 4.4), petal, petal * rng.uniform(0.1, 0.4))
            writer.writerow([flower, *(round(value, 1) for value in measures)])


if __name__ == "__main__":
    main()
