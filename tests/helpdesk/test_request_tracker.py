"""Tickets in a real Request Tracker."""

from __future__ import annotations

import pytest

from assistant.helpdesk.tickets import DEAD, DELIVERED, WAITING
from tests.helpdesk.conftest import CONTACT, store_ticket
from tests.server import wait_for
from tests.services import RequestTracker


@pytest.fixture(scope="module")
def tracker(tmp_path_factory):
    started = RequestTracker(tmp_path_factory.mktemp("rt"))
    started.start()
    yield started
    started.stop()


@pytest.fixture
def environment(tracker, monkeypatch):
    monkeypatch.setattr("assistant.helpdesk.desks.request_tracker.SECONDS", 5.0)
    return {
        "HELP_DESK": "request_tracker",
        "RT_URL": tracker.url,
        "RT_QUEUE": "General",
        "RT_TOKEN": tracker.token,
    }


@pytest.fixture
def made(tracker, ticket):
    """The ids of the tickets in RT that have the reference of ours."""

    def made():
        found = tracker.ask("tickets", query=f"Subject LIKE '{ticket.reference}'")
        return [each["id"] for each in found["items"]]

    return made


def test_a_ticket_is_made_for_the_partner_with_all_that_is_known(tracker, environment, made, ticket, courier):
    filed = courier.deliver(environment)
    assert filed.delivery == DELIVERED
    assert made() == [filed.desk_reference]
    stored = tracker.ask(f"ticket/{filed.desk_reference}")
    assert stored["Subject"] == f"[{ticket.reference}] Remaining incidents, start and end date"
    assert [each["id"] for each in stored["Requestor"]] == [CONTACT]


def test_what_becomes_of_it_is_told(tracker, environment, ticket, courier):
    filed = courier.deliver(environment)
    assert courier.follow(environment).status == "open"
    tracker.change(filed.desk_reference, Status="resolved")
    assert courier.follow(environment).status == "closed"


def test_a_ticket_that_is_gone_at_the_desk_keeps_no_other_from_being_followed(
    tracker, environment, database, courier
):
    gone, kept = store_ticket(database), store_ticket(database)
    courier.to(environment).deliver_due()
    filed = {each.ticket.reference: each for each in courier.tickets.newest(2)}
    courier.tickets.delivered(filed[gone.reference], "999999")
    tracker.change(filed[kept.reference].desk_reference, Status="resolved")
    courier.to(environment).follow()
    assert courier.tickets.get(kept.reference).status == "closed"


def test_a_ticket_waits_while_rt_is_down(tracker, environment, made, ticket, courier):
    tracker.stop()
    assert courier.deliver(environment).delivery == WAITING
    tracker.start()
    assert courier.deliver(environment).delivery == DELIVERED
    assert len(made()) == 1


def test_a_ticket_is_made_once_although_rt_was_frozen_when_it_took_it(
    tracker, environment, made, courier, monkeypatch
):
    monkeypatch.setattr("assistant.helpdesk.desks.request_tracker.SECONDS", 1.0)
    tracker.freeze()
    assert courier.deliver(environment).delivery == WAITING
    tracker.thaw()
    monkeypatch.setattr("assistant.helpdesk.desks.request_tracker.SECONDS", 20.0)
    wait_for(made)
    assert courier.deliver(environment).delivery == DELIVERED
    assert len(made()) == 1


@pytest.mark.parametrize("wrong", [{"RT_TOKEN": "1-14-wrong"}, {"RT_QUEUE": "No such queue"}])
def test_a_ticket_waits_for_its_owner_to_mend_the_settings(environment, made, ticket, courier, wrong):
    failed = courier.deliver({**environment, **wrong})
    assert failed.delivery in (WAITING, DEAD)
    assert failed.last_error.startswith("RT")
    assert made() == []
