"""The network: four raw features of a card payment in, one fraud probability out."""

import torch
from torch import Tensor, nn


class FraudDetector(nn.Module):
    """A small MLP that scales its own inputs, so that callers send raw features.

    TorchServe's eager mode wants exactly one class in this file, built without arguments.
    """

    mean: Tensor
    scale: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(4))
        self.register_buffer("scale", torch.ones(4))
        hidden = 16
        self.layers = nn.Sequential(
            nn.Linear(4, hidden),
            nn.ReLU(),
            nn.Linear(hidden, hidden),
            nn.ReLU(),
            nn.Linear(hidden, 1),
        )

    def forward(self, rows: Tensor) -> Tensor:
        """The fraud probability of each row (amount, category_encoded, hour, day_of_week)."""
        return torch.sigmoid(self.logits(rows))

    def logits(self, rows: Tensor) -> Tensor:
        """The log-odds of fraud of each row: what training works on."""
        return self.layers((self.transformed(rows) - self.mean) / self.scale).squeeze(-1)

    def transformed(self, rows: Tensor) -> Tensor:
        """The rows with the amount on a log scale: amounts differ by orders of magnitude."""
        return torch.cat([torch.log1p(rows[:, :1]), rows[:, 1:]], dim=1)
