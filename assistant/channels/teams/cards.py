"""Replies as messages of Teams: text, or an Adaptive Card where there are buttons or lists.

Limits and Markdown: Microsoft's *Format cards in Microsoft Teams* (bold, links and lists; lists
need carriage returns; no code) and *Format your bot messages* (100 KB a message). Lists in plain
messages are not rendered by every client, in cards they are.
"""

from __future__ import annotations

import json
import re
import textwrap
from typing import Any, Dict, Iterable, Iterator, List, Optional

from assistant.channels.replies import Layout, Reply

Message = Dict[str, Any]
Element = Dict[str, Any]

CARD = "application/vnd.microsoft.card.adaptive"
_FRAME = {
    "type": "AdaptiveCard",
    "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
    "version": "1.5",
    "msteams": {"width": "Full"},
}
# As JSON in bytes, with room for what goes around it.
_MAX_BODY = 80_000
_MAX_PARAGRAPH = 3_000
_SUMMARY = 100
_PARAGRAPHS = re.compile(r"\n\s*\n")
_LIST_ITEM = re.compile(r"^ *(?:[-*+]|\d+[.)]) ", re.MULTILINE)
_BEFORE_LIST_ITEM = re.compile(r"\n(?= *(?:[-*+]|\d+[.)]) )")
_CODE = re.compile(r"`([^`\n]+)`")
_MARKUP = re.compile(r"\*\*|\[([^\]]*)\]\([^)]*\)")


def messages(reply: Reply) -> List[Message]:
    """The messages that say a reply, nothing left out; more than one only for what is very long."""
    whole, layout = reply.get("text") or "", Layout.of(reply)
    if not (layout.buttons or layout.links or layout.progress or _LIST_ITEM.search(whole)):
        return [_plain(part) for part in _packed(_paragraphs(whole))]
    return [card_message({**_FRAME, "body": body}) for body in _packed(_elements(layout))]


def pressed(reply: Reply, payload: str) -> Optional[Dict[str, Any]]:
    """The card of a reply after one of its buttons was pressed: the choice in the place of the buttons."""
    for message in messages(reply):
        for attachment in message.get("attachments", []):
            card = attachment["content"]
            titles = [title for element in card["body"] for title in _titles(element, payload)]
            if titles:
                return {**card, "body": [*filter(_stays, card["body"]), _chosen(titles[0])]}
    return None


def card_message(card: Dict[str, Any]) -> Message:
    """A message that shows a card, with its beginning as what notifications say."""
    first = next(filter(_is_text, card["body"]), {}).get("text", "")
    summary = textwrap.shorten(_MARKUP.sub(r"\1", first), _SUMMARY, placeholder=" …")
    attachment = {"contentType": CARD, "content": card}
    return {"type": "message", "summary": summary, "attachments": [attachment]}


def _paragraphs(text: str) -> Iterator[str]:
    for paragraph in filter(None, map(str.strip, _PARAGRAPHS.split(_CODE.sub(r"\1", text)))):
        if len(paragraph) <= _MAX_PARAGRAPH:
            yield paragraph
        else:
            yield from textwrap.wrap(paragraph, _MAX_PARAGRAPH, replace_whitespace=False)


def _packed(parts: Iterable[Any]) -> Iterator[List[Any]]:
    """Parts in groups that fit into one message each."""
    group: List[Any] = []
    size = 0
    for part in parts:
        length = len(json.dumps(part))
        if group and size + length > _MAX_BODY:
            yield group
            group, size = [], 0
        group.append(part)
        size += length
    if group:
        yield group


def _elements(layout: Layout) -> Iterator[Element]:
    yield from map(_text, _paragraphs(layout.lead))
    if layout.progress:
        yield {**_text(layout.progress.label), "weight": "Bolder", "size": "Small", "color": "Accent"}
    yield from map(_text, _paragraphs(layout.text))
    if layout.source:
        yield {**_text(layout.source), "size": "Small", "isSubtle": True}
    yield from map(_button, [*layout.links, *layout.buttons])


def _plain(paragraphs: List[str]) -> Message:
    return {"type": "message", "textFormat": "markdown", "text": "\n\n".join(paragraphs)}


def _text(paragraph: str) -> Element:
    return {"type": "TextBlock", "text": _BEFORE_LIST_ITEM.sub("\r", paragraph), "wrap": True}


def _chosen(title: str) -> Element:
    return {"type": "TextBlock", "text": f"✓ {title}", "wrap": True, "weight": "Bolder", "color": "Accent"}


def _button(button: Dict[str, str]) -> Element:
    """A button on a line of its own, so that long titles fit and none is hidden behind a menu."""
    title = button["title"]
    if button.get("url"):
        action = {"type": "Action.OpenUrl", "title": title, "url": button["url"]}
    else:
        submit = {"title": title, "data": {"payload": button["payload"], "title": title}}
        # The card is changed at once where the client knows how to, otherwise by an update.
        fallback = {"type": "Action.Submit", **submit}
        action = {"type": "Action.Execute", "verb": "choose", **submit, "fallback": fallback}
    return {"type": "ActionSet", "actions": [action]}


def _stays(element: Element) -> bool:
    """Text, and links: they can be opened as often as somebody likes."""
    return all(action["type"] == "Action.OpenUrl" for action in element.get("actions", []))


def _is_text(element: Element) -> bool:
    return element["type"] == "TextBlock"


def _titles(element: Element, payload: str) -> Iterator[str]:
    for action in element.get("actions", []):
        if action.get("data", {}).get("payload") == payload:
            yield action["title"]
