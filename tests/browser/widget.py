"""The widget on a page, as a partner sees and uses it."""

from __future__ import annotations

from typing import List

from playwright.sync_api import Page, expect

# Spoken by screen readers only.
_SPEAKERS = ("You:", "Sie:", "Assistant:", "Assistent:")


class Widget:
    """Finds and uses the parts of the widget; its shadow roots are open."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.launcher = self.part(".launcher")
        self.panel = self.part(".panel")
        self.notice = self.part(".notice")
        self.input = self.part("#text-input")
        self.messages = self.part("#messages")
        self.bubbles = self.part(".message-bubble:not(.typing-message)")
        self.choices = self.part("button.choice:enabled")

    def part(self, selector: str):
        return self.page.locator(f"partner-support-chat {selector}")

    def open(self) -> Widget:
        """Open the panel and wait for the first message."""
        self.launcher.click()
        self.bubbles.first.wait_for()
        return self

    def say(self, text: str) -> None:
        self.input.click()
        self.page.keyboard.insert_text(text)
        self.page.keyboard.press("Enter")

    def ask(self, text: str) -> None:
        """Say something and wait for an answer."""
        count = self.bubbles.count()
        self.say(text)
        self.expect_more_than(count + 1)

    def press(self, title: str) -> None:
        """Press an active button and wait for the answer."""
        count = self.bubbles.count()
        self.choices.filter(has_text=title).last.click()
        self.expect_more_than(count + 1)

    def expect_more_than(self, count: int) -> None:
        expect(self.bubbles.nth(count)).to_be_visible()
        expect(self.part(".typing-message")).to_have_count(0)

    @property
    def texts(self) -> List[str]:
        return [_spoken(text) for text in self.bubbles.all_inner_texts()]


def _spoken(text: str) -> str:
    text = text.strip()
    speaker = next((speaker for speaker in _SPEAKERS if text.startswith(speaker)), "")
    return text[len(speaker) :].strip()
