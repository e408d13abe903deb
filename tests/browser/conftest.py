"""A real Chromium, which .ci/run installs from Debian."""

from __future__ import annotations

import shutil

import pytest
from playwright.sync_api import sync_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


# Closed before other tests begin: as long as it runs, no other event loop can.
@pytest.fixture(scope="package")
def chromium():
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None:
        pytest.skip("Chromium is not installed (Debian: apt-get install chromium).")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium, assistant):
    """Opens a page in a browser of its own; errors of its scripts and requests to others fail the test."""
    contexts, problems = [], []

    def open_page(address=f"{assistant.url}/chat/", watch=True, **options):
        context = chromium.new_context(**{"locale": "en-US", **options})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        if watch:
            page.on("pageerror", lambda error: problems.append(str(error)))
            page.on("request", lambda request: problems.extend(_foreign(request.url)))
        page.goto(address)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert problems == []


def _foreign(address):
    return [] if address.startswith(("http://127.0.0.1:", "data:", "blob:")) else [address]
