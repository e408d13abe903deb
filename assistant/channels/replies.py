"""A reply as channels show it: Markdown with the parts that a channel may show in its own way.

The text of a reply is complete, for history and for channels that show nothing but text. Beside it
stand its ``parts`` (see :mod:`assistant.reply`): which paragraph is the progress in a guide, which
one the source, and the links to press.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Dict, List, Mapping, Optional

from rasa.core.channels.channel import CollectingOutputChannel
from rasa.shared.core.events import BotUttered

from assistant.reply import Progress

Reply = Dict[str, Any]
Pressable = Mapping[str, str]


class WholeMessages(CollectingOutputChannel):
    """Collects replies with their parts; Rasa's own would split a text without buttons at blank lines."""

    async def send_text_message(self, recipient_id: str, text: str, **kwargs: Any) -> None:
        """Keep the text as one message."""
        await self._keep(recipient_id, kwargs, text=text)

    async def send_text_with_buttons(
        self, recipient_id: str, text: str, buttons: List[Dict[str, Any]], **kwargs: Any
    ) -> None:
        """Keep text and buttons."""
        await self._keep(recipient_id, kwargs, text=text, buttons=buttons)

    async def _keep(self, recipient_id: str, others: Mapping[str, Any], **message: Any) -> None:
        kept = self._message(recipient_id, **message)
        if others.get("parts"):
            kept["parts"] = others["parts"]
        await self._persist_message(kept)


@dataclass(frozen=True)
class Layout:
    """A reply taken apart.

    Attributes:
        lead: Markdown before the progress, such as what was noted of the last answer.
        progress: in a guide.
        text: Markdown.
        links: ``{"title", "url"}``, to open.
        buttons: ``{"title", "payload"}``, to answer with; or ``{"title", "url"}``.
        source: Markdown that names where the answer comes from.
    """

    text: str
    lead: str = ""
    progress: Optional[Progress] = None
    links: List[Pressable] = field(default_factory=list)
    buttons: List[Pressable] = field(default_factory=list)
    source: str = ""

    @classmethod
    def of(cls, reply: Mapping[str, Any]) -> Layout:
        """The layout of a collected reply."""
        parts = reply.get("parts") or {}
        text, progress, source = reply.get("text") or "", parts.get("progress"), parts.get("source") or ""
        lead = ""
        if progress:
            lead, _, text = text.partition(progress["text"])
        if source:
            text = text.replace(source, "")
        return cls(
            text=text.strip(),
            lead=lead.strip(),
            progress=Progress(progress["label"], progress["step"], progress["total"]) if progress else None,
            links=parts.get("links") or [],
            buttons=reply.get("buttons") or [],
            source=source,
        )


def said(event: BotUttered) -> Reply:
    """What the assistant said in an event of the tracker, as it was collected."""
    data, metadata = event.data or {}, event.metadata or {}
    kept = {"text": event.text or "", "buttons": data.get("buttons"), "parts": metadata.get("parts")}
    return {name: value for name, value in kept.items() if value}
