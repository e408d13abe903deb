"""Tickets by e-mail, to a real SMTP server."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager

import pytest
from aiosmtpd.controller import Controller

from assistant.helpdesk.tickets import DEAD, DELIVERED, WAITING
from tests.helpdesk.conftest import CONTACT
from tests.server import free_port


class Inbox:
    """Takes mail, or answers with what is set."""

    def __init__(self):
        self.mails = []
        self.at_recipient = self.at_data = None

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.at_recipient:
            return self.at_recipient
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.at_data:
            return self.at_data
        self.mails.append(envelope.content.decode())
        return "250 OK"


@pytest.fixture
def inbox():
    return Inbox()


@pytest.fixture
def server(inbox):
    """A server that runs; stopped and started by tests."""
    made = Controller(inbox, hostname="127.0.0.1", port=free_port())
    made.start()
    yield made
    if made.server:
        made.stop()


@pytest.fixture
def environment(server, monkeypatch):
    monkeypatch.setattr("assistant.helpdesk.desks.mail.SECONDS", 1.0)
    return {
        "HELP_DESK": "mail",
        "HELP_DESK_ADDRESS": "support@partner.example",
        "MAIL_FROM": "assistant@partner.example",
        "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": str(server.port),
        "SMTP_SECURITY": "none",
    }


def test_a_mail_says_who_asks_and_is_answered_to_the_partner(inbox, environment, ticket, courier):
    filed = courier.deliver(environment)
    assert filed.delivery == DELIVERED
    (mail,) = inbox.mails
    headers, _, body = mail.partition("\r\n\r\n")
    assert f"Message-ID: <{ticket.reference}@partner.example>" in headers
    assert f"Reply-To: {CONTACT}" in headers
    assert "X-Priority: 1" in headers
    assert ticket.reference in body


REFUSALS = [
    ("at_recipient", "451 greylisted", WAITING),
    ("at_recipient", "550 unknown", DEAD),
    ("at_data", "452 full", WAITING),
    ("at_data", "554 refused", DEAD),
]


@pytest.mark.parametrize("refusal", REFUSALS)
def test_a_refused_mail_is_tried_again_or_looked_at(inbox, environment, ticket, courier, refusal):
    when, answer, delivery = refusal
    setattr(inbox, when, answer)
    assert courier.deliver(environment).delivery == delivery
    setattr(inbox, when, None)
    courier.tickets.revive()
    assert courier.deliver(environment).delivery == DELIVERED
    assert len(inbox.mails) == 1


def test_a_mail_waits_while_the_server_is_down(inbox, server, environment, ticket, courier):
    server.stop()
    assert courier.deliver(environment).delivery == WAITING
    again = Controller(inbox, hostname="127.0.0.1", port=server.port)
    again.start()
    assert courier.deliver(environment).delivery == DELIVERED
    again.stop()
    assert len(inbox.mails) == 1


@pytest.mark.parametrize("greeting", [b"", b"SSH-2.0-OpenSSH_9.2\r\n", b"<html>\r\n"])
def test_a_server_that_is_none_or_says_nothing_has_the_mail_wait(environment, ticket, courier, greeting):
    with _listening(greeting) as port:
        failed = courier.deliver({**environment, "SMTP_PORT": str(port)})
    assert failed.delivery == WAITING
    assert "mail server" in failed.last_error


def test_a_server_without_encryption_gets_nothing_where_it_is_asked_for(inbox, environment, ticket, courier):
    assert courier.deliver({**environment, "SMTP_SECURITY": "starttls"}).delivery == WAITING
    assert inbox.mails == []


@contextmanager
def _listening(greeting):
    listener = socket.create_server(("127.0.0.1", 0))
    held = []

    def greet():
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            connection.sendall(greeting)
            held.append(connection)

    threading.Thread(target=greet, daemon=True).start()
    yield listener.getsockname()[1]
    listener.close()
    for connection in held:
        connection.close()
