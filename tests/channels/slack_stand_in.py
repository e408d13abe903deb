"""A stand-in of Slack: its Web API, its Socket Mode, and people who use it."""

from __future__ import annotations

import asyncio
import itertools
import json
import sqlite3
import threading
import uuid
from collections import defaultdict, deque
from typing import Any, Deque, Dict, List, Optional, Tuple
from urllib.parse import urlencode

import requests
from aiohttp import WSMsgType, web
from slack_sdk.signature import Clock, SignatureVerifier

from tests.channels.slack_blocks import problems
from tests.server import Assistant, wait_for

BOT_TOKEN, APP_TOKEN, SECRET = "xoxb-stand-in", "xapp-stand-in", "8f742231b10e8888abcd99aaabbb85a5"
TEAM, BOT, APP = "T012AB3CD", "U0BOT", "A0APP"
Body = Dict[str, Any]


class SlackStandIn:
    """The servers of Slack, on a free port of this machine; refuses what Slack would refuse."""

    def __init__(self) -> None:
        self.port = 0
        self.messages: Dict[str, Body] = {}
        self.refused: List[List[str]] = []
        self.calls: List[str] = []
        self.locales: Dict[str, str] = {}
        self.failures: Dict[str, Deque[Tuple[int, Dict[str, str], Any]]] = defaultdict(deque)
        self.held: set[str] = set()
        self.unconfirmed: set[str] = set()
        self.acknowledged: Dict[str, Any] = {}
        self.tickets: List[str] = []
        self._sockets: List[web.WebSocketResponse] = []
        self._ts = itertools.count(1)
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, daemon=True).start()
        self._run(self._start())

    @property
    def environment(self) -> Dict[str, str]:
        """The variables that let an assistant talk to it."""
        proxies = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), "")
        return {
            **proxies,
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            "SLACK_API_URL": f"http://127.0.0.1:{self.port}/api/",
        }

    def close(self) -> None:
        self._run(self._runner.cleanup())
        self._loop.call_soon_threadsafe(self._loop.stop)

    def next_ts(self) -> str:
        return f"1700000000.{next(self._ts):06}"

    def fail(self, method: str, status: int, answer: Any = "", **headers: str) -> None:
        """Answer the next call of a method like this."""
        self.failures[method].append((status, headers, answer))

    def posted(self, channel: str) -> List[Body]:
        """The messages in a channel, in order."""
        return [message for message in list(self.messages.values()) if message["channel"] == channel]

    @property
    def connections(self) -> int:
        return len(self._sockets)

    @property
    def connected(self) -> bool:
        return bool(self._sockets) and not self._sockets[-1].closed

    def push(self, kind: str, payload: Any) -> str:
        """Send an envelope over the newest connection; returns its id."""
        envelope = uuid.uuid4().hex
        self._run(self._sockets[-1].send_json({"envelope_id": envelope, "type": kind, "payload": payload}))
        return envelope

    def send_raw(self, text: str) -> None:
        self._run(self._sockets[-1].send_str(text))

    def disconnect(self, politely: bool) -> None:
        """Ask the client to connect anew, as Slack does now and then, or drop it."""
        socket = self._sockets[-1]
        if politely:
            self._run(socket.send_json({"type": "disconnect", "reason": "refresh_requested"}))
        else:
            self._run(socket.close())

    def _run(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _start(self) -> None:
        app = web.Application()
        app.router.add_route("*", "/api/{method}", self._call)
        app.router.add_get("/link", self._connect)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.port = self._runner.addresses[0][1]

    async def _call(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        self.calls.append(method)
        if method in self.held:
            return await self._hold(method)
        if self.failures[method]:
            status, headers, answer = self.failures[method].popleft()
            if isinstance(answer, dict):
                return web.json_response(answer, status=status, headers=headers)
            return web.Response(text=answer, status=status, headers=headers, content_type="text/html")
        token = APP_TOKEN if method == "apps.connections.open" else BOT_TOKEN
        if request.headers.get("Authorization") != f"Bearer {token}":
            return web.json_response({"ok": False, "error": "invalid_auth"})
        arguments = await request.json() if request.content_type == "application/json" else request.query
        answer = getattr(self, f"_{method.replace('.', '_')}")(arguments)
        return await self._hold(method) if method in self.unconfirmed else web.json_response(answer)

    async def _hold(self, method: str) -> web.Response:
        """Let a caller wait until it goes away, as a network does that swallows its packets."""
        while method in self.held | self.unconfirmed:
            await asyncio.sleep(0.02)
        return web.Response(status=503)

    def _chat_postMessage(self, message: Body) -> Body:
        return self._keep(self.next_ts(), message)

    def _conversations_history(self, arguments: Body) -> Body:
        if not arguments["channel"].startswith("D"):
            return {"ok": False, "error": "missing_scope"}
        posted = self.posted(arguments["channel"])
        return {"ok": True, "messages": posted[::-1][: int(arguments["limit"])]}

    def _conversations_replies(self, arguments: Body) -> Body:
        answer = self._conversations_history(arguments)
        messages = answer.get("messages", [])
        return {**answer, "messages": [each for each in messages if each.get("thread_ts") == arguments["ts"]]}

    def _chat_update(self, message: Body) -> Body:
        old = self.messages.get(message["ts"])
        if not old or old["channel"] != message["channel"]:
            return {"ok": False, "error": "message_not_found"}
        return self._keep(message["ts"], {**old, **message})

    def _keep(self, ts: str, message: Body) -> Body:
        found = problems(message)
        if found:
            self.refused.append(found)
            return {"ok": False, "error": "invalid_blocks"}
        self.messages[ts] = {**message, "ts": ts}
        return {"ok": True, "channel": message["channel"], "ts": ts}

    def _users_info(self, arguments: Body) -> Body:
        if arguments.get("include_locale") not in ("1", "true", "True"):
            return {"ok": True, "user": {"id": arguments["user"]}}
        locale = self.locales.get(arguments["user"])
        if not locale:
            return {"ok": False, "error": "user_not_found"}
        return {"ok": True, "user": {"id": arguments["user"], "locale": locale}}

    def _conversations_open(self, arguments: Body) -> Body:
        return {"ok": True, "channel": {"id": direct(arguments["users"])}}

    def _apps_connections_open(self, arguments: Body) -> Body:
        ticket = uuid.uuid4().hex
        self.tickets.append(ticket)
        return {"ok": True, "url": f"ws://127.0.0.1:{self.port}/link?ticket={ticket}"}

    async def _connect(self, request: web.Request) -> web.StreamResponse:
        if self.failures["connect"]:
            self.tickets.clear()
            return web.Response(status=self.failures["connect"].popleft()[0])
        ticket = request.query.get("ticket", "")
        if ticket not in self.tickets:
            return web.Response(status=408)
        self.tickets.remove(ticket)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"type": "hello", "num_connections": 1})
        self._sockets.append(socket)
        async for message in socket:
            if message.type == WSMsgType.TEXT:
                answer = json.loads(message.data)
                self.acknowledged[answer["envelope_id"]] = answer.get("payload")
        return socket


class _FixedClock(Clock):
    def __init__(self, offset: float) -> None:
        self.offset = offset

    def now(self) -> float:
        return super().now() + self.offset


class Slack:
    """People of a workspace, whose doings reach the assistant as signed requests."""

    def __init__(self, assistant: Assistant, stand_in: SlackStandIn) -> None:
        self.assistant = assistant
        self.stand_in = stand_in
        self.url = f"{assistant.url}/webhooks/slack/webhook"

    def send(
        self,
        body: Any,
        media_type: str = "application/json; charset=utf-8",
        secret: str = SECRET,
        age: float = 0,
        **headers: Optional[str],
    ) -> requests.Response:
        """Send a body, signed with Slack's own library as it was so many seconds ago."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        signer = SignatureVerifier(secret)
        timestamp = str(int(_FixedClock(-age).now()))
        try:
            signature = signer.generate_signature(timestamp=timestamp, body=data)
        except UnicodeDecodeError:
            signature = "v0=" + "0" * 64
        all_headers = {
            "Content-Type": media_type,
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature,
            **headers,
        }
        return requests.post(self.url, data=data, headers=all_headers, timeout=30)

    def form(self, fields: Body, **more: Any) -> requests.Response:
        return self.send(urlencode(fields).encode(), "application/x-www-form-urlencoded", **more)

    def interact(self, payload: Any, **more: Any) -> requests.Response:
        return self.form({"payload": json.dumps(payload)}, **more)


class Person:
    """Somebody who uses Slack."""

    def __init__(self, slack: Slack, locale: Optional[str] = "en-US") -> None:
        self.slack = slack
        self.stand_in = slack.stand_in
        self.id = f"U{uuid.uuid4().hex[:10].upper()}"
        if locale:
            self.stand_in.locales[self.id] = locale

    @property
    def direct(self) -> str:
        return direct(self.id)

    def say(self, text: str, **event: Any) -> List[Body]:
        """Write to the assistant directly; returns what it answers."""
        return self._answers(self.direct, lambda: self.slack.send(said(self, text, **event)))

    def mention(self, channel: str, text: str, thread: Optional[str] = None) -> List[Body]:
        """Mention the assistant in a channel; returns what it answers."""
        return self._answers(
            channel, lambda: self.slack.send(mentioned(self, channel, f"<@{BOT}> {text}", thread))
        )

    def press(self, title: str, channel: Optional[str] = None) -> List[Body]:
        """Press the newest button with a title; returns what the assistant answers."""
        payload = pressed(self, self.shown(title, channel), title)
        return self._answers(channel or self.direct, lambda: self.slack.interact(payload))

    def shown(self, title: str, channel: Optional[str] = None) -> Body:
        """The newest message that has a button."""
        posted = self.stand_in.posted(channel or self.direct)
        return next(message for message in reversed(posted) if title in titles(message))

    def command(self, text: str, channel: str = "C0GENERAL") -> requests.Response:
        return self.slack.form(command(self, text, channel))

    def stored(self, kind: str) -> List[Body]:
        """The events of a kind in all conversations of this person."""
        with sqlite3.connect(self.slack.assistant.database) as connection:
            # The server makes the table with the first event.
            if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'events'").fetchone():
                return []
            rows = connection.execute(
                "SELECT data FROM events WHERE sender_id LIKE ? AND type_name = ? ORDER BY id",
                (f"%{self.id}%", kind),
            )
            return [json.loads(row[0]) for row in rows]

    def settle(self, heard: int, channel: Optional[str] = None) -> None:
        """Wait until so many messages were heard, and all answers to them are posted in a channel."""

        def is_quiet() -> bool:
            posted = len(self.stand_in.posted(channel or self.direct))
            return len(self.stored("user")) >= heard and posted >= len(self.stored("bot")) > 0

        wait_for(is_quiet)

    def _answers(self, channel: str, act: Any) -> List[Body]:
        before, replies = len(self.stand_in.posted(channel)), len(self.stored("bot"))
        answer = act()
        assert (answer.status_code, answer.text) == (200, "")
        # Replies are stored before the first of them is posted.
        wait_for(
            lambda: len(self.stand_in.posted(channel)) - before >= max(1, len(self.stored("bot")) - replies)
        )
        return self.stand_in.posted(channel)[before:]


def direct(user: str) -> str:
    return f"D{user[1:]}"


def happening(event: Body, team: str = TEAM, event_id: Optional[str] = None) -> Body:
    """An event as Slack wraps it."""
    return {
        "token": "unused",
        "team_id": team,
        "api_app_id": APP,
        "type": "event_callback",
        "event_id": event_id or f"Ev{uuid.uuid4().hex}",
        "event_time": 1700000000,
        "authorizations": [{"enterprise_id": None, "team_id": team, "user_id": BOT, "is_bot": True}],
        "event": event,
    }


def said(person: Person, text: str, event_id: Optional[str] = None, team: str = TEAM, **more: Any) -> Body:
    """A direct message."""
    ts = person.stand_in.next_ts()
    event = {"type": "message", "channel": person.direct, "channel_type": "im", "user": person.id}
    return happening({**event, "text": text, "ts": ts, "event_ts": ts, **more}, team, event_id)


def mentioned(person: Person, channel: str, text: str, thread: Optional[str] = None) -> Body:
    """A mention in a channel."""
    ts = person.stand_in.next_ts()
    event = {"type": "app_mention", "channel": channel, "user": person.id, "text": text, "ts": ts}
    return happening({**event, "event_ts": ts, **({"thread_ts": thread} if thread else {})})


def pressed(person: Person, message: Body, title: str) -> Body:
    """A press on a button of a message, which Slack shows with its own blocks for Markdown."""
    button = next(button for button in _buttons(message) if button["text"]["text"] == title)
    place = {key: message[key] for key in ("thread_ts",) if message.get(key)}
    return {
        "type": "block_actions",
        "user": {"id": person.id, "username": "jane", "team_id": TEAM},
        "team": {"id": TEAM, "domain": "contoso"},
        "container": {"type": "message", "message_ts": message["ts"], "channel_id": message["channel"]},
        "channel": {"id": message["channel"], "name": "directmessage"},
        "message": {
            "type": "message",
            "user": BOT,
            "ts": message["ts"],
            "text": message["text"],
            "blocks": [_shown(block) for block in message["blocks"]],
            **place,
        },
        "trigger_id": uuid.uuid4().hex,
        "response_url": "https://hooks.slack.com/actions/unused",
        "actions": [{"block_id": "x", "action_ts": person.stand_in.next_ts(), **button}],
    }


def command(person: Person, text: str, channel: str = "C0GENERAL") -> Body:
    """The slash command."""
    return {
        "token": "unused",
        "team_id": TEAM,
        "channel_id": channel,
        "channel_name": "directmessage" if channel.startswith("D") else "general",
        "user_id": person.id,
        "command": "/partnersupport",
        "text": text,
        "api_app_id": APP,
        "response_url": "https://hooks.slack.com/commands/unused",
        "trigger_id": uuid.uuid4().hex,
    }


def _shown(block: Body) -> Body:
    if block["type"] != "markdown":
        return {**block, "block_id": uuid.uuid4().hex[:5]}
    words = {"type": "rich_text_section", "elements": [{"type": "text", "text": block["text"]}]}
    return {"type": "rich_text", "block_id": uuid.uuid4().hex[:5], "elements": [words]}


def words(messages: List[Body]) -> str:
    """What messages say."""
    return "\n".join(message["text"] for message in messages)


def titles(message: Body) -> List[str]:
    """The buttons of a message that answer it."""
    return [button["text"]["text"] for button in _buttons(message) if "value" in button]


def _buttons(message: Body) -> List[Body]:
    return [one for block in message["blocks"] if block["type"] == "actions" for one in block["elements"]]
