"""Tickets as signed JSON for any other program (standardwebhooks.com)."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Mapping

import requests
from standardwebhooks import Webhook

from assistant.helpdesk.desk import SECONDS, Desk, DeskError
from assistant.helpdesk.dossier import Dossier
from assistant.helpdesk.http import check
from assistant.helpdesk.variables import required


@dataclass(frozen=True)
class WebhookDesk(Desk):
    """An address, and the secret that signs what is sent there."""

    url: str
    secret: str = field(repr=False)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> WebhookDesk:
        """From ``HELP_DESK_URL`` and ``HELP_DESK_SECRET`` (24 to 64 bytes in base64, or ``whsec_`` first).

        Raises:
            SettingsError: one is missing or cannot be used.
        """
        return cls(
            url=required(environment, "HELP_DESK_URL", r"https?://\S+"),
            secret=required(environment, "HELP_DESK_SECRET", r"(whsec_)?[A-Za-z0-9+/]{32,88}={0,2}"),
        )

    def deliver(self, dossier: Dossier, is_repeated: bool) -> str:
        """Post it, with the same ``webhook-id`` in each attempt; the answer may name the ticket as ``id``."""
        body, now = (
            json.dumps({"type": "ticket.created", "data": dossier.as_dict()}),
            datetime.now(timezone.utc),
        )
        headers = {
            "Content-Type": "application/json",
            "webhook-id": dossier.reference,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": Webhook(self.secret).sign(dossier.reference, now, body),
        }
        try:
            answer = requests.post(
                self.url, data=body.encode(), headers=headers, timeout=SECONDS, allow_redirects=False
            )
        except requests.RequestException as error:
            raise DeskError(f"the address cannot be reached ({type(error).__name__})") from None
        check(answer.status_code)
        if answer.content.lstrip().startswith(b"<"):
            raise DeskError("a web page answered and no desk")
        try:
            return str(answer.json()["id"])[:255]
        except (ValueError, KeyError, TypeError):
            return dossier.reference


desk = WebhookDesk.from_environment
