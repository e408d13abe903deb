"""A partner has their data deleted, over the real channels."""

from __future__ import annotations

from assistant.helpdesk.tickets import Tickets
from assistant.stores.database import Database
from tests.channels.test_web import Browser
from tests.privacy.files import files_with
from tests.server import Chat


def heard(assistant, sender):
    return [event["text"] for event in assistant.events(sender) if event["event"] == "user"]


def tickets_of(assistant, sender):
    return Tickets(Database(str(assistant.database))).of(sender)


def make_ticket(chat):
    for text in ("I want to talk to a person", "here", "it can wait", "skip", "send it"):
        chat.say(text)
    assert "Your ticket is" in chat.text


def test_after_a_yes_only_the_confirmation_is_left(assistant):
    browser = Browser(assistant)
    browser.say("We have Gold and a wombatsurplus in Azure")
    cursor = browser.say("I want to talk to a person about the wombatsurplus").json()["cursor"]
    assert files_with(assistant, "wombatsurplus")
    asked = browser.say("please delete my data").json()["messages"]
    assert "cannot be undone" in asked[0]["text"]
    yes = asked[0]["buttons"][0]
    done = browser.say(yes["title"], payload=yes["payload"]).json()
    assert "deleted everything" in done["messages"][0]["text"]
    assert done["cursor"] == 1
    assert browser.history() == done["messages"]
    assert Browser(assistant, token=browser.token).opened == done["messages"]
    anew = browser.request("GET", f"messages?after={cursor}").json()
    assert anew == {"messages": done["messages"], "cursor": 1, "begins_anew": True}
    assert not files_with(assistant, "wombatsurplus")


def test_the_conversation_begins_anew_without_what_was_known(assistant):
    chat = Chat(assistant)
    chat.say("Wir haben Silver, wie viele Incidents haben wir?")
    chat.say("Lösche meine Daten")
    chat.say("ja")
    assert "Ich habe alles gelöscht" in chat.text
    assert heard(assistant, chat.sender) == []
    chat.say("Welche Rolle brauche ich zum Aktivieren?")
    assert heard(assistant, chat.sender) == ["Welche Rolle brauche ich zum Aktivieren?"]
    slots = {
        event["name"]: event["value"] for event in assistant.events(chat.sender) if event["event"] == "slot"
    }
    assert slots["language"] == "de"
    assert "membership" not in slots


def test_only_the_partner_who_asked_is_forgotten(assistant):
    one, other = Chat(assistant), Chat(assistant)
    for chat in (one, other):
        make_ticket(chat)
    one.say("delete my data")
    one.say("yes")
    assert tickets_of(assistant, one.sender) == []
    assert len(tickets_of(assistant, other.sender)) == 1
    assert heard(assistant, other.sender)[0] == "I want to talk to a person"


def test_a_later_yes_deletes_nothing(assistant):
    chat = Chat(assistant)
    for text in ("How many incidents are left?", "delete my data", "Who may activate the benefits?", "yes"):
        chat.say(text)
    assert "How many incidents are left?" in heard(assistant, chat.sender)
