"""Tickets as incidents of ServiceNow."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Callable, Mapping, Optional, TypeVar

import requests
from pysnc import GlideRecord, ServiceNowClient
from pysnc.exceptions import AuthenticationException, InsertException, RequestException, RoleException
from requests.adapters import HTTPAdapter

from assistant.helpdesk.desk import SECONDS, Desk, DeskError
from assistant.helpdesk.dossier import Dossier
from assistant.helpdesk.ticket import ANSWERED, CLOSED, OPEN
from assistant.helpdesk.variables import required

_Result = TypeVar("_Result")
_TABLE = "incident"
_URGENCIES = {"blocked": "1", "slowed": "2", "can_wait": "3"}
# The values of ``state`` in a new instance: new, in progress, on hold; the others end an incident.
_STATUS = {"1": OPEN, "2": ANSWERED, "3": ANSWERED}


@dataclass(frozen=True)
class ServiceNow(Desk):
    """An instance of ServiceNow, as a user who may create incidents."""

    url: str
    user: str
    password: str = field(repr=False)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> ServiceNow:
        """From ``SERVICENOW_URL``, ``SERVICENOW_USER`` and ``SERVICENOW_PASSWORD``.

        Raises:
            SettingsError: one is missing or cannot be used.
        """
        return cls(
            url=required(environment, "SERVICENOW_URL", r"https://\S+").rstrip("/"),
            user=required(environment, "SERVICENOW_USER"),
            password=required(environment, "SERVICENOW_PASSWORD", r".+"),
        )

    def deliver(self, dossier: Dossier, is_repeated: bool) -> str:
        """Create an incident; before a repeated attempt, look for one with the reference."""

        def create(incidents: GlideRecord) -> str:
            if is_repeated and incidents.get("correlation_id", dossier.reference):
                return str(incidents.get_value("sys_id"))
            incidents.initialize()
            for name, value in _values(dossier).items():
                incidents.set_value(name, value)
            return str(incidents.insert())

        return self._ask(create)

    def status(self, desk_reference: str) -> Optional[str]:
        """By the state of the incident; ``None`` if it is gone."""

        def read(incidents: GlideRecord) -> Optional[str]:
            is_there = incidents.get(desk_reference)
            return _STATUS.get(str(incidents.get_value("state")), CLOSED) if is_there else None

        return self._ask(read)

    def _ask(self, work: Callable[[GlideRecord], _Result]) -> _Result:
        # A failed insert is tried again by us, after a look for what it may have left.
        client = ServiceNowClient(self.url, _session(self.user, self.password), auto_retry=False)
        try:
            return work(client.GlideRecord(_TABLE))
        except (AuthenticationException, RoleException, requests.RequestException) as error:
            raise DeskError(f"ServiceNow cannot be used ({type(error).__name__})") from None
        except (InsertException, RequestException) as error:
            raise DeskError(f"ServiceNow did not take it ({type(error).__name__})") from None
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise DeskError(f"ServiceNow answered something else ({type(error).__name__})") from None


def _values(dossier: Dossier) -> Mapping[str, str]:
    return {
        "short_description": dossier.subject,
        "description": dossier.text,
        "urgency": _URGENCIES.get(dossier.urgency, "2"),
        "correlation_id": dossier.reference,
        "correlation_display": "Partner Support Assistant",
        "contact_type": "virtual_agent",
    }


def _session(user: str, password: str) -> requests.Session:
    """A session in which nothing waits for ever, which the library has no setting for."""
    session = requests.Session()
    session.auth = (user, password)
    for scheme in ("http://", "https://"):
        session.mount(scheme, _Patient())
    return session


class _Patient(HTTPAdapter):
    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        return super().send(request, **{**options, "timeout": SECONDS})


desk = ServiceNow.from_environment
