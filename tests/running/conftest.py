"""A server that answers as a test wants."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.answering import Fake, answering


@pytest.fixture
def fake() -> Iterator[Fake]:
    """A server that lives as long as the test."""
    with answering() as server:
        yield server
