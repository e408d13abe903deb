"""Which websites may talk to the assistant from a browser."""

from __future__ import annotations

from typing import Container
from urllib.parse import urlsplit

from sanic.request import Request


class Origins:
    """The assistant's own pages, and the sites that the owner allows.

    The headers that tell browsers so come from Rasa's server, which ``make serve`` starts with the
    same list; other sites are refused here, because a browser sends some requests without asking.
    """

    def __init__(self, allowed: Container[str]) -> None:
        self._allowed = allowed

    def allows(self, request: Request) -> bool:
        """Whether the site that a request comes from may send it; programs send no origin."""
        origin = request.headers.get("origin")
        return origin is None or origin in self._allowed or urlsplit(origin).netloc == request.host
