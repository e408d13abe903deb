from __future__ import annotations

import pytest

from assistant.content import Content, load_content
from tests.server import Assistant, Chat


@pytest.fixture(scope="session")
def content() -> Content:
    return load_content()


@pytest.fixture(scope="session")
def assistant(tmp_path_factory):
    """The assistant, started as ``make serve`` does."""
    served = Assistant(tmp_path_factory.mktemp("assistant"), {"WEB_ORIGINS": "https://partner.example"})
    served.start()
    try:
        served.wait_until_ready()
        yield served
    finally:
        served.stop()


@pytest.fixture
def chat(assistant) -> Chat:
    return Chat(assistant)
