from torch import nn


class Scaler:
    pass


class FraudDetector(nn.Module):
    pass
