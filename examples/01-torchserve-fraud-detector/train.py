"""Trains the fraud detector on payments that it makes up, and says how good it is.

    pip install -r requirements.txt
    python train.py

Writes model/fraud_detector.pt and prints the example requests with the answers that the trained model gives.
With the versions in requirements.txt the file comes out the same again, byte for byte: the seed is fixed, and
training runs on one thread in double precision, so that tiny differences between processors vanish when the
weights are rounded to float32.
"""

import json
from pathlib import Path

import numpy as np
import torch
from model.model import FraudDetector
from torch import Tensor, nn

SEED = 20240501
WEIGHTS = Path(__file__).parent / "model" / "fraud_detector.pt"
THRESHOLD = 0.5
NIGHT = (23, 0, 1, 2, 3, 4)
RISK = (-0.6, -0.4, -0.5, 0.0, 0.2, -0.3, 0.1, 0.6, 0.9, 1.3, 1.6, 1.2)  # log-odds by category_encoded

# amount, category_encoded, hour, day_of_week (0 is Monday)
EXAMPLES = {
    "a small payment at noon": [[86.2, 4, 13, 1]],
    "a large payment at night": [[1850.0, 10, 3, 6]],
    "three payments at once": [[58.99, 5, 18, 0], [420.0, 9, 22, 4], [310.0, 11, 2, 5]],
}


def main() -> None:
    """Trains, saves, and reports."""
    rng = np.random.default_rng(SEED)
    train_rows, _, train_labels = make_payments(rng, 50_000)
    test_rows, test_odds, test_labels = make_payments(rng, 10_000)
    model = train(torch.from_numpy(train_rows), torch.from_numpy(train_labels))
    torch.save(model.state_dict(), WEIGHTS)
    print_quality(score(model, test_rows), test_odds, test_labels)
    print_examples(model)


def make_payments(rng: np.random.Generator, count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Made-up payments: raw features, the true log-odds of fraud, and whether each was fraud."""
    amount = np.round(rng.lognormal(mean=3.6, sigma=1.2, size=count), 2)
    category = rng.integers(0, len(RISK), count)
    hour = rng.integers(0, 24, count)
    day = rng.integers(0, 7, count)
    night = np.isin(hour, NIGHT)
    size = np.log1p(amount) - 3.6
    odds = -8.2 + 2.0 * size + 2.2 * np.array(RISK)[category] + 2.6 * night + 1.2 * night * (day >= 5)
    fraud = rng.random(count) < 1 / (1 + np.exp(-odds))
    return np.column_stack([amount, category, hour, day]).astype(np.float64), odds, fraud.astype(np.float64)


def train(rows: Tensor, labels: Tensor, *, epochs: int = 40, batch: int = 500) -> FraudDetector:
    """The fitted model, in float32 and ready to serve."""
    torch.manual_seed(SEED)
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    model = FraudDetector().double()
    transformed = model.transformed(rows)
    model.mean.copy_(transformed.mean(dim=0))
    model.scale.copy_(transformed.std(dim=0))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.005, weight_decay=1e-4)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=epochs)
    loss = nn.BCEWithLogitsLoss()
    for _ in range(epochs):
        for chosen in torch.randperm(len(rows)).split(batch):
            optimizer.zero_grad()
            loss(model.logits(rows[chosen]), labels[chosen]).backward()
            optimizer.step()
        schedule.step()
    return model.float().eval()


def score(model: FraudDetector, rows: np.ndarray | list[list[float]]) -> np.ndarray:
    """The fraud probability of each row, as the served model computes it."""
    with torch.inference_mode():
        return model(torch.tensor(rows, dtype=torch.float32)).numpy()


def auc(scores: np.ndarray, labels: np.ndarray) -> float:
    """The area under the ROC curve: how often a fraud scores above an honest payment."""
    frauds, honest = scores[labels == 1], np.sort(scores[labels == 0])
    below = np.searchsorted(honest, frauds, side="left") + np.searchsorted(honest, frauds, side="right")
    return float(below.sum() / (2 * len(frauds) * len(honest)))


def print_quality(probabilities: np.ndarray, odds: np.ndarray, labels: np.ndarray) -> None:
    """Accuracy alone flatters a model of rare events, so print what it has to be compared with, too."""
    flagged, fraud = probabilities >= THRESHOLD, labels == 1
    reached, possible = auc(probabilities, labels), auc(odds, labels)
    precision, recall = fraud[flagged].mean(), flagged[fraud].mean()
    print(f"# on {len(labels)} payments it has not seen, {fraud.mean():.1%} of them fraud")
    print(f"# ROC AUC    {reached:.4f}   (the best possible on this data: {possible:.4f})")
    print(f"# accuracy   {(flagged == fraud).mean():.4f}   (calling nothing fraud: {(~fraud).mean():.4f})")
    print(f"# precision  {precision:.4f}   recall {recall:.4f}   at threshold {THRESHOLD}")


def print_examples(model: FraudDetector) -> None:
    """The `examples:` block of serving.yaml."""
    print("examples:")
    for name, rows in EXAMPLES.items():
        scores = score(model, rows).tolist()
        answers = [{"fraud_probability": round(p, 8), "fraud": p >= THRESHOLD} for p in scores]
        print(f"  - name: {name}")
        print(f"    request: {json.dumps({'instances': rows})}")
        print(f"    expect: {json.dumps({'predictions': answers})}")


if __name__ == "__main__":
    main()
