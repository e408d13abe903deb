"""What the widget asks for: a session, the replies to a message, what was said since."""

from __future__ import annotations

import re
from typing import Any, Dict

from sanic.request import Request

from assistant.channels.intake import Intake, SlowDownError
from assistant.channels.turns import Handler, Incoming, greet, take_turn
from assistant.channels.web.requests import RefusedError, body_of, phrase, text_in
from assistant.channels.web.sessions import Sessions, UnknownSessionError
from assistant.channels.web.transcript import replies_to, reply_message, transcript
from assistant.stores.conversations import ConversationStore, inside

CHANNEL = "web"
_MAX_ID_LENGTH = 64
_LOCALE_LENGTH = 20
_CURSOR = "[0-9]{1,9}"


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
            locale = text_in(body_of(request), "locale", _LOCALE_LENGTH)
            await greet(self._on_new_message, sender, CHANNEL, {"locale": locale} if locale else {})
        said = await store.said(sender)
        token = self._sessions.token(sender)
        return {"token": token, "messages": transcript(said), "cursor": len(said)}

    async def since(self, request: Request) -> Dict[str, Any]:
        """What was said since a cursor."""
        sender = self._sender(request)
        after = request.args.get("after", "0")
        if not re.fullmatch(_CURSOR, after):
            raise RefusedError(400, '"after" has to be a cursor that the server sent.')
        said = await _store(request).said(sender, int(after))
        return {"messages": transcript(said), "cursor": int(after) + len(said)}

    async def message(self, request: Request) -> Dict[str, Any]:
        """The replies to a message."""
        sender = self._sender(request)
        body = body_of(request)
        message_id = text_in(body, "id", _MAX_ID_LENGTH)
        text = text_in(body, "payload") or text_in(body, "text")
        if not message_id or text is None:
            raise RefusedError(400, 'Send {"id": "...", "text": "..."}; a button as "payload" too.')
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
        # A server that was restarted in between finds what the last one answered.
        messages = replies_to(await store.retrieve(sender), message_id)
        if not messages:
            incoming = Incoming(sender, text, CHANNEL, message_id=message_id)
            replies = await take_turn(self._on_new_message, store, incoming)
            messages = [reply_message(reply) for reply in replies]
        return {"messages": messages, "cursor": await store.count(sender)}

    def _sender(self, request: Request) -> str:
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        try:
            return self._sessions.sender(token if kind.lower() == "bearer" else "")
        except UnknownSessionError:
            raise RefusedError(401, "There is no such session.") from None


def _store(request: Request) -> ConversationStore:
    return inside(request.app.ctx.agent.tracker_store)
