"""Conversations that go on for hundreds of turns."""

import sqlite3

from assistant.processor import MAX_SESSION_EVENTS
from tests.server import Chat

TURNS = 60


def test_memory_outlasts_a_long_conversation(assistant):
    chat = Chat(assistant)
    chat.say("We are a Gold partner.")
    for _ in range(TURNS):
        chat.say("Where do I find the Access ID?")
    chat.say("This Access ID is already associated to an account")
    chat.press("Walk me through it")
    assert "Gold" in chat.text
    assert "Which membership" not in chat.text


def test_a_long_conversation_is_kept_whole_and_loaded_in_part(assistant):
    chat = Chat(assistant)
    for _ in range(TURNS):
        chat.say("hello there, good morning")
    with sqlite3.connect(assistant.database) as connection:
        rows = connection.execute(
            "SELECT type_name FROM events WHERE sender_id = ? ORDER BY id", (chat.sender,)
        ).fetchall()
    names = [name for (name,) in rows]
    assert names.count("user") == TURNS
    last_start = len(names) - 1 - names[::-1].index("session_started")
    assert len(names) - last_start <= MAX_SESSION_EVENTS + 20


def test_buttons_from_before_still_work_late_in_a_conversation(assistant):
    chat = Chat(assistant)
    chat.say("hello")
    first = chat.buttons[0]
    for _ in range(TURNS):
        chat.say("Where do I find the Access ID?")
    chat.say(first["payload"])
    assert "Technical benefits" in chat.text
