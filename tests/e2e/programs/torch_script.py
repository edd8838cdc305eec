"""Saves a TorchScript model that sums each row, however long the rows are, to the path that is its first argument.

With a second argument the model gives the sums under that name, which is no tensor; a sum below zero is more than this
machine's memory holds.
"""

from __future__ import annotations

import sys

import torch


class RowSum(torch.nn.Module):
    """One number for each row."""

    def forward(self, rows: torch.Tensor) -> torch.Tensor:
        """The sum of each row."""
        return rows.sum(dim=1)


class NamedSum(torch.nn.Module):
    """The same in a dictionary."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def forward(self, rows: torch.Tensor) -> dict[str, torch.Tensor]:
        """The sum of each row by the name."""
        if bool(rows.sum() < 0):
            rows = torch.zeros([1_000_000_000_000_000, 1])
        return {self.name: rows.sum(dim=1)}


if __name__ == "__main__":
    path, *names = sys.argv[1:]
    torch.jit.script(NamedSum(*names) if names else RowSum()).save(path)
