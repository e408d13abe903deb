"""Valid bodies of every entry point, which are changed into almost valid ones."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, Dict

from assistant.channels.teams.cards import CARD
from tests.channels.slack_stand_in import BOT, TEAM, command, happening, mentioned, said
from tests.channels.teams_stand_in import APP, TENANT

Body = Dict[str, Any]
QUESTION = "How many incidents are left?"
# People are few, so that most of what they say at once is told to slow down.
_JANE = SimpleNamespace(
    id="U0FUZZ", direct="D0FUZZ", stand_in=SimpleNamespace(next_ts=lambda: "1700000000.000001")
)

REST: Body = {"sender": "fuzz", "message": QUESTION, "metadata": {"locale": "en-US"}}
SESSION: Body = {"locale": "en-US"}
WIDGET: Body = {"id": "1", "text": QUESTION, "payload": "/link_contract"}
_SHOWN: Body = {
    "type": "message",
    "user": BOT,
    "ts": "1700000000.000002",
    "text": "Hello",
    "blocks": [{"type": "actions", "block_id": "x", "elements": [{"type": "button", "value": "/greet"}]}],
}
_USER: Body = {"team": {"id": TEAM}, "user": {"id": _JANE.id, "team_id": TEAM}}
SLACK = [
    said(_JANE, QUESTION, event_id="Ev1"),
    mentioned(_JANE, "C0FUZZ", f"<@{BOT}> {QUESTION}"),
    happening(
        {"type": "app_home_opened", "user": _JANE.id, "channel": "D0FUZZ", "tab": "messages"}, event_id="Ev2"
    ),
    {
        **_USER,
        "type": "block_actions",
        "channel": {"id": "D0FUZZ"},
        "message": _SHOWN,
        "trigger_id": "1.1",
        "actions": [{"type": "button", "value": "/greet", "text": {"type": "plain_text", "text": "Hello"}}],
    },
    {**_USER, "type": "message_action", "trigger_id": "1.2", "message": _SHOWN},
    {"type": "url_verification", "challenge": "x"},
]
COMMAND: Body = command(_JANE, QUESTION)
TEAMS: Body = {
    "type": "message",
    "id": "1",
    "channelId": "msteams",
    "serviceUrl": "http://127.0.0.1:9/connector/",
    "from": {"id": "29:fuzz", "aadObjectId": "fuzz", "name": "Jane"},
    "recipient": {"id": f"28:{APP}", "name": "Partner Support"},
    "conversation": {"id": "a:fuzz", "conversationType": "personal", "tenantId": TENANT},
    "channelData": {"tenant": {"id": TENANT}},
    "locale": "en-US",
    "text": QUESTION,
    "textFormat": "plain",
    "entities": [{"type": "mention", "text": "<at>Partner Support</at>", "mentioned": {"id": f"28:{APP}"}}],
    "attachments": [{"contentType": "text/html", "content": f"<p>{QUESTION}</p>"}],
    "value": {"payload": "/greet", "title": "Hello", "action": {"data": {"payload": "/greet"}, "type": CARD}},
}
ACTION: Body = {
    "next_action": "action_answer",
    "sender_id": "fuzz",
    "version": "3.6.21",
    "domain": {"intents": [], "slots": {}, "actions": [], "session_config": {}},
    "tracker": {
        "sender_id": "fuzz",
        "slots": {},
        "latest_message": {
            "text": QUESTION,
            "intent": {"name": "check_remaining_incidents", "confidence": 1.0},
            "intent_ranking": [{"name": "check_remaining_incidents", "confidence": 1.0}],
            "entities": [{"entity": "language", "value": "en", "role": "strong", "start": 0, "end": 0}],
            "metadata": {"locale": "en-US"},
        },
        "events": [{"event": "user", "text": QUESTION, "timestamp": 1.0}],
        "paused": False,
        "latest_action_name": "action_listen",
        "active_loop": {},
        "followup_action": None,
        "latest_input_channel": "rest",
    },
}
