"""Activities: what the Bot Framework posts when something happens in Teams.

Field names and meanings: the Bot Framework's activity schema and Microsoft's documentation of
conversations, mentions and card actions in Teams.
"""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass
from typing import Any, Dict, List, Optional

from pydantic import BaseModel, Field, StrictStr, constr

from assistant.channels.inbound import redacted

CARD_ACTION = "adaptiveCard/action"
_AT = re.compile(r"</?at\b[^>]*>")
# The conversation of a thread is the one of its channel with this and a number behind it.
_THREAD = ";messageid="

Id = constr(strict=True, regex=r"^[!-~]{1,300}\Z")


class Account(BaseModel):
    """A person or the bot; ``aad_object_id`` is a person's id in the directory."""

    id: Id
    aad_object_id: Optional[Id] = Field(alias="aadObjectId")


class Conversation(BaseModel):
    """A chat, or a thread in a channel."""

    id: Id
    kind: Optional[StrictStr] = Field(alias="conversationType")
    tenant: Optional[Id] = Field(alias="tenantId")


class Tenant(BaseModel):
    """An organisation."""

    id: Id


class ChannelData(BaseModel):
    """What only Teams says."""

    tenant: Optional[Tenant]


@dataclass(frozen=True)
class Choice:
    """A pressed button; the title serves those to whom the payload was not offered."""

    payload: str
    title: str


class Activity(BaseModel):
    """An activity, as far as the assistant reads it."""

    type: StrictStr
    id: Id
    channel: StrictStr = Field(alias="channelId")
    service_url: Id = Field(alias="serviceUrl")
    conversation: Conversation
    author: Account = Field(alias="from")
    bot: Account = Field(alias="recipient")
    data: Optional[ChannelData] = Field(alias="channelData")
    text: Optional[StrictStr]
    value: Any
    name: Optional[StrictStr]
    action: Optional[StrictStr]
    locale: Optional[StrictStr]
    entities: Optional[List[Dict[str, Any]]]
    answers: Optional[Id] = Field(alias="replyToId")
    members_added: Optional[List[Account]] = Field(alias="membersAdded")

    @property
    def tenants(self) -> List[str]:
        """The tenants that it names, in one or two places."""
        named = [self.data.tenant.id if self.data and self.data.tenant else None, self.conversation.tenant]
        return sorted({tenant.lower() for tenant in named if tenant})

    @property
    def is_personal(self) -> bool:
        """Whether the person is alone with the bot."""
        return self.conversation.kind == "personal"

    @property
    def sender(self) -> str:
        """Whose conversation it belongs to: one for each person, and in groups for each place."""
        person = f"teams:{self.tenants[0]}:{self.author.aad_object_id or self.author.id}"
        return person if self.is_personal else f"{person}:{self.conversation.id.partition(_THREAD)[0]}"

    @property
    def choice(self) -> Optional[Choice]:
        """The button that was pressed, if that is what happened."""
        data = _dict(self.value)
        if self.is_card_action:
            data = _dict(_dict(data.get("action")).get("data"))
        payload, title = data.get("payload"), data.get("title")
        if not isinstance(payload, str):
            return None
        return Choice(payload, title if isinstance(title, str) else payload)

    @property
    def is_card_action(self) -> bool:
        """Whether a button was pressed whose card is waiting for an answer."""
        return self.type == "invoke" and self.name == CARD_ACTION

    @property
    def is_arrival(self) -> bool:
        """Whether somebody has got the bot in a personal chat; Teams says so once or twice."""
        installed = self.type == "installationUpdate" and self.action == "add"
        added = self.type == "conversationUpdate" and self.members_added
        return self.is_personal and bool(installed or added)

    @property
    def is_for_the_bot(self) -> bool:
        """Whether it wants an answer: a press, or a message, which needs a mention in groups."""
        if self.type == "message":
            return bool(self.is_personal or self.choice or self._mentions_of_the_bot())
        return self.is_card_action and self.choice is not None

    @property
    def words(self) -> str:
        """What was typed, without mentions of the bot and without markup."""
        text = self.text or ""
        for mention in self._mentions_of_the_bot():
            text = text.replace(mention, " ")
        return html.unescape(_AT.sub("", text)).replace("\xa0", " ").strip()

    def to_json(self) -> Dict[str, Any]:
        """The activity as it may be kept: what its answer needs, redacted."""
        choice = self.choice
        chosen = {"payload": redacted(choice.payload), "title": redacted(choice.title)} if choice else None
        changes = {
            "text": html.escape(redacted(self.words), quote=False),
            "value": {"action": {"data": chosen}} if self.is_card_action else chosen,
            "entities": None,
            "members_added": None,
        }
        return json.loads(self.copy(update=changes).json(by_alias=True, exclude_none=True))

    def _mentions_of_the_bot(self) -> List[str]:
        mentions = [entity for entity in self.entities or [] if entity.get("type") == "mention"]
        return [
            str(mention.get("text") or "<at></at>")
            for mention in mentions
            if _dict(mention.get("mentioned")).get("id") == self.bot.id
        ]


def _dict(value: Any) -> Dict[str, Any]:
    return value if isinstance(value, dict) else {}
