"""What the widget asks for: a session, the replies to a message, what was said since."""

from __future__ import annotations

import hashlib
from typing import Any, Dict

from sanic.request import Request

from assistant.channels.inbound import spoken_language
from assistant.channels.intake import Intake, SlowDownError
from assistant.channels.turns import Handler, Incoming, greet, take_turn
from assistant.channels.web.requests import RefusedError, body_of, phrase, text_in
from assistant.channels.web.sessions import Sessions, UnknownSessionError
from assistant.channels.web.transcript import reply_message, transcript
from assistant.processor import AnsweredError
from assistant.stores.conversations import ConversationStore, inside

CHANNEL = "web"
_MAX_ID_LENGTH = 64
_LOCALE_LENGTH = 20


class Chat:
    """Conversations of the widget; each method answers one kind of request."""

    def __init__(self, sessions: Sessions, on_new_message: Handler) -> None:
        self._sessions = sessions
        self._intake = Intake()
        self._on_new_message = on_new_message

    async def session(self, request: Request) -> Dict[str, Any]:
        """The session of the token with its history, or a new one with a greeting."""
        store = _store(request)
        try:
            sender = self._sender(request)
        except RefusedError:
            sender = self._sessions.new_sender()
        said = await store.said(sender)
        if not said:
            # New, or kept so long ago that it has been deleted.
            language = spoken_language(text_in(body_of(request), "locale", _LOCALE_LENGTH))
            await greet(self._on_new_message, sender, CHANNEL, {"locale": language} if language else {})
            said = await store.said(sender)
        token = self._sessions.token(sender)
        return {"token": token, "messages": transcript(said), "cursor": len(said)}

    async def since(self, request: Request) -> Dict[str, Any]:
        """What was said since a cursor; all of a conversation that has begun anew since."""
        sender = self._sender(request)
        after = request.args.get("after", "0")
        if not after.isdecimal():
            raise RefusedError(400, '"after" has to be a cursor that the server sent.')
        store, start = _store(request), int(after)
        # While the database is away nobody knows.
        begins_anew = start > await store.count(sender) > 0 and not store.is_away
        start = 0 if begins_anew else start
        said = await store.said(sender, start)
        return {"messages": transcript(said), "cursor": start + len(said), "begins_anew": begins_anew}

    async def message(self, request: Request) -> Dict[str, Any]:
        """The replies to a message."""
        sender = self._sender(request)
        body = body_of(request)
        client_id = text_in(body, "id", _MAX_ID_LENGTH)
        text = text_in(body, "payload") or text_in(body, "text")
        if not client_id or text is None:
            raise RefusedError(400, 'Send {"id": "...", "text": "..."}; a button as "payload" too.')
        message_id = _stored_id(client_id, sender)
        try:
            return await self._intake.once(
                sender, message_id, lambda: self._turn(_store(request), sender, text, message_id)
            )
        except SlowDownError as error:
            message = phrase("slow_down", request)
            raise RefusedError(429, message, retry_after=error.retry_after) from None

    async def _turn(
        self, store: ConversationStore, sender: str, text: str, message_id: str
    ) -> Dict[str, Any]:
        incoming = Incoming(sender, text, CHANNEL, message_id=message_id)
        try:
            replies = await take_turn(self._on_new_message, store, incoming)
            messages = [reply_message(reply) for reply in replies]
        except AnsweredError as answered:
            messages = transcript(answered.replies)
        return {"messages": messages, "cursor": await store.count(sender)}

    def _sender(self, request: Request) -> str:
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        try:
            return self._sessions.sender(token if kind.lower() == "bearer" else "")
        except UnknownSessionError:
            raise RefusedError(401, "There is no such session.") from None


def _stored_id(client_id: str, sender: str) -> str:
    """What a message is called in the database; a client may call it whatever it likes."""
    return hashlib.sha256(f"{sender} {client_id}".encode()).hexdigest()[:32]


def _store(request: Request) -> ConversationStore:
    return inside(request.app.ctx.agent.tracker_store)
