"""What happens to everything that Slack sends, whichever way it comes."""

from __future__ import annotations

from typing import Any, Dict, Optional

from rasa.core.tracker_store import TrackerStore
from sanic import Sanic

from assistant.channels.background import Background
from assistant.channels.inbox import Inbox
from assistant.channels.slack.answering import CHANNEL, Answering
from assistant.channels.slack.payloads import Body, MalformedError, Message, kind_of, read, team_of
from assistant.channels.slack.requests import RefusedError
from assistant.channels.slack.sockets import Sockets
from assistant.channels.slack.web_api import WebApi
from assistant.channels.turns import Handler
from assistant.settings import SlackSettings

# ``make serve`` waits ten seconds for the server to stop.
_FINISH_SECONDS = 6.0
_DIRECT_MESSAGE = "directmessage"


class Bot:
    """The assistant in Slack."""

    def __init__(self, settings: SlackSettings, on_new_message: Handler) -> None:
        self._settings = settings
        self._api = WebApi(settings.bot_token, settings.api_url)
        self._answering = Answering(self._api, on_new_message, self._store)
        self._background = Background()
        self._inbox = Inbox(CHANNEL)
        self._sockets = Sockets(settings.app_token, self._api, self.receive) if settings.app_token else None
        self._app: Optional[Sanic] = None

    async def open(self, app: Sanic) -> None:
        """Get ready for messages."""
        self._app = app
        await self._api.open()

    def connect(self) -> None:
        """Answer what a killed server has left, and open the connection of Socket Mode, if it is used."""
        for receipt in self._inbox.left:
            self._background.add(self._answering.answer(Message.from_json(receipt.message), receipt))
        if self._sockets:
            self._sockets.start()

    async def close(self) -> None:
        """Take no more messages over the connection, and answer those that came."""
        if self._sockets:
            await self._sockets.stop()
        await self._background.finish(_FINISH_SECONDS)
        await self._api.close()

    def receive(self, body: Body) -> Dict[str, Any]:
        """Take an event, an interaction or a command; what is said is answered in the background.

        Returns:
            What Slack gets at once, often nothing.

        Raises:
            RefusedError: it is malformed, or comes from a workspace that is not allowed.
        """
        try:
            kind = kind_of(body)
            if kind == "url_verification":
                return _challenge(body)
            if kind == "ssl_check":
                return {}
            if self._settings.teams and team_of(body) not in self._settings.teams:
                raise RefusedError(403, "the workspace is not allowed (SLACK_TEAMS)")
            message = read(body)
        except MalformedError as error:
            raise RefusedError(400, str(error)) from None
        if message:
            self._background.add(self._answering.answer(message, self._inbox.accept(message.to_json())))
        return _to_the_answer(body) if kind == "command" else {}

    def _store(self) -> TrackerStore:
        return self._app.ctx.agent.tracker_store


def _challenge(body: Body) -> Dict[str, Any]:
    challenge = body.get("challenge")
    if not isinstance(challenge, str):
        raise MalformedError("it has no challenge")
    return {"challenge": challenge}


def _to_the_answer(body: Body) -> Dict[str, Any]:
    """The way to the direct messages for somebody who called elsewhere, which nobody else sees."""
    if body.get("channel_name") == _DIRECT_MESSAGE or not body.get("api_app_id"):
        return {}
    address = f"https://slack.com/app_redirect?app={body['api_app_id']}&team={body['team_id']}"
    return {"response_type": "ephemeral", "text": f"💬 <{address}|Partner Support>"}
