"""Replies for the tests of all renderers."""

from __future__ import annotations

from typing import Any, Dict, Iterator

from assistant.content import Content
from assistant.reply import Renderer, Reply


def button(number: int, title: str = "") -> Dict[str, str]:
    return {"title": title or f"Choice {number}", "payload": f'/inform{{"option": "g.s.{number}"}}'}


PARTS: Dict[str, Any] = {
    "text": "Noted: Gold & more.\n\n**Step 2 of 4**\n\nOpen [it](https://a.example/).\n\nSource: [S](https://b.example/)",
    "buttons": [button(1)],
    "parts": {
        "progress": {"label": "Step 2 of 4", "step": 2, "total": 4, "text": "**Step 2 of 4**"},
        "links": [{"title": "it", "url": "https://a.example/"}],
        "source": "Source: [S](https://b.example/)",
    },
}


def sourced(content: Content) -> Iterator[Reply]:
    """All answers and outcomes, in all languages."""
    for language in content.languages:
        render = Renderer(content, language)
        yield from (render.answer(topic) for topic in content.topics.values())
        for guide in content.guides.values():
            yield from (render.outcome(step) for step in guide.steps.values() if step.is_outcome)


def collected(reply: Reply) -> Dict[str, Any]:
    """A reply as channels get it."""
    buttons = [{"title": each.title, "payload": each.payload} for each in reply.buttons]
    return {"text": reply.text, "buttons": buttons, "parts": reply.parts}
