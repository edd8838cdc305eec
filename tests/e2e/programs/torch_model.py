"""What the fraud detector itself says, asked with torch and nothing else.

Arguments: the folder with model.py, and the state dict
Standard input: a list of rows
Standard output: the probability of each row, computed one by one
"""

from __future__ import annotations

import importlib
import json
import sys

import torch


def main() -> None:
    """Prints the probabilities."""
    folder, weights = sys.argv[1:]
    sys.path.insert(0, folder)
    model = importlib.import_module("model").FraudDetector()
    model.load_state_dict(torch.load(weights, weights_only=True))
    model.eval()
    with torch.inference_mode():
        json.dump([model(torch.tensor([row], dtype=torch.float32)).item() for row in json.load(sys.stdin)], sys.stdout)


if __name__ == "__main__":
    main()
