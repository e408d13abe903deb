"""Talk to the running assistant in the terminal."""

from __future__ import annotations

import locale
import os
import sys
import uuid
from typing import Any, Dict, List

import requests

from assistant.commands.environment import CommandError

_TIMEOUT = 60
_GOODBYE = {"/quit", "/exit", "/stop"}


def main() -> int:
    """Read messages until /quit or the end of input; returns the exit code."""
    url = f"http://127.0.0.1:{os.environ.get('PORT') or 5005}/webhooks/rest/webhook"
    sender = f"terminal-{uuid.uuid4().hex[:8]}"
    buttons: List[Dict[str, str]] = []
    print("Type a message, or the number of a choice. /quit ends the chat.")
    try:
        while (typed := input("\n> ").strip()) not in _GOODBYE:
            if typed:
                buttons = _show(_send(url, sender, _pressed(typed, buttons)))
    except (EOFError, KeyboardInterrupt):
        print()
    except CommandError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _pressed(typed: str, buttons: List[Dict[str, str]]) -> str:
    """The payload of the button with that number, or the text itself."""
    if typed.isdigit() and 1 <= int(typed) <= len(buttons):
        return buttons[int(typed) - 1]["payload"]
    return typed


def _send(url: str, sender: str, text: str) -> List[Dict[str, Any]]:
    language = locale.getlocale()[0] or ""
    body = {"sender": sender, "message": text, "metadata": {"locale": language}}
    try:
        reply = requests.post(url, json=body, timeout=_TIMEOUT)
    except requests.ConnectionError:
        raise CommandError(
            "The assistant does not answer. Start it in another terminal: make serve"
        ) from None
    except requests.Timeout:
        raise CommandError("The assistant takes too long. See var/log/rasa.log.") from None
    if not reply.ok:
        raise CommandError(f"The assistant refused the message ({reply.status_code}): {reply.text}")
    return reply.json()


def _show(replies: List[Dict[str, Any]]) -> List[Dict[str, str]]:
    """Print the replies and number their buttons; returns the buttons."""
    buttons: List[Dict[str, str]] = []
    for reply in replies:
        print(f"\n{reply.get('text', '')}")
        for button in reply.get("buttons", []):
            buttons.append(button)
            print(f"  [{len(buttons)}] {button['title']}")
    return buttons


if __name__ == "__main__":
    sys.exit(main())
