"""The help desk's pages: who gets in, and what can be done about a ticket."""

from __future__ import annotations

import pytest
import requests

from tests.channels.test_web import Browser
from tests.server import Assistant, Chat, running, wait_for

PASSWORD = "the-password-of-the-tests-only"
OPEN = "noch nicht beantwortet"
JANE = ("Jane", PASSWORD)


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    with running(Assistant(tmp_path_factory.mktemp("desk"), {"DESK_PASSWORD": PASSWORD})) as assistant:
        yield assistant


class Partner(Browser):
    """A partner in the widget, whose ticket is made."""

    def hear(self, text):
        return "\n".join(message["text"] for message in self.say(text).json()["messages"])

    @property
    def reference(self):
        return self.hear("Was ist mit meinem Ticket?").partition("**")[2].partition("**")[0]


@pytest.fixture
def partner(served):
    made = Partner(served, locale="de-DE")
    for text in ("Wie viele Incidents sind übrig?", "Ich möchte mit einem Menschen sprechen", "hier im Chat"):
        made.hear(text)
    for text in ("dringend", "nichts", "senden"):
        made.hear(text)
    wait_for(lambda: "wait for the help desk" not in ask(served).text)
    return made


def ask(served, path="", auth=JANE, **form):
    url, headers = f"{served.url}/desk/{path}", form.pop("headers", {})
    method = "POST" if form else "GET"
    return requests.request(method, url, auth=auth, data=form, headers=headers, timeout=30)


@pytest.mark.parametrize("auth", [None, ("Jane", "wrong"), ("Jane", ""), ("", PASSWORD)])
def test_nobody_gets_in_without_a_name_and_the_password(served, auth):
    answer = ask(served, auth=auth)
    assert answer.status_code == 401
    assert "H-" not in answer.text


def test_a_page_of_another_site_can_press_no_button(served, partner):
    answer = ask(served, partner.reference, status="closed", headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert OPEN in partner.hear("Was ist mit meinem Ticket?")


def test_a_ticket_is_listed_and_shown_with_its_conversation(served, partner):
    number = partner.reference
    assert number in ask(served).text
    page = ask(served, number).text
    for part in ("We are blocked", "Wie viele Incidents sind übrig?", "Remaining incidents"):
        assert part in page


def test_what_a_person_writes_reaches_the_partner_in_the_chat(served, partner):
    number = partner.reference
    ask(served, number, text="Wir sehen nach.\nRufen Sie 0171 2345678 an.", status="answered")
    news = partner.history()[-1]
    assert news["text"].startswith("**Jane** vom Helpdesk")
    assert "Wir sehen nach." in news["text"]
    assert "beantwortet" in partner.hear("Was ist mit meinem Ticket?")


def test_a_ticket_is_closed_and_opened_again(served, partner):
    number = partner.reference
    ask(served, number, status="closed")
    assert "abgeschlossen" in partner.hear("Was ist mit meinem Ticket?")
    ask(served, number, status="open")
    assert OPEN in partner.hear("Was ist mit meinem Ticket?")


def test_where_a_reply_cannot_be_shown_the_person_is_told(served):
    chat = Chat(served)
    for text in ("I want to talk to a person", "jane.doe@contoso.com", "it can wait", "nothing", "send it"):
        chat.say(text)
    chat.say("what about my ticket?")
    number = chat.text.partition("**")[2].partition("**")[0]
    assert "not in the website widget" in ask(served, number, text="Hello").text


def test_a_ticket_that_is_gone_is_said_to_be(served):
    assert ask(served, "H-00000000").status_code == 404


def test_markup_in_a_conversation_stays_text(served, partner):
    partner.hear("<script>alert(1)</script>")
    page = ask(served, partner.reference).text
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_in_production_without_a_password_there_are_no_pages(tmp_path):
    with running(Assistant(tmp_path, {"PRODUCTION": "1", "WEB_SECRET": "x" * 32})) as assistant:
        assert requests.get(f"{assistant.url}/desk/", timeout=10).status_code == 404
        assert "Help desk: off, set DESK_PASSWORD to turn it on." in assistant.output
