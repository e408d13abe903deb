"""Planted values go in over the real channels; afterwards no file of the assistant holds one of them."""

from __future__ import annotations

import pytest
import requests

from assistant.helpdesk.contacts import unseal
from assistant.helpdesk.tickets import Tickets
from assistant.stores.database import Database
from tests.channels.test_web import Browser
from tests.privacy.files import files_with
from tests.server import Assistant, Chat

EMAIL, PHONE, ACCESS = "quillon.vantree@tailspin.io", "+49 89 55512345", "QX77-9031"
CONTRACT, GUID, NAME = "88123456", "5f3c2a10-91aa-4c1e-8a77-0123456789ab", "Quillon Vänström"
SECRETS = [EMAIL, "quillon", "tailspin", "55512345", "QX77", "-9031", CONTRACT, "0123456789ab", "Vänström"]
MAIL = (
    f"Hello, my mail is {EMAIL}, phone {PHONE}. Access ID {ACCESS}, Contract ID: {CONTRACT}, tenant {GUID}. "
    f"How many incidents are left?\n\nBest regards,\n{NAME}"
)


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    served = Assistant(tmp_path_factory.mktemp("own"))
    served.start()
    served.wait_until_ready()
    yield served
    served.stop()


def talk_over_the_widget(assistant):
    browser = Browser(assistant, locale=EMAIL[:20])
    browser.say(MAIL, message_id=EMAIL)
    browser.say(f"Ich heiße {NAME}", message_id=PHONE, metadata={"user": EMAIL}, locale=EMAIL)
    offered = browser.opened[0]["buttons"][0]["payload"]
    browser.say(f"Call {NAME} {EMAIL}", payload=offered)
    browser.say("x", payload=f'/inform{{"option": "{EMAIL}", "membership": "access id {ACCESS}"}}')
    browser.say(MAIL * 20)
    browser.say(f"I want to talk to a person. Call {PHONE}, {EMAIL}. Regards, {NAME}")
    browser.say(f"{PHONE} or {EMAIL}")
    browser.say("it can wait")
    browser.say(f"Write to {EMAIL}.\n\nBest regards,\n{NAME}")
    assert "Your ticket is" in browser.say("send it").text
    browser.request("GET", f"messages?after={EMAIL}")
    browser.request("GET", f"{EMAIL}/{ACCESS}", **{"User-Agent": EMAIL, "Referer": f"https://x/?u={EMAIL}"})
    browser.request("POST", "messages", f'{{"id": "{EMAIL}", "text": '.encode())
    browser.request("POST", "messages", {"id": EMAIL, "text": [MAIL]}, Origin=f"https://{EMAIL}")
    return browser


def talk_over_rest(assistant):
    chat = Chat(assistant)
    for text in (
        MAIL,
        f"Hallo Frau {NAME}",
        f"delete my data {EMAIL}",
        f"/{EMAIL}",
        f"agent please, {EMAIL}",
    ):
        body = {
            "sender": chat.sender,
            "message": text,
            "metadata": {"locale": EMAIL, "user": {"mail": EMAIL}},
        }
        assert assistant.post({**body, EMAIL: EMAIL, "button": {"title": EMAIL}}).ok
    assistant.post({"sender": "", "message": MAIL})
    assistant.post({"sender": "x", "message": {"text": MAIL}})
    url = f"{assistant.url}/webhooks/rest/webhook?user={EMAIL}"
    requests.post(url, data=f'{{"message": "{MAIL}'.encode(), timeout=60)
    return chat


def test_no_file_of_the_assistant_holds_a_planted_value(own):
    browser, chat = talk_over_the_widget(own), talk_over_rest(own)
    heard = [event["text"] for event in own.all_events() if event["event"] == "user"]
    kept = "[email], phone [phone]. Access ID [access-id], Contract ID: [contract-id], tenant [guid]"
    assert any(kept in text and "Best regards,\n[name]" in text for text in heard)
    [ticket] = Tickets(Database(str(own.database))).of(browser.sender)
    assert ticket.ticket.note == "Write to [email].\n\nBest regards,\n[name]"
    assert unseal(ticket.ticket.contact) == EMAIL
    assert browser.history()
    assert own.events(chat.sender)
    assert {secret: files for secret in SECRETS if (files := files_with(own, secret))} == {}
