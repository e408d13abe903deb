"""The action server: ``python -m assistant.action_server``, for the Rasa server only.

The SDK's own (rasa-sdk 3.6.2) listens on all interfaces, answers anybody, takes 100 MB, and sends the
request back in its errors. Here callers need the secret in ``ACTIONS_SECRET``; everything else is the SDK's.
"""

from __future__ import annotations

import hmac
import os
import sys
from typing import Optional

from rasa_sdk.endpoint import create_app
from sanic import Sanic, response
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse

from assistant.action_call import flaw_of
from assistant.parent import end_with_parent
from assistant.server.guard import guard
from assistant.settings.own_secret import MIN_SECRET_LENGTH

# With each call come the slots and the events of the turn, 10 kB; from stock Rasa, and from our servers
# before this was so, those of the whole session, up to 1.1 MB.
MAX_BODY_BYTES = 2_000_000
_HEALTH, _WEBHOOK = "/health", "/webhook"


def main() -> int:
    """Serve on ``ACTIONS_HOST`` (127.0.0.1) and ``ACTIONS_PORT`` (5055); returns the exit code."""
    secret = os.environ.get("ACTIONS_SECRET", "")
    if len(secret) < MIN_SECRET_LENGTH:
        print(f"ACTIONS_SECRET needs at least {MIN_SECRET_LENGTH} characters.", file=sys.stderr)
        return 1
    end_with_parent()
    host, port = os.environ.get("ACTIONS_HOST", "127.0.0.1"), int(os.environ.get("ACTIONS_PORT", "5055"))
    guarded(create_app("actions", cors_origins=""), secret).run(host, port, access_log=False)
    return 0


def guarded(app: Sanic, secret: str) -> Sanic:
    """The application, refusing whoever does not know the secret."""

    @app.on_request
    async def refuse(request: Request) -> Optional[HTTPResponse]:
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        is_known = kind.lower() == "bearer" and hmac.compare_digest(token.encode(), secret.encode())
        if request.path == _HEALTH or is_known:
            return None
        return response.json({"error": "The action server needs the secret of its assistant."}, status=401)

    @app.on_request
    async def refuse_other_calls(request: Request) -> Optional[HTTPResponse]:
        # A body that was refused is empty here, and what refused it is answered.
        flaw = _flaw(request) if request.path == _WEBHOOK and request.body else None
        return flaw and response.json({"error": f"That is no call of an action: {flaw}."}, status=400)

    return guard(app, MAX_BODY_BYTES)


def _flaw(request: Request) -> Optional[str]:
    try:
        return flaw_of(request.json)
    except SanicException:
        return "it is no JSON"


if __name__ == "__main__":
    sys.exit(main())
