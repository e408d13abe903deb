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
from sanic.request import Request
from sanic.response import HTTPResponse

from assistant.parent import end_with_parent
from assistant.server.guard import guard

MIN_SECRET_LENGTH = 32
# With each call comes the whole session, 100 events: 63 kB with usual messages, 1.1 MB where each has
# 2,000 letters of the most wasteful encoding.
MAX_BODY_BYTES = 2_000_000
_HEALTH = "/health"


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

    return guard(app, MAX_BODY_BYTES)


if __name__ == "__main__":
    sys.exit(main())
