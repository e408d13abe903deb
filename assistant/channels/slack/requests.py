"""Reading what Slack sends over HTTP, and refusing what Slack did not send."""

from __future__ import annotations

import json
from typing import Any, Dict
from urllib.parse import parse_qsl

from sanic.request import Request
from slack_sdk.signature import SignatureVerifier

_FORM = "application/x-www-form-urlencoded"


class RefusedError(Exception):
    """Raised for a request that is not answered; ``status`` is that of HTTP."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


def read_request(request: Request, verifier: SignatureVerifier) -> Dict[str, Any]:
    """The object that a signed request carries: an event, an interaction or a command.

    Events are JSON, interactions JSON in the field ``payload`` of a form, commands a form.

    Raises:
        RefusedError: it is not signed, was signed more than five minutes ago, or is malformed.
    """
    if not _is_signed(request, verifier):
        raise RefusedError(401, "the signature is wrong, missing or old")
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    try:
        text = request.body.decode("utf-8")
        body = _form(text) if media_type == _FORM else json.loads(text)
    except (ValueError, RecursionError):
        raise RefusedError(400, "the body is neither JSON nor a form of Slack") from None
    if not isinstance(body, dict):
        raise RefusedError(400, "the body is not an object")
    return body


def _form(text: str) -> Any:
    fields = dict(parse_qsl(text, keep_blank_values=True))
    return json.loads(fields["payload"]) if "payload" in fields else fields


def _is_signed(request: Request, verifier: SignatureVerifier) -> bool:
    timestamp = request.headers.get("x-slack-request-timestamp")
    signature = request.headers.get("x-slack-signature")
    try:
        return verifier.is_valid(request.body, timestamp, signature)
    except (ValueError, TypeError, OverflowError):
        # The library trips over headers that are no number or not ASCII, and bodies that are not UTF-8.
        return False
