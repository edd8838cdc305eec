"""servespec: one serving.yaml, compiled into everything it takes to serve a model."""

__version__ = "0.1.0"
