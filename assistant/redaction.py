"""Redaction of personal data and credentials, before anything stores or logs a text.

An Access ID with its Contract ID gives access to the support benefit, so both are treated as
credentials. Microsoft publishes no format for them: they are found by the words around them,
and any other run of 8 to 18 digits is redacted too.
"""

from __future__ import annotations

import re

_ID = r"(?=[A-Za-z0-9-]*\d)[A-Za-z0-9](?:[A-Za-z0-9-]{3,}[A-Za-z0-9])"
_LABEL_END = r"[\s:=#\"'„“.]*(?:(?:is|are|ist|lautet|lauten|number|nummer|nr)\b[\s:=#\"'„“.]*)*"
_RULES = (
    ("[guid]", r"\b[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}\b"),
    ("[email]", r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b"),
    ("[access-id]", rf"(?P<label>\b(?:access[\s-]?id|zugriffs-?\s?id)\b{_LABEL_END})(?P<value>{_ID})"),
    (
        "[contract-id]",
        rf"(?P<label>\b(?:contract[\s-]?(?:id|number|no)|vertrags-?\s?(?:id|nummer))\b{_LABEL_END})(?P<value>{_ID})",
    ),
    ("[phone]", r"(?<![\w.])(?:\+|00)\d{1,3}[\s./()-]*\d(?:[\s./()-]*\d){5,13}(?!\w)"),
    ("[phone]", r"(?<![\w.])\(?0\d{1,4}\)?[\s./-]+\d(?:[\s./-]*\d){4,10}(?!\w)"),
    ("[number]", r"(?<![\w.])(?!\d{4}-\d\d-\d\d\b)\d(?:[ -]?\d){7,17}(?!\w)"),
)
_COMPILED = tuple((placeholder, re.compile(pattern, re.IGNORECASE)) for placeholder, pattern in _RULES)


def redact(text: str) -> str:
    """The text with personal data and ids replaced by placeholders such as ``[email]``.

    Version numbers, years and error codes such as 0x80070005 stay. Redacting twice changes nothing.
    """
    for placeholder, pattern in _COMPILED:
        text = pattern.sub(lambda match, mark=placeholder: _replacement(match, mark), text)
    return text


def _replacement(match: re.Match[str], placeholder: str) -> str:
    label = match.groupdict().get("label") or ""
    return label + placeholder
