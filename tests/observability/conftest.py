from __future__ import annotations

from typing import Iterator

import pytest

from tests.server import Assistant, free_port, running

LOG_SECRET = "only-the-tests-know-what-hashes-are-made-with"


@pytest.fixture(scope="package")
def metrics_port() -> int:
    return free_port()


@pytest.fixture(scope="package")
def watched(tmp_path_factory, metrics_port) -> Iterator[Assistant]:
    """An assistant with metrics."""
    environment = {"METRICS_PORT": str(metrics_port), "LOG_SECRET": LOG_SECRET}
    with running(Assistant(tmp_path_factory.mktemp("watched"), environment)) as assistant:
        yield assistant
