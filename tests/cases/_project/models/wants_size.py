from torch import nn


class FraudDetector(nn.Module):
    def __init__(self, size: int) -> None:
        super().__init__()
