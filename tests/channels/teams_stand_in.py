"""A stand-in of Microsoft: sign-in, the Bot Framework's keys, the connector, and people in Teams."""

from __future__ import annotations

import asyncio
import datetime
import ipaddress
import itertools
import json
import sqlite3
import ssl
import threading
import time
import uuid
from collections import deque
from dataclasses import dataclass, field
from itertools import takewhile
from pathlib import Path
from typing import Any, Deque, Dict, List, Optional, Tuple

import jwt
import requests
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from tests.channels.teams_cards import problems
from tests.server import Assistant, wait_for

APP, PASSWORD = "11111111-2222-3333-4444-555555555555", "a password"
TENANT = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"
ISSUER = "https://api.botframework.com"
BOT = {"id": f"28:{APP}", "name": "Partner Support"}
KEY_ID = "stand-in"
_HOSTS = ("localhost", "login.microsoftonline.com")
Body = Dict[str, Any]


def new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def public_jwk(key: rsa.RSAPrivateKey, key_id: str, endorsements: Optional[List[str]]) -> Body:
    jwk = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key()))
    jwk.update(kid=key_id, use="sig")
    return jwk if endorsements is None else {**jwk, "endorsements": endorsements}


class TeamsStandIn:
    """Microsoft's servers on free ports of this machine; refuse what Microsoft would refuse."""

    def __init__(self, folder: Path) -> None:
        self.key = new_key()
        self.keys = [public_jwk(self.key, KEY_ID, ["msteams"])]
        self.activities: List[Tuple[str, str, Body]] = []
        self.refused: List[Any] = []
        self.failures: Deque[Tuple[int, Dict[str, str]]] = deque()
        self.key_requests = 0
        self.token_requests = 0
        self.service_url = ""
        self.certificate = folder / "certificate.pem"
        self._ids = itertools.count(1)
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, daemon=True).start()
        self._run(self._start(_tls(self.certificate)))

    @property
    def environment(self) -> Dict[str, str]:
        """The variables that let an assistant talk to it."""
        proxies = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), "")
        return {
            **proxies,
            "TEAMS_APP_ID": APP,
            "TEAMS_APP_PASSWORD": PASSWORD,
            "TEAMS_TENANT_ID": TENANT,
            "TEAMS_OPENID_URL": f"{self.url}/openid",
            "TEAMS_LOGIN_URL": f"https://localhost:{self.tls_port}",
            "REQUESTS_CA_BUNDLE": str(self.certificate),
        }

    def close(self) -> None:
        self._run(self._runner.cleanup())
        self._loop.call_soon_threadsafe(self._loop.stop)

    def token(
        self, key: Optional[rsa.RSAPrivateKey] = None, kid: Optional[str] = KEY_ID, **claims: Any
    ) -> str:
        """A token as the Bot Framework signs it, with other claims, or without those that are ``None``."""
        now = int(time.time())
        usual = {"iss": ISSUER, "aud": APP, "nbf": now - 60, "exp": now + 3600}
        wanted = {**usual, "serviceurl": self.service_url, **claims}
        wanted = {name: value for name, value in wanted.items() if value is not None}
        headers = {} if kid is None else {"kid": kid}
        return jwt.encode(wanted, key or self.key, algorithm="RS256", headers=headers)

    def sent_to(self, conversation: str, *kinds: str) -> List[Body]:
        """The messages that a conversation got, as they are now."""
        wanted = kinds or ("message",)
        messages = [body for _, place, body in self.activities if place == conversation]
        return [body for body in messages if body["type"] in wanted]

    def _run(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(30)

    async def _start(self, context: ssl.SSLContext) -> None:
        app = web.Application(client_max_size=10_000_000)
        app.router.add_get("/openid", self._openid)
        app.router.add_get("/keys", self._keys)
        app.router.add_get("/{tenant}/discovery/v2.0/keys", self._keys)
        app.router.add_get("/{tenant}/v2.0/.well-known/openid-configuration", self._tenant)
        app.router.add_get("/broken/{path:.*}", self._broken)
        app.router.add_post("/{tenant}/oauth2/v2.0/token", self._token)
        app.router.add_route(
            "*", "/connector/v3/conversations/{conversation}/activities/{id}", self._activity
        )
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        plain = web.TCPSite(self._runner, "127.0.0.1", 0)
        secure = web.TCPSite(self._runner, "127.0.0.1", 0, ssl_context=context)
        await plain.start()
        await secure.start()
        port, self.tls_port = (site._server.sockets[0].getsockname()[1] for site in (plain, secure))
        self.url = f"http://127.0.0.1:{port}"
        self.service_url = f"{self.url}/connector/"

    async def _openid(self, request: web.Request) -> web.Response:
        return web.json_response({"issuer": ISSUER, "jwks_uri": f"{self.url}/keys"})

    async def _keys(self, request: web.Request) -> web.Response:
        self.key_requests += 1
        return web.json_response({"keys": self.keys})

    async def _tenant(self, request: web.Request) -> web.Response:
        base = f"https://{request.host}/{request.match_info['tenant']}"
        endpoints = {f"{name}_endpoint": f"{base}/oauth2/v2.0/{name}" for name in ("authorization", "token")}
        return web.json_response(
            {**endpoints, "issuer": f"{base}/v2.0", "jwks_uri": f"{base}/discovery/v2.0/keys"}
        )

    async def _broken(self, request: web.Request) -> web.Response:
        return web.Response(status=500)

    async def _token(self, request: web.Request) -> web.Response:
        form = await request.post()
        self.token_requests += 1
        if form["client_secret"] != PASSWORD:
            text = f"AADSTS7000215: Invalid client secret provided for {form['client_id']}.\r\nTrace ID: 1"
            return web.json_response({"error": "invalid_client", "error_description": text}, status=401)
        # A playground asks for a token for the bot, the bot for one for the connector.
        audience = APP if form["scope"].startswith(APP) else ISSUER
        token = self.token(aud=audience)
        return web.json_response({"access_token": token, "token_type": "Bearer", "expires_in": 3600})

    async def _activity(self, request: web.Request) -> web.Response:
        body = await request.json()
        conversation, activity_id = request.match_info["conversation"], request.match_info["id"]
        wrong = [*problems(body), *self._unauthorised(request)]
        if body["conversation"] != {"id": conversation} or body["from"] != {"id": BOT["id"]}:
            wrong.append(f"not from the bot to {conversation}")
        if wrong:
            self.refused.append(wrong)
            return web.json_response({"error": wrong}, status=400)
        if self.failures and body["type"] == "message":
            status, headers = self.failures.popleft()
            return web.json_response({}, status=status, headers=headers)
        if request.method == "PUT":
            [place] = [i for i, (_, _, old) in enumerate(self.activities) if old["id"] == activity_id]
            old = self.activities[place][2]
            self.activities[place] = ("PUT", conversation, {**old, **body})
            return web.json_response({"id": activity_id})
        new_id = str(next(self._ids))
        self.activities.append((request.method, conversation, {**body, "id": new_id}))
        return web.json_response({"id": new_id}, status=201)

    def _unauthorised(self, request: web.Request) -> List[str]:
        _, _, token = request.headers.get("Authorization", "").partition(" ")
        try:
            jwt.decode(token, self.key.public_key(), algorithms=["RS256"], audience=ISSUER)
        except jwt.InvalidTokenError as error:
            return [f"token: {error}"]
        return []


@dataclass
class Person:
    """Somebody who talks to the bot in a personal chat, a group chat or a channel."""

    teams: TeamsStandIn
    assistant: Assistant
    locale: Optional[str] = "en-US"
    kind: str = "personal"
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    conversation: str = field(default_factory=lambda: f"a:{uuid.uuid4().hex}")

    @property
    def sender(self) -> str:
        person = f"teams:{TENANT}:{self.id}"
        place = self.conversation.partition(";messageid=")[0]
        return person if self.kind == "personal" else f"{person}:{place}"

    def activity(self, **fields: Any) -> Body:
        usual = {
            "type": "message",
            "id": uuid.uuid4().hex,
            "channelId": "msteams",
            "serviceUrl": self.teams.service_url,
            "from": {"id": f"29:{self.id}", "aadObjectId": self.id, "name": "Jane"},
            "recipient": BOT,
            "conversation": {"id": self.conversation, "conversationType": self.kind, "tenantId": TENANT},
            "channelData": {"tenant": {"id": TENANT}},
            "locale": self.locale,
        }
        return {name: value for name, value in {**usual, **fields}.items() if value is not None}

    def post(self, body: Any, authorization: Optional[str] = None) -> requests.Response:
        header = f"Bearer {self.teams.token()}" if authorization is None else authorization
        return requests.post(
            f"{self.assistant.url}/webhooks/teams/webhook",
            data=body if isinstance(body, bytes) else json.dumps(body),
            headers={"Authorization": header, "Content-Type": "application/json"},
            timeout=30,
        )

    def say(self, text: str, **fields: Any) -> List[Body]:
        """Says some words; returns the messages that answer them."""
        return self.does(text=text, **fields)

    def does(self, **fields: Any) -> List[Body]:
        """Lets something happen; returns the messages that answer it."""
        activity = self.activity(**fields)
        reply = self.post(activity)
        assert reply.status_code == 200, reply.text
        return self.answers_to(activity["id"])

    def mentions(self, text: str) -> List[Body]:
        """Says some words to the bot in a group."""
        at = f"<at>{BOT['name']}</at>"
        entity = {"type": "mention", "text": at, "mentioned": BOT}
        return self.say(f"{at}&nbsp;{text}", entities=[entity])

    def presses(self, message: Body, title: str) -> List[Body]:
        """Presses a button on a client that sends messages (``Action.Submit``)."""
        return self.does(replyToId=message["id"], value=action_of(message, title)["fallback"]["data"])

    def executes(self, message: Body, title: str) -> Tuple[Body, List[Body]]:
        """Presses a button on a client that waits for the new card (``Action.Execute``).

        Returns:
            What the client gets, and the messages that answer.
        """
        invoke = {"type": "invoke", "name": "adaptiveCard/action"}
        value = {"action": action_of(message, title)}
        activity = self.activity(**invoke, replyToId=message["id"], value=value)
        reply = self.post(activity)
        assert reply.status_code == 200, reply.text
        return reply.json(), self.answers_to(activity["id"])

    def answers_to(self, activity_id: str) -> List[Body]:
        """The messages that answer an activity, when all have come."""
        wait_for(lambda: self._is_answered(activity_id) or self.teams.refused)
        assert self.teams.refused == []
        return [message for message in self.messages if message["replyToId"] == activity_id]

    @property
    def messages(self) -> List[Body]:
        """All messages of the conversation, as they are now."""
        return self.teams.sent_to(self.conversation)

    @property
    def kept(self) -> List[str]:
        """What the assistant keeps of what this person said here."""
        return [event["text"] for event in self._events() if event["event"] == "user"]

    def _is_answered(self, activity_id: str) -> bool:
        sent = [message for message in self.messages if message["replyToId"] == activity_id]
        events = self._events()
        own = [number for number, event in enumerate(events) if event.get("message_id") == activity_id]
        rest = takewhile(lambda event: event["event"] != "user", events[own[0] + 1 :] if own else [])
        said = [event for event in rest if event["event"] == "bot"]
        return bool(said) and len(sent) == len(said)

    def _events(self) -> List[Body]:
        with sqlite3.connect(self.assistant.database) as connection:
            rows = connection.execute(
                "SELECT data FROM events WHERE sender_id = ? ORDER BY id", (self.sender,)
            ).fetchall()
        return [json.loads(data) for (data,) in rows]


def actions_of(message: Body) -> List[Body]:
    cards = [attachment["content"] for attachment in message.get("attachments", [])]
    return [action for card in cards for element in card["body"] for action in element.get("actions", [])]


def action_of(message: Body, title: str) -> Body:
    return next(action for action in actions_of(message) if action["title"] == title)


def text_of(message: Body) -> str:
    cards = [attachment["content"] for attachment in message.get("attachments", [])]
    return message.get("text") or "\n".join(
        element["text"] for card in cards for element in card["body"] if "text" in element
    )


def _tls(certificate: Path) -> ssl.SSLContext:
    """A certificate of our own for the sign-in service, which only takes https."""
    key = new_key()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "stand-in")])
    now = datetime.datetime.now(datetime.timezone.utc)
    names = [*map(x509.DNSName, _HOSTS), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = certificate.with_suffix(".key")
    certificate.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, private)
    return context
