"""Redaction of personal data and credentials, before anything stores or logs a text.

An Access ID with its Contract ID gives access to the support benefit, so both are treated as
credentials.
"""

from __future__ import annotations

from assistant.content import load_content
from assistant.redaction.identifiers import first_contact, redact_identifiers
from assistant.redaction.names import redact_names

__all__ = ["first_contact", "redact"]


def redact(text: str) -> str:
    """The text with personal data, ids and keys replaced by placeholders such as ``[email]``.

    Dates, times, prices, versions and error codes such as 0x80070005 stay. Redacting twice changes
    nothing, and takes time in proportion to the length of the text.
    """
    return redact_names(redact_identifiers(text), load_content())
