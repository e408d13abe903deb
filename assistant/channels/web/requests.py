"""Reading the widget's requests, and refusing those that are not as documented."""

from __future__ import annotations

from typing import Any, Dict, Optional

from sanic.exceptions import SanicException
from sanic.request import Request

from assistant.content import load_content

_LONGEST_TEXT = 64_000


class RefusedError(Exception):
    """Raised for a request that gets no answer; ``status`` is that of HTTP."""

    def __init__(self, status: int, message: str, **details: Any) -> None:
        super().__init__(message)
        self.status, self.details = status, details


def body_of(request: Request) -> Dict[str, Any]:
    """The JSON object that a request carries.

    Raises:
        RefusedError: it is no JSON object.
    """
    try:
        body = request.json
    except SanicException:
        raise RefusedError(400, "The body is not JSON.") from None
    if not isinstance(body, dict):
        raise RefusedError(400, "The body is not a JSON object.")
    return body


def text_in(body: Dict[str, Any], key: str, longest: int = _LONGEST_TEXT) -> Optional[str]:
    """The text of a key, or ``None`` where there is none.

    Raises:
        RefusedError: it is no text, or longer than so many characters.
    """
    value = body.get(key)
    if value is not None and (not isinstance(value, str) or len(value) > longest):
        raise RefusedError(400, f'"{key}" has to be a text of at most {longest} characters.')
    return value


def phrase(name: str, request: Request) -> str:
    """A phrase of the content in the language of the browser."""
    content = load_content()
    wanted = request.headers.get("accept-language", "")[:2].lower()
    language = wanted if wanted in content.languages else content.settings.default_language
    return content.phrases[name][language].strip()
