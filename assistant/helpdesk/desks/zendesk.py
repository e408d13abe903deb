"""Tickets in Zendesk Support."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Callable, Mapping, Optional, TypeVar

import requests
from zenpy import Zenpy
from zenpy.lib.api_objects import Comment, Ticket, User
from zenpy.lib.exception import APIException, RatelimitBudgetExceeded, ZenpyException

from assistant.helpdesk.desk import SECONDS, Desk, DeskError
from assistant.helpdesk.dossier import Dossier
from assistant.helpdesk.http import check
from assistant.helpdesk.ticket import ANSWERED, CLOSED, OPEN
from assistant.helpdesk.variables import required

_Result = TypeVar("_Result")
_PRIORITIES = {"blocked": "urgent", "slowed": "normal", "can_wait": "low"}
_STATUS = {"new": OPEN, "open": OPEN, "pending": ANSWERED, "hold": ANSWERED}


@dataclass(frozen=True)
class Zendesk(Desk):
    """An account of Zendesk, as an agent with an API token."""

    host: str
    email: str
    token: str = field(repr=False)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Zendesk:
        """From ``ZENDESK_HOST`` (``example.zendesk.com``), ``ZENDESK_EMAIL`` and ``ZENDESK_TOKEN``.

        Raises:
            SettingsError: one is missing or cannot be used.
        """
        return cls(
            host=required(environment, "ZENDESK_HOST", r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+(:\d+)?"),
            email=required(environment, "ZENDESK_EMAIL", r"[^@\s]+@[^@\s]+"),
            token=required(environment, "ZENDESK_TOKEN"),
        )

    def deliver(self, dossier: Dossier, is_repeated: bool) -> str:
        """Create a ticket; before a repeated attempt, look for one with the reference as its external id."""
        if is_repeated:
            found = self._ask(lambda client: next(iter(client.tickets(external_id=dossier.reference)), None))
            if found:
                return str(found.id)
        created = self._ask(lambda client: client.tickets.create(_ticket(dossier)))
        return str(created.ticket.id)

    def status(self, desk_reference: str) -> Optional[str]:
        """By Zendesk's own states."""
        return _STATUS.get(self._ask(lambda client: client.tickets(id=int(desk_reference))).status, CLOSED)

    def _client(self) -> Zenpy:
        """A client that waits for nothing: it would wait as long as Zendesk tells it to."""
        subdomain, _, domain = self.host.partition(".")
        return Zenpy(
            subdomain=subdomain,
            domain=domain,
            email=self.email,
            token=self.token,
            timeout=SECONDS,
            ratelimit_budget=1,
            disable_cache=True,
        )

    def _ask(self, work: Callable[[Zenpy], _Result]) -> _Result:
        try:
            return work(self._client())
        except APIException as error:
            status = getattr(error.response, "status_code", 0)
            check(status)
            raise DeskError(f"Zendesk answered something else ({status})") from None
        except (RatelimitBudgetExceeded, requests.RequestException) as error:
            raise DeskError(f"Zendesk cannot be used ({type(error).__name__})") from None
        except (ZenpyException, ValueError, KeyError, TypeError, AttributeError) as error:
            raise DeskError(f"Zendesk answered something else ({type(error).__name__})") from None


def _ticket(dossier: Dossier) -> Any:
    contact = dossier.contact or ""
    requester = {"requester": User(name=contact, email=contact)} if "@" in contact else {}
    return Ticket(
        subject=dossier.subject,
        comment=Comment(body=dossier.text, public=False),
        priority=_PRIORITIES.get(dossier.urgency, "normal"),
        external_id=dossier.reference,
        tags=["partner_support_assistant"],
        **requester,
    )


desk = Zendesk.from_environment
