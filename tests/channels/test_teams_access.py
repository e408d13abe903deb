"""Teams: who is let in, and where replies may go."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import re
import time
from typing import Any, Callable, Dict

import aiohttp
import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from multidict import CIMultiDict

from assistant.channels.reach import UnreachableError
from assistant.channels.teams import keys as keys_module
from assistant.channels.teams import tokens as tokens_module
from assistant.channels.teams.activity import Activity
from assistant.channels.teams.gate import Gate, Pass, RefusedError
from assistant.channels.teams.keys import KeysUnavailableError, SigningKeys
from assistant.channels.teams.tokens import BotToken, NoTokenError, _codes
from assistant.commands.environment import ROOT
from assistant.settings import TeamsSettings
from tests.channels.teams_stand_in import (
    APP,
    ISSUER,
    KEY_ID,
    PASSWORD,
    TENANT,
    Person,
    TeamsStandIn,
    new_key,
    public_jwk,
)
from tests.server import Assistant, free_port, running

OTHER_TENANT = "99999999-bbbb-cccc-dddd-eeeeeeeeeeee"
NOW = int(time.time())


@pytest.fixture(scope="module")
def teams(tmp_path_factory):
    stand_in = TeamsStandIn(tmp_path_factory.mktemp("teams"))
    for key_id, endorsements in (("unendorsed", []), ("silent", None), ("webchat", ["webchat"])):
        stand_in.keys.append(public_jwk(stand_in.key, key_id, endorsements))
    yield stand_in
    stand_in.close()


@pytest.fixture(scope="module")
def assistant(teams, tmp_path_factory):
    with running(Assistant(tmp_path_factory.mktemp("assistant"), teams.environment)) as assistant:
        yield assistant


@pytest.fixture
def jane(teams, assistant) -> Person:
    return Person(teams, assistant)


def bearer(make: Callable[[TeamsStandIn], str]) -> Callable[[TeamsStandIn], str]:
    return lambda teams: f"Bearer {make(teams)}"


def claims_of(teams: TeamsStandIn) -> Dict[str, Any]:
    return jwt.decode(teams.token(), options={"verify_signature": False})


def signed_with_the_public_key(teams: TeamsStandIn) -> str:
    """What a library takes that lets the token choose the algorithm."""
    public = teams.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    header = {"alg": "HS256", "typ": "JWT", "kid": KEY_ID}
    parts = [json.dumps(part).encode() for part in (header, claims_of(teams))]
    message = b".".join(base64.urlsafe_b64encode(part).rstrip(b"=") for part in parts)
    signature = hmac.new(public, message, hashlib.sha256).digest()
    return (message + b"." + base64.urlsafe_b64encode(signature).rstrip(b"=")).decode()


def changed(teams: TeamsStandIn) -> str:
    header, _, signature = teams.token().split(".")
    claims = json.dumps({**claims_of(teams), "exp": NOW + 9_000_000}).encode()
    return f"{header}.{base64.urlsafe_b64encode(claims).rstrip(b'=').decode()}.{signature}"


UNAUTHENTICATED: Dict[str, Callable[[TeamsStandIn], str]] = {
    "no header": lambda teams: "",
    "another scheme": lambda teams: f"Basic {teams.token()}",
    "no token": lambda teams: "Bearer ",
    "garbage": lambda teams: "Bearer abc.def.ghi",
    "not ascii": lambda teams: "Bearer ÄÖÜ",
    "two tokens": lambda teams: f"Bearer {teams.token()} {teams.token()}",
    "wrong signature": bearer(lambda teams: teams.token(key=new_key())),
    "changed claims": bearer(changed),
    "no signature": bearer(lambda teams: teams.token().rpartition(".")[0] + "."),
    "alg none": bearer(lambda teams: jwt.encode(claims_of(teams), None, "none", headers={"kid": KEY_ID})),
    "HS256 with the public key": bearer(signed_with_the_public_key),
    "RS512": bearer(lambda teams: jwt.encode(claims_of(teams), teams.key, "RS512", headers={"kid": KEY_ID})),
    "unknown kid": bearer(lambda teams: teams.token(kid="unknown")),
    "missing kid": bearer(lambda teams: teams.token(kid=None)),
    "empty kid": bearer(lambda teams: teams.token(kid="")),
    "wrong issuer": bearer(lambda teams: teams.token(iss="https://sts.windows.net/x/")),
    "missing issuer": bearer(lambda teams: teams.token(iss=None)),
    "wrong audience": bearer(lambda teams: teams.token(aud=OTHER_TENANT)),
    "missing audience": bearer(lambda teams: teams.token(aud=None)),
    "expired": bearer(lambda teams: teams.token(exp=NOW - 400)),
    "missing exp": bearer(lambda teams: teams.token(exp=None)),
    "not yet valid": bearer(lambda teams: teams.token(nbf=NOW + 900)),
    "missing nbf": bearer(lambda teams: teams.token(nbf=None)),
    "exp that is no time": bearer(lambda teams: teams.token(exp="tomorrow")),
}


@pytest.mark.parametrize("authorization", UNAUTHENTICATED.values(), ids=UNAUTHENTICATED.keys())
def test_a_request_without_a_valid_token_is_refused(jane, authorization):
    header = authorization(jane.teams).encode("utf-8")
    reply = jane.post(jane.activity(text="Hello"), header)
    assert reply.status_code == 401
    assert jane.messages == []
    token = header.decode().partition(" ")[2]
    log = (jane.assistant.folder / "log" / "rasa.log").read_text(encoding="utf-8")
    assert "Teams: refused a request (401)" in log
    assert not token or token not in log
    assert "Traceback" not in log


UNAUTHORISED: Dict[str, Callable[[Person], Any]] = {
    "wrong serviceurl": lambda jane: ({}, {"serviceurl": "https://smba.trafficmanager.net/other/"}),
    "missing serviceurl": lambda jane: ({}, {"serviceurl": None}),
    "serviceurl that is no text": lambda jane: ({}, {"serviceurl": [jane.teams.service_url]}),
    "another serviceUrl": lambda jane: ({"serviceUrl": f"{jane.teams.service_url}x"}, {}),
    "wrong tenant": lambda jane: (tenants(OTHER_TENANT, OTHER_TENANT), {}),
    "two tenants": lambda jane: (tenants(TENANT, OTHER_TENANT), {}),
    "no tenant": lambda jane: (tenants(None, None), {}),
    "ids that are too long": lambda jane: ({"from": {"id": "29:x", "aadObjectId": "x" * 250}}, {}),
    "key that endorses nothing": lambda jane: ({}, {"kid": "unendorsed"}),
    "key without endorsements": lambda jane: ({}, {"kid": "silent"}),
    "key of another channel": lambda jane: ({}, {"kid": "webchat"}),
    "another channel": lambda jane: ({"channelId": "webchat"}, {"kid": "webchat"}),
    "the emulator's channel": lambda jane: ({"channelId": "emulator"}, {}),
    **{
        f"service at {address}": lambda jane, address=address: (
            {"serviceUrl": address},
            {"serviceurl": address},
        )
        for address in (
            "https://evil.example/",
            "http://smba.trafficmanager.net/emea/",
            "https://smba.trafficmanager.net.evil.example/",
            "https://smba.trafficmanager.net@evil.example/",
            "https://evil.example/?https://smba.trafficmanager.net/",
        )
    },
}


def tenants(data: Any, conversation: Any) -> Dict[str, Any]:
    place = {"id": "a:place", "conversationType": "personal"}
    return {
        "channelData": {"tenant": {"id": data}} if data else {},
        "conversation": {**place, "tenantId": conversation} if conversation else place,
    }


@pytest.mark.parametrize("case", UNAUTHORISED.values(), ids=UNAUTHORISED.keys())
def test_an_activity_that_its_token_does_not_vouch_for_is_refused(jane, case):
    fields, token = case(jane)
    reply = jane.post(jane.activity(text="Hello", **fields), f"Bearer {jane.teams.token(**token)}")
    assert reply.status_code == 403
    assert jane.teams.activities == []


MALFORMED = {
    "empty": b"",
    "half": b"{",
    "list": b"[]",
    "pairs": b"[[true, false]]",
    "null": b"null",
    "text": b'"text"',
    "not utf-8": b"\xff\xfe",
    "nothing in it": b"{}",
    "very deep": b"[" * 60_000,
}
WRONG_FIELDS = [
    {"type": 5},
    {"type": None},
    {"id": None},
    {"id": ""},
    {"id": {"a": 1}},
    {"from": None},
    {"from": "Jane"},
    {"from": {"id": 5}},
    {"recipient": []},
    {"conversation": None},
    {"conversation": {"conversationType": "personal"}},
    {"conversation": {"id": "a b\n"}},
    {"conversation": {"id": "x" * 1000}},
    {"serviceUrl": None},
    {"channelId": 7},
    {"text": ["Hello"]},
    {"text": {"a": 1}},
    {"entities": "mention"},
    {"entities": [5]},
    {"locale": 5},
    {"channelData": "x"},
    {"membersAdded": {"id": "x"}},
    {"replyToId": 5},
]


@pytest.mark.parametrize("body", MALFORMED.values(), ids=MALFORMED.keys())
def test_a_malformed_body_is_refused(jane, body):
    assert jane.post(body).status_code == 400


@pytest.mark.parametrize("fields", WRONG_FIELDS, ids=json.dumps)
def test_an_activity_with_fields_of_another_form_is_refused(jane, fields):
    activity = {**jane.activity(text="Hello"), **fields}
    reply = jane.post(activity)
    assert reply.status_code == 400
    assert f"the body is no activity ({next(iter(fields))}" in reply.json()["error"]
    assert jane.teams.activities == []


def test_a_body_that_is_too_large_is_refused(jane):
    assert jane.post(jane.activity(text="x" * 300_000)).status_code == 413


def test_times_may_be_five_minutes_off_and_the_usual_token_is_let_in(jane):
    token = jane.teams.token(exp=int(time.time()) - 200, nbf=int(time.time()) + 200)
    assert jane.post(jane.activity(type="typing"), f"Bearer {token}").status_code == 200


def settings(**changes: Any) -> TeamsSettings:
    return TeamsSettings(**{"app_id": APP, "password": PASSWORD, "tenant": TENANT, **changes})


def check(address: str, **changes: Any) -> None:
    account = {"id": "29:x"}
    activity = Activity.parse_obj(
        {
            "type": "message",
            "id": "1",
            "channelId": "msteams",
            "serviceUrl": address,
            "conversation": {"id": "a:1", "conversationType": "personal", "tenantId": TENANT.upper()},
            "from": account,
            "recipient": account,
        }
    )
    Gate(settings(**changes), None).check(activity, Pass(address, frozenset(["msteams"])))


@pytest.mark.parametrize(
    "address",
    [
        "https://smba.trafficmanager.net/emea/",
        "https://SMBA.trafficmanager.net/amer/0a1b/",
        "https://europe.directline.botframework.com",
    ],
)
def test_replies_go_to_microsofts_services(address):
    check(address)


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/",
        "https://botframework.com.evil.example/",
        "https://evilbotframework.com/",
        "https://evil.example\\@smba.trafficmanager.net/",
        "https://evil.example#@smba.trafficmanager.net/",
        "https://user:secret@smba.trafficmanager.net/",
        "https://smba.trafficmanager.net:8443/",
        "https://smba.trafficmanager.net:99999/",
        "http://smba.trafficmanager.net/emea/",
        "ftp://smba.trafficmanager.net/",
        "//smba.trafficmanager.net/",
        "smba.trafficmanager.net",
        "https://",
        "https://[::1",
        "http://127.0.0.1:5005/",
        "http://localhost/",
        "http://169.254.169.254/",
    ],
)
def test_replies_go_nowhere_else(address):
    with pytest.raises(RefusedError):
        check(address)


def test_without_authentication_replies_stay_on_this_machine():
    check("http://localhost:56150/_connector", is_test=True, checks_tokens=False)
    with pytest.raises(RefusedError):
        check("https://smba.trafficmanager.net/emea/", is_test=True, checks_tokens=False)


FROM_ELSEWHERE = [
    *({name: "x"} for name in ("Forwarded", "X-Forwarded-For", "x-forwarded-proto", "Origin")),
    *({"Host": host} for host in ("", "assistant.example.com", "127.0.0.1.evil.example", "localhost@evil:1")),
    *({"Content-Type": media_type} for media_type in ("", "text/plain", "application/x-www-form-urlencoded")),
]


@pytest.mark.parametrize("more", FROM_ELSEWHERE, ids=json.dumps)
def test_without_authentication_nothing_comes_from_elsewhere(more):
    gate = Gate(settings(is_test=True, checks_tokens=False), None)
    usual = {"Content-Type": "application/json; charset=utf-8", "Host": "127.0.0.1:5005"}
    with pytest.raises(RefusedError, match="while TEAMS_NO_AUTH is set") as refusal:
        asyncio.run(gate.admit(CIMultiDict({**usual, **more})))
    assert refusal.value.status == 403


@pytest.mark.parametrize("host", ["127.0.0.1:5005", "127.0.0.2", "localhost:56150", "[::1]:5005"])
def test_without_authentication_what_comes_from_this_machine_is_let_in(host):
    gate = Gate(settings(is_test=True, checks_tokens=False), None)
    local = {"Content-Type": "application/json; charset=utf-8", "Host": host}
    assert asyncio.run(gate.admit(CIMultiDict(local))) is None


def test_the_documentation_explains_each_refusal():
    page = (ROOT / "docs" / "teams.md").read_text(encoding="utf-8")
    sources = [file.read_text(encoding="utf-8") for file in (ROOT / "assistant/channels/teams").glob("*.py")]
    refusals = re.findall(r'RefusedError\((\d+), f?"([^"{(]+)', "".join(sources))
    assert len(refusals) > 10
    for status, reason in refusals:
        assert f"({status}): {reason.strip()}" in page


def test_every_tenant_is_let_in_if_the_owner_says_so():
    check("https://smba.trafficmanager.net/emea/", tenant=None)
    with pytest.raises(RefusedError, match="another tenant"):
        check("https://smba.trafficmanager.net/emea/", tenant=OTHER_TENANT)


def with_keys(openid_url: str, work: Callable[[SigningKeys], Any]) -> Any:
    async def run() -> Any:
        async with aiohttp.ClientSession() as session:
            return await work(SigningKeys(session, openid_url))

    return asyncio.run(run())


def test_keys_are_fetched_once_however_many_ask(teams):
    async def ask(keys: SigningKeys) -> None:
        before = teams.key_requests
        found = await asyncio.gather(*(keys.find(KEY_ID) for _ in range(50)))
        assert {key.endorsements for key in found} == {frozenset(["msteams"])}
        assert await asyncio.gather(*(keys.find(f"unknown {number}") for number in range(50))) == [None] * 50
        assert teams.key_requests == before + 1

    with_keys(f"{teams.url}/openid", ask)


def test_a_new_key_is_found_and_the_last_ones_stay_while_none_can_be_fetched(teams, monkeypatch):
    monkeypatch.setattr(keys_module, "_PAUSE", 0.0)

    async def ask(keys: SigningKeys) -> None:
        assert await keys.find("new") is None
        teams.keys.append(public_jwk(new_key(), "new", ["msteams"]))
        assert await keys.find("new") is not None
        teams.keys.append({"kid": "broken", "kty": "RSA", "n": "!", "e": "AQAB"})
        assert await keys.find("unknown") is None
        assert await keys.find(KEY_ID) is not None

    usual = list(teams.keys)
    try:
        with_keys(f"{teams.url}/openid", ask)
    finally:
        teams.keys[:] = usual


@pytest.mark.parametrize("path", ["", "/nothing", "/keys"])
def test_without_any_keys_nobody_is_let_in(teams, path):
    address = f"{teams.url}{path}" if path else f"http://127.0.0.1:{free_port()}/"

    async def ask(keys: SigningKeys) -> None:
        gate = Gate(settings(), keys)
        with pytest.raises(KeysUnavailableError):
            await keys.find(KEY_ID)
        with pytest.raises(RefusedError, match="keys cannot be fetched") as refusal:
            await gate.admit({"authorization": f"Bearer {teams.token()}"})
        assert refusal.value.status == 503

    with_keys(address, ask)


def headers(**changes: Any) -> Dict[str, str]:
    return asyncio.run(BotToken(settings(**changes)).headers())


def test_the_bot_signs_in_with_its_secret_at_its_tenant(teams, monkeypatch):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(teams.certificate))
    login = f"https://localhost:{teams.tls_port}"
    token = headers(login_url=login)["Authorization"].removeprefix("Bearer ")
    assert jwt.decode(token, options={"verify_signature": False})["aud"] == ISSUER
    assert headers(login_url=login, tenant=None)
    assert headers(checks_tokens=False) == {}
    with pytest.raises(NoTokenError, match=r"^invalid_client, AADSTS7000215$"):
        headers(login_url=login, password="wrong")


@pytest.mark.parametrize(
    "refusal, codes",
    [
        (
            {"error": "invalid_client", "error_description": "AADSTS7000229: The client application x is"},
            "invalid_client, AADSTS7000229",
        ),
        ({"error": "unauthorized_client"}, "unauthorized_client"),
        ({"error": "strange\nline", "error_description": ["AADSTS1"]}, "unknown error, AADSTS1"),
        ({}, "unknown error"),
    ],
)
def test_of_a_refused_sign_in_only_the_codes_are_told(refusal, codes):
    assert _codes(refusal) == codes


def test_a_sign_in_service_that_cannot_be_reached_is_told_in_words(teams, monkeypatch, caplog):
    for name in ("REQUESTS_CA_BUNDLE", "HTTPS_PROXY", "https_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(tokens_module, "_RETRY", tokens_module._RETRY.new(backoff_factor=0.0))
    with pytest.raises(UnreachableError, match=r"^localhost cannot be reached \(its certificate is not"):
        headers(login_url=f"https://localhost:{teams.tls_port}")
    with pytest.raises(UnreachableError, match=r"the name login\.invalid was not found"):
        headers(login_url="https://login.invalid")
    assert caplog.text == ""


@pytest.mark.parametrize(
    "path, words",
    [("/nothing", "Microsoft does not know the tenant TEAMS_TENANT_ID"), ("/broken", "Microsoft's")],
)
def test_a_sign_in_service_that_answers_something_else_is_told_in_words(teams, monkeypatch, path, words):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(teams.certificate))
    monkeypatch.setattr(tokens_module, "_RETRY", tokens_module._RETRY.new(backoff_factor=0.0))
    with pytest.raises(NoTokenError, match=words):
        headers(login_url=f"https://localhost:{teams.tls_port}{path}")
