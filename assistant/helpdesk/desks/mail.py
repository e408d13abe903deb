"""Tickets by e-mail, which every desk can make tickets of."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Mapping

from assistant.helpdesk.desk import SECONDS, Desk, DeskError
from assistant.helpdesk.dossier import Dossier
from assistant.helpdesk.variables import chosen, number, required

_TLS, _STARTTLS, _PLAIN = "tls", "starttls", "none"
_PORTS = {_TLS: 465, _STARTTLS: 587, _PLAIN: 25}
# X-Priority, which most programs and desks understand.
_PRIORITIES = {"blocked": "1", "slowed": "3", "can_wait": "5"}


@dataclass(frozen=True)
class MailDesk(Desk):
    """An address, and the SMTP server that takes mail for it."""

    address: str
    sender: str
    host: str
    port: int
    security: str
    user: str = ""
    password: str = field(default="", repr=False)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> MailDesk:
        """From ``HELP_DESK_ADDRESS``, ``MAIL_FROM`` and ``SMTP_HOST``; the other variables may be left out.

        Raises:
            SettingsError: one is missing or cannot be used.
        """
        security = chosen(environment, "SMTP_SECURITY", list(_PORTS), _STARTTLS)
        return cls(
            address=required(environment, "HELP_DESK_ADDRESS", r"[^@\s]+@[^@\s]+"),
            sender=required(environment, "MAIL_FROM", r"[^@\s]+@[^@\s]+"),
            host=required(environment, "SMTP_HOST"),
            port=number(environment, "SMTP_PORT", _PORTS[security]),
            security=security,
            user=environment.get("SMTP_USER", "").strip(),
            password=environment.get("SMTP_PASSWORD", ""),
        )

    def deliver(self, dossier: Dossier, is_repeated: bool) -> str:
        """Send a mail; a repeated one has the same ``Message-ID``, by which desks know it."""
        message = self._message(dossier)
        try:
            with self._connect() as server:
                if self.user:
                    server.login(self.user, self.password)
                server.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            code = min(code for code, _ in error.recipients.values())
            raise DeskError(f"the mail server refused the address ({code})", _is_final(code)) from None
        except smtplib.SMTPResponseException as error:
            raise DeskError(
                f"the mail server answered {error.smtp_code}", _is_final(error.smtp_code)
            ) from None
        except (smtplib.SMTPException, OSError) as error:
            raise DeskError(f"the mail server cannot be used ({type(error).__name__})") from None
        return message["Message-ID"]

    def _connect(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self.security == _TLS:
            return smtplib.SMTP_SSL(self.host, self.port, timeout=SECONDS, context=context)
        server = smtplib.SMTP(self.host, self.port, timeout=SECONDS)
        if self.security == _STARTTLS:
            server.starttls(context=context)
        return server

    def _message(self, dossier: Dossier) -> EmailMessage:
        message = EmailMessage()
        message["Subject"] = dossier.subject
        message["From"], message["To"] = self.sender, self.address
        message["Message-ID"] = f"<{dossier.reference}@{self.sender.rpartition('@')[2]}>"
        message["X-Priority"] = _PRIORITIES.get(dossier.urgency, "3")
        message["Auto-Submitted"] = "auto-generated"
        if dossier.contact and "@" in dossier.contact:
            message["Reply-To"] = dossier.contact
        message.set_content(dossier.text)
        return message


def _is_final(code: int) -> bool:
    """Whether a code of SMTP means "never", except for a wrong password, which its owner will mend."""
    return 500 <= code < 600 and code not in (530, 534, 535)


desk = MailDesk.from_environment
