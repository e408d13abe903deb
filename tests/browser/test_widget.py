"""The website widget in a real browser, talking to the real assistant."""

from __future__ import annotations

import http.server
import re
import threading
from contextlib import contextmanager

import pytest
import requests
from playwright.sync_api import expect

from assistant.commands.environment import ROOT
from tests.browser.widget import Widget
from tests.server import Assistant, free_port

AXE = (ROOT / "widget" / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
XSS = [
    "<img src=x onerror=window.hit=1>",
    "<script>window.hit=1</script>",
    "[click](javascript:window.hit=1)",
    "![x](https://evil.example/x.png)",
    "<svg/onload=window.hit=1>",
    "<iframe srcdoc='<script>parent.hit=1</script>'>",
    '"><b onmouseover=window.hit=1>x</b>',
    "<a href='data:text/html,<script>window.hit=1</script>'>x</a>",
    "`<img src=x onerror=window.hit=1>`",
    "<details open ontoggle=window.hit=1>",
]
BUSY_WHILE_THE_CHAT_BEGINS = """() => {
  const create = document.createElement.bind(document);
  document.createElement = (name, ...rest) => {
    const element = create(name, ...rest);
    const end = performance.now() + 100;
    while (name === "deep-chat" && performance.now() < end);
    return element;
  };
}"""


def violations(page):
    """What axe finds wrong on a page."""
    page.evaluate(AXE)
    found = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")["violations"]
    return [(entry["id"], [node["target"] for node in entry["nodes"]]) for entry in found]


def test_a_question_is_answered_with_its_source(open_page):
    widget = Widget(open_page()).open()
    widget.ask("How many incidents are left?")
    assert "Source:" in "\n".join(widget.texts)
    expect(widget.part(".ai-message a[href^='https://learn.microsoft.com']").first).to_be_visible()


def test_the_chat_is_loaded_when_it_is_opened_and_not_before(open_page, assistant):
    page = open_page("about:blank")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{assistant.url}/chat/")
    widget = Widget(page)
    widget.launcher.wait_for()
    assert not any("deep-chat" in address or "session" in address for address in asked)
    widget.open()
    assert any("deep-chat" in address for address in asked)


def test_a_guide_is_walked_by_buttons_with_a_step_back(open_page):
    widget = Widget(open_page()).open()
    widget.ask("This Access ID is already associated to an account")
    widget.press("Walk me through it")
    assert "Step 1 of" in widget.texts[-1]
    first_step = widget.texts[-1]
    widget.press(widget.choices.first.inner_text())
    assert widget.texts[-1] != first_step
    widget.ask("back")
    assert widget.texts[-1] == first_step


def test_a_step_shows_its_progress_and_links_to_the_portal(open_page):
    page = open_page()
    widget = Widget(page).open()
    widget.ask("How do I check my remaining incidents?")
    widget.press("Walk me through it")
    for _ in range(2):
        expect(widget.part("progress").last).to_have_js_property("value", 1)
        portal = widget.part("a.choice").last
        expect(portal).to_have_text("Support for Business")
        expect(portal).to_have_attribute("target", "_blank")
        page.reload()
        widget.open()
        widget.expect_more_than(4)


def test_buttons_of_earlier_answers_cannot_be_pressed_any_more(open_page):
    widget = Widget(open_page()).open()
    assert "What can you do?" in widget.choices.all_inner_texts()
    widget.ask("Who may activate the benefits?")
    assert "What can you do?" not in widget.choices.all_inner_texts()
    assert "Yes, solved" in widget.choices.all_inner_texts()


def test_the_chat_works_on_a_page_that_is_busy_while_it_begins(open_page):
    page = open_page()
    page.evaluate(BUSY_WHILE_THE_CHAT_BEGINS)
    widget = Widget(page).open()
    widget.press("What can you do?")
    assert "What can you do?" not in widget.choices.all_inner_texts()
    expect(widget.part("#messages")).to_have_attribute("role", "log")


def test_a_conversation_survives_a_reload(open_page):
    page = open_page()
    widget = Widget(page).open()
    widget.ask("How many incidents are left?")
    said = widget.texts
    page.reload()
    widget.open()
    expect(widget.bubbles).to_have_count(len(said))
    assert widget.texts == said


def test_a_new_conversation_begins_only_after_a_second_click(open_page):
    widget = Widget(open_page()).open()
    widget.ask("How many incidents are left?")
    said = widget.texts
    widget.part(".restart").click()
    widget.page.keyboard.press("Escape")
    expect(widget.panel).to_be_visible()
    assert widget.texts == said
    widget.part(".restart").click()
    widget.part(".confirm .yes").click()
    expect(widget.bubbles).to_have_count(1)
    assert "Hello" in widget.texts[0]


def test_two_browsers_have_conversations_of_their_own(open_page):
    one, other = Widget(open_page()).open(), Widget(open_page(locale="de-DE")).open()
    one.ask("How many incidents are left?")
    other.ask("Wer darf die Vorteile aktivieren?")
    assert not any("Wer darf" in text for text in one.texts)
    assert not any("How many" in text for text in other.texts)


@pytest.mark.parametrize(
    ("locale", "greeting", "placeholder"),
    [("en-GB", "Hello!", "Type your question"), ("de-AT", "Guten Tag!", "Schreiben Sie Ihre Frage")],
)
def test_the_widget_speaks_the_language_of_its_visitor(open_page, assistant, locale, greeting, placeholder):
    address = f"{assistant.url}/chat/" + ("?lang=de" if locale.startswith("de") else "")
    widget = Widget(open_page(address, locale=locale)).open()
    assert greeting in widget.texts[0]
    expect(widget.input).to_have_attribute("aria-label", re.compile(placeholder))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_wrong(open_page, scheme):
    page = open_page(color_scheme=scheme)
    widget = Widget(page)
    widget.launcher.wait_for()
    assert violations(page) == []
    widget.open()
    widget.ask("This Access ID is already associated to an account")
    widget.press("Walk me through it")
    assert violations(page) == []


def test_everything_works_by_keyboard(open_page):
    page = open_page()
    widget = Widget(page)
    widget.launcher.focus()
    page.keyboard.press("Enter")
    widget.bubbles.first.wait_for()
    expect(widget.input).to_be_focused()
    page.keyboard.type("Who may activate the benefits?")
    page.keyboard.press("Enter")
    widget.expect_more_than(2)
    page.keyboard.press("Shift+Tab")
    expect(widget.part(".choice:focus")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(widget.panel).to_be_hidden()
    expect(widget.launcher).to_be_focused()


def test_screen_readers_hear_new_messages(open_page):
    widget = Widget(open_page()).open()
    expect(widget.messages).to_have_attribute("role", "log")
    expect(widget.messages).to_have_attribute("aria-live", "polite")
    expect(widget.panel).to_have_attribute("role", "dialog")


def test_a_phone_shows_the_chat_on_the_whole_screen(open_page):
    page = open_page(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    widget = Widget(page).open()
    widget.ask("How many incidents are left?")
    assert widget.panel.bounding_box() == {"x": 0, "y": 0, "width": 360, "height": 740}
    assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_nothing_is_lost_or_doubled_when_the_network_drops_for_ten_seconds(open_page):
    page = open_page()
    widget = Widget(page).open()
    page.context.set_offline(True)
    widget.say("How many incidents are left?")
    widget.say("Who may activate the benefits?")
    expect(widget.notice).to_contain_text("will be sent")
    page.wait_for_timeout(10_000)
    page.context.set_offline(False)
    expect(widget.notice).to_be_empty()
    widget.expect_more_than(4)
    page.reload()
    widget.open()
    widget.expect_more_than(4)
    said = [text for text in widget.texts if text.endswith(("left?", "benefits?"))]
    assert said == ["How many incidents are left?", "Who may activate the benefits?"]


def test_a_conversation_goes_on_after_a_restart_of_the_server(open_page, tmp_path):
    assistant = Assistant(tmp_path, {"WEB_SECRET": "s" * 32})
    assistant.start()
    assistant.wait_until_ready()
    try:
        widget = Widget(open_page(f"{assistant.url}/chat/")).open()
        widget.ask("How many incidents are left?")
        assistant.stop()
        widget.say("Who may activate the benefits?")
        expect(widget.notice).to_contain_text("No connection")
        count = widget.bubbles.count()
        assistant.start()
        assistant.wait_until_ready()
        expect(widget.bubbles.nth(count)).to_be_visible(timeout=60_000)
        assert widget.texts.count("Who may activate the benefits?") == 1
    finally:
        assistant.stop()


def test_no_text_runs_as_code(open_page):
    page = open_page()
    widget = Widget(page).open()
    for text in XSS:
        widget.ask(text)
    page.reload()
    widget.open()
    widget.expect_more_than(2 * len(XSS))
    assert page.evaluate("window.hit") is None
    assert widget.part("#messages :is(script, iframe, img, svg)").count() == 0
    assert widget.part("#messages a[href^='javascript'], #messages a[href^='data']").count() == 0


POLICY = "default-src 'none'; script-src {base}; connect-src {base}; style-src 'unsafe-inline'; img-src data:"


def test_another_site_embeds_it_with_one_tag_under_a_strict_policy(open_page, tmp_path):
    site = free_port()
    assistant = Assistant(tmp_path, {"WEB_ORIGINS": f"http://127.0.0.1:{site}"})
    assistant.start()
    assistant.wait_until_ready()
    page = a_page("de", assistant)
    try:
        with served(page, site, POLICY.format(base=assistant.url)):
            widget = Widget(open_page(f"http://127.0.0.1:{site}/")).open()
            widget.ask("Wie viele Incidents sind noch übrig?")
            assert "Quelle:" in "\n".join(widget.texts)
    finally:
        assistant.stop()


def test_a_site_that_is_not_allowed_gets_no_conversation(open_page, assistant):
    site = free_port()
    page = a_page("en", assistant)
    with served(page, site, POLICY.format(base=assistant.url)):
        widget = Widget(open_page(f"http://127.0.0.1:{site}/"))
        widget.launcher.click()
        expect(widget.notice).to_contain_text("No connection")
        assert widget.bubbles.count() == 0


def test_the_widget_is_small(assistant):
    total = 0
    for name in ("widget.js", "deep-chat.js"):
        reply = requests.get(f"{assistant.url}/chat/{name}", headers={"Accept-Encoding": "gzip"}, stream=True)
        total += len(reply.raw.read(decode_content=False))
    assert total <= 150_000


def a_page(language, assistant):
    """The page of a site that embeds the widget."""
    script = f'<script src="{assistant.url}/chat/widget.js" async></script>'
    return f'<!doctype html><html lang="{language}"><title>A site</title>{script}'


@contextmanager
def served(page, port, policy):
    """A website of somebody else with one page."""

    class Site(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Security-Policy", policy)
            self.end_headers()
            self.wfile.write(page.encode())

        def log_message(self, *arguments):
            """Quiet."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield
    finally:
        server.shutdown()


def test_after_a_deletion_only_its_confirmation_is_shown(open_page):
    page = open_page()
    widget = Widget(page).open()
    widget.ask("How many incidents are left?")
    widget.ask("delete my data")
    widget.choices.filter(has_text="Yes, delete everything").click()
    expect(widget.bubbles).to_have_count(1)
    assert "I have deleted everything" in widget.texts[0]
    widget.ask("Who may activate the benefits?")
    assert len(widget.texts) > 2
    page.reload()
    assert "I have deleted everything" in Widget(page).open().texts[0]
