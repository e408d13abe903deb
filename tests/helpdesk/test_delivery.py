"""Tickets reach their desk once, whatever the desk does meanwhile."""

from __future__ import annotations

import json

import pytest

from assistant.helpdesk.tickets import DEAD, DELIVERED, WAITING
from tests.helpdesk.conftest import CONTACT
from tests.helpdesk.stand_ins import (
    FAULTS,
    REFUSING,
    ServiceNowStandIn,
    WebhookStandIn,
    ZendeskStandIn,
    certificate,
)

DESKS = {"webhook": WebhookStandIn, "zendesk": ZendeskStandIn, "servicenow": ServiceNowStandIn}


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    return certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture(params=sorted(DESKS))
def stand_in(request, files, monkeypatch):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(files[0]))
    monkeypatch.setattr(f"assistant.helpdesk.desks.{request.param}.SECONDS", 1.0)
    made = DESKS[request.param](None if request.param == "webhook" else files)
    yield made
    made.close()


def test_a_ticket_says_who_asks_what_is_known_and_what_was_said(stand_in, ticket, courier):
    filed = courier.deliver(stand_in.environment)
    assert (filed.delivery, filed.attempts, filed.last_error) == (DELIVERED, 1, None)
    (made,) = stand_in.tickets
    text = json.dumps(made, ensure_ascii=False)
    for part in (
        ticket.reference,
        CONTACT,
        "We are blocked",
        "Gold",
        "Our admin left.",
        "Wie viele Incidents",
    ):
        assert part in text
    assert "/greet" not in text


@pytest.mark.parametrize("fault", FAULTS)
def test_a_ticket_waits_while_the_desk_fails_and_is_made_once(stand_in, ticket, courier, fault):
    stand_in.fault = fault
    failed = courier.deliver(stand_in.environment)
    assert failed.delivery == WAITING
    assert failed.last_error
    stand_in.fault = None
    stand_in.released.set()
    assert courier.deliver(stand_in.environment).delivery == DELIVERED
    assert [stand_in.reference_of(made) for made in stand_in.tickets] == [ticket.reference]


def test_a_ticket_waits_while_the_desk_is_down(stand_in, ticket, courier):
    environment = dict(stand_in.environment)
    stand_in.close()
    filed = courier.deliver(environment)
    assert (filed.delivery, filed.attempts) == (WAITING, 1)


def test_a_refused_ticket_is_kept_for_somebody_to_look_at(ticket, courier):
    stand_in = WebhookStandIn()
    stand_in.fault = REFUSING
    assert courier.deliver(stand_in.environment).delivery == DEAD
    stand_in.fault = None
    assert courier.deliver(stand_in.environment).delivery == DEAD
    assert courier.tickets.revive() == 1
    assert courier.deliver(stand_in.environment).delivery == DELIVERED
    stand_in.close()
