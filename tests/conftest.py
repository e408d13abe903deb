from __future__ import annotations

import os

import pytest

from assistant.content import Content, load_content
from tests.server import Assistant, Chat, running


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """Where everything is installed (``NO_SKIPS``, set in CI) a test that is skipped fails."""
    outcome = yield
    report = outcome.get_result()
    if report.skipped and os.environ.get("NO_SKIPS"):
        report.outcome, report.longrepr = "failed", f"skipped: {call.excinfo.value}"


@pytest.fixture(scope="session")
def content() -> Content:
    return load_content()


@pytest.fixture(scope="session")
def assistant(tmp_path_factory):
    """The assistant, started as ``make serve`` does."""
    folder = tmp_path_factory.mktemp("assistant")
    with running(Assistant(folder, {"WEB_ORIGINS": "https://partner.example"})) as served:
        yield served


@pytest.fixture
def chat(assistant) -> Chat:
    return Chat(assistant)
