"""Tickets in Request Tracker (5.0 or newer) through REST2."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Callable, Mapping, Optional, TypeVar

from rt.exceptions import AuthorizationError, NotAllowedError, NotFoundError, RtError
from rt.exceptions import ConnectionError as RtConnectionError
from rt.rest2 import Rt

from assistant.helpdesk.desk import SECONDS, Desk, DeskError
from assistant.helpdesk.dossier import Dossier
from assistant.helpdesk.ticket import ANSWERED, CLOSED, OPEN
from assistant.helpdesk.variables import required

_Result = TypeVar("_Result")
_PRIORITIES = {"blocked": 80, "slowed": 50, "can_wait": 20}
_STATUS = {"new": OPEN, "open": ANSWERED, "stalled": ANSWERED}


@dataclass(frozen=True)
class RequestTracker(Desk):
    """A queue of an RT, which a token opens."""

    url: str
    queue: str
    token: str = field(repr=False)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> RequestTracker:
        """From ``RT_URL`` (without ``/REST/2.0``), ``RT_QUEUE`` and ``RT_TOKEN``.

        Raises:
            SettingsError: one is missing or cannot be used.
        """
        return cls(
            url=required(environment, "RT_URL", r"https?://\S+").rstrip("/"),
            queue=required(environment, "RT_QUEUE", r"[^'\"\\]+"),
            token=required(environment, "RT_TOKEN"),
        )

    def deliver(self, dossier: Dossier, is_repeated: bool) -> str:
        """Create a ticket; before a repeated attempt, look for one with the reference in its subject."""
        if is_repeated:
            query = f"Queue = '{self.queue}' AND Subject LIKE '{dossier.reference}'"
            found = self._ask(lambda rt: next(iter(rt.search(raw_query=query)), None))
            if found:
                return str(found["id"])
        more = {"Requestor": dossier.contact} if dossier.contact and "@" in dossier.contact else {}
        created = self._ask(
            lambda rt: rt.create_ticket(
                queue=self.queue,
                subject=dossier.subject,
                content=dossier.text,
                Priority=_PRIORITIES.get(dossier.urgency, 0),
                **more,
            )
        )
        return str(created)

    def status(self, desk_reference: str) -> Optional[str]:
        """By RT's own states: somebody who takes a ticket up opens it."""
        found = self._ask(lambda rt: rt.get_ticket(desk_reference))
        return _STATUS.get(str(found.get("Status")), CLOSED)

    def _ask(self, work: Callable[[Rt], _Result]) -> _Result:
        tracker = Rt(f"{self.url}/REST/2.0/", token=self.token, http_timeout=SECONDS)
        try:
            return work(tracker)
        except (AuthorizationError, NotAllowedError, RtConnectionError) as error:
            raise DeskError(f"RT cannot be used ({type(error).__name__})") from None
        except NotFoundError:
            raise DeskError("RT has no such ticket or address", is_final=True) from None
        except RtError as error:
            raise DeskError(f"RT did not take it ({type(error).__name__})") from None
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise DeskError(f"RT answered something else ({type(error).__name__})") from None
        finally:
            tracker.session.close()


desk = RequestTracker.from_environment
