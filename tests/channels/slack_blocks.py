"""What Slack accepts as the blocks of a message, from its reference (docs.slack.dev/reference/block-kit)."""

from __future__ import annotations

from typing import Any, Dict, List

Block = Dict[str, Any]


def problems(message: Dict[str, Any]) -> List[str]:
    """What Slack would refuse in a message."""
    blocks = message.get("blocks") or []
    found = [] if 0 < len(message.get("text") or "") <= 40_000 else ["text: missing or too long"]
    found += [] if len(blocks) <= 50 else ["more than 50 blocks"]
    markdown = [block["text"] for block in blocks if block.get("type") == "markdown"]
    found += [] if sum(map(len, markdown)) <= 12_000 else ["more than 12,000 characters of Markdown"]
    elements = [element for block in blocks for element in block.get("elements", [])]
    ids = [element["action_id"] for element in elements if "action_id" in element]
    found += [] if len(set(ids)) == len(ids) else ["action_id: not unique"]
    for block in blocks:
        check = _CHECKS.get(block.get("type"))
        found += check(block) if check else [f"unknown block {block.get('type')!r}"]
    return found


def _markdown(block: Block) -> List[str]:
    return (
        [] if block["text"].strip() and set(block) <= {"type", "text", "block_id"} else ["markdown: no text"]
    )


def _actions(block: Block) -> List[str]:
    elements = block["elements"]
    count = [] if 1 <= len(elements) <= 25 else ["actions: not 1 to 25 elements"]
    return count + [problem for element in elements for problem in _button(element)]


def _button(button: Block) -> List[str]:
    known = {"type", "text", "action_id", "value", "url"}
    found = [] if button["type"] == "button" and set(button) <= known else ["button: unknown fields"]
    found += [] if 1 <= len(button["action_id"]) <= 255 else ["button: action_id"]
    found += [] if len(button.get("value", "x")) <= 2_000 else ["button: value"]
    found += [] if len(button.get("url", "https://x")) <= 3_000 else ["button: url"]
    return found + _plain(button["text"], 75)


def _context(block: Block) -> List[str]:
    count = [] if 1 <= len(block["elements"]) <= 10 else ["context: not 1 to 10 elements"]
    return count + [problem for element in block["elements"] for problem in _context_text(element)]


def _context_text(element: Block) -> List[str]:
    if element["type"] == "mrkdwn":
        return [] if 1 <= len(element["text"]) <= 3_000 else ["mrkdwn"]
    return _plain(element, 2_000)


def _plain(text: Block, longest: int) -> List[str]:
    return [] if text["type"] == "plain_text" and 1 <= len(text["text"]) <= longest else ["plain_text"]


def _rich_text(block: Block) -> List[str]:
    return [] if block.get("elements") else ["rich_text: no elements"]


_CHECKS = {"markdown": _markdown, "actions": _actions, "context": _context, "rich_text": _rich_text}
