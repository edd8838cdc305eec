"""The engine that the tests of images have."""

from tests.e2e.image.conftest import engine

__all__ = ["engine"]
