"""What somebody said, read from the events, interactions and commands that Slack sends."""

from __future__ import annotations

import uuid
from dataclasses import asdict, dataclass, replace
from typing import Any, Callable, Dict, List, Optional

from pydantic import BaseModel, Field, StrictStr, ValidationError, constr

from assistant.channels.inbound import redacted
from assistant.channels.slack.text import plain_text

Body = Dict[str, Any]
# With files, or shown in the channel too; all others are edits, deletions, joins, bots.
_SPOKEN = (None, "file_share", "thread_broadcast")
_DIRECT = "D"


class MalformedError(ValueError):
    """Raised for something that is not as Slack documents it."""


@dataclass(frozen=True)
class Press:
    """A button of a message of ours, and that message as Slack shows it."""

    title: str
    message_ts: str
    blocks: List[Body]
    text: str


@dataclass(frozen=True)
class Message:
    """What somebody said to the assistant.

    Attributes:
        id: the same for everything that Slack sends more than once.
        team: the workspace.
        user: who said it.
        text: plain text, or the value of a pressed button; empty for somebody who only called.
        channel: where it was said; ``None`` if the answer goes into the person's direct messages.
        thread: the thread that the answer goes into.
        press: the button that was pressed.
        calls: it may say nothing, as a mention or the command alone, and is greeted then.
        opens: nothing was said, the person just opened the direct messages.
    """

    id: str
    team: str
    user: str
    text: str
    channel: Optional[str] = None
    thread: Optional[str] = None
    press: Optional[Press] = None
    calls: bool = False
    opens: bool = False

    @property
    def sender(self) -> str:
        """Whose conversation it is: one in direct messages, one a thread in channels."""
        person = f"slack:{self.team}:{self.user}"
        is_direct = self.channel is None or self.channel.startswith(_DIRECT)
        return person if is_direct else f"{person}:{self.channel}:{self.thread}"

    def to_json(self) -> Body:
        """The message as it may be kept."""
        return asdict(replace(self, text=redacted(self.text)))

    @classmethod
    def from_json(cls, kept: Body) -> Message:
        """The message that was kept."""
        press = kept["press"]
        return cls(**{**kept, "press": Press(**press) if press else None})


def read(body: Body) -> Optional[Message]:
    """What was said, or ``None`` if it is nothing to answer.

    Raises:
        MalformedError: it is not as Slack documents it.
    """
    try:
        reader = _READERS.get(kind_of(body))
        return reader(body) if reader else None
    except ValidationError as error:
        fields = sorted({".".join(map(str, problem["loc"])) for problem in error.errors()})
        raise MalformedError(f"unusable: {', '.join(fields)}") from None


def kind_of(body: Body) -> str:
    """The type of what Slack sent; commands and checks of the certificate have no ``type``.

    Raises:
        MalformedError: it has none.
    """
    for kind in ("command", "ssl_check"):
        if kind in body:
            return kind
    kind = body.get("type")
    if not isinstance(kind, str):
        raise MalformedError("it has no type")
    return kind


def team_of(body: Body) -> Optional[str]:
    """The workspace that something comes from."""
    team, user = body.get("team"), body.get("user")
    candidates = [
        body.get("team_id"),
        team.get("id") if isinstance(team, dict) else None,
        user.get("team_id") if isinstance(user, dict) else None,
    ]
    return next((candidate for candidate in candidates if isinstance(candidate, str)), None)


# Four of them make the name of a conversation, for which the database has 255 characters.
_Id = constr(strict=True, regex=r"^[!-~]{1,60}\Z")
_Once = constr(strict=True, regex=r"^[!-~]{1,255}\Z")


class _Named(BaseModel):
    id: _Id


class _Authorization(BaseModel):
    user_id: Optional[StrictStr]


class _Happening(BaseModel):
    """The frame of an event."""

    team_id: _Id
    event_id: _Once
    event: Body
    authorizations: Optional[List[_Authorization]]

    @property
    def bot(self) -> Optional[str]:
        return self.authorizations[0].user_id if self.authorizations else None


class _Spoken(BaseModel):
    """The events ``message`` and ``app_mention``."""

    type: StrictStr
    channel: _Id
    ts: _Id
    user: Optional[_Id]
    text: Optional[StrictStr]
    thread_ts: Optional[_Id]
    subtype: Optional[StrictStr]
    bot_id: Optional[StrictStr]
    edited: Optional[Body]

    @property
    def is_for_us(self) -> bool:
        is_by_a_person = self.user and not self.bot_id and self.subtype in _SPOKEN and not self.edited
        return bool(is_by_a_person) and (self.type == "app_mention") != self.channel.startswith(_DIRECT)


class _Opened(BaseModel):
    """The event ``app_home_opened``."""

    user: _Id
    channel: _Id
    tab: Optional[StrictStr]


class _Shown(BaseModel):
    ts: _Id
    text: Optional[StrictStr]
    thread_ts: Optional[_Id]
    blocks: Optional[List[Body]]


class _Label(BaseModel):
    text: StrictStr


class _Action(BaseModel):
    value: Optional[StrictStr]
    text: Optional[_Label]


class _Pressed(BaseModel):
    """The interaction ``block_actions``."""

    user: _Named
    channel: Optional[_Named]
    message: Optional[_Shown]
    actions: List[_Action] = Field(..., min_items=1)


class _Shortcut(BaseModel):
    """The interactions ``shortcut`` and ``message_action``."""

    user: _Named
    trigger_id: _Once
    message: Optional[_Shown]


class _Command(BaseModel):
    """A slash command."""

    team_id: _Id
    user_id: _Id
    text: StrictStr = ""
    trigger_id: _Once = Field(default_factory=lambda: uuid.uuid4().hex)


def _event(body: Body) -> Optional[Message]:
    happening = _Happening.parse_obj(body)
    kind = happening.event.get("type")
    if kind == "app_home_opened":
        return _opened(happening, _Opened.parse_obj(happening.event))
    if kind in ("message", "app_mention"):
        return _spoken(happening, _Spoken.parse_obj(happening.event))
    return None


def _opened(happening: _Happening, opened: _Opened) -> Optional[Message]:
    if opened.tab != "messages":
        return None
    return Message(happening.event_id, happening.team_id, opened.user, "", opened.channel, opens=True)


def _spoken(happening: _Happening, spoken: _Spoken) -> Optional[Message]:
    if not spoken.is_for_us or spoken.user == happening.bot:
        return None
    mentioned = spoken.type == "app_mention"
    return Message(
        id=happening.event_id,
        team=happening.team_id,
        user=spoken.user,
        text=plain_text(spoken.text or "", happening.bot),
        channel=spoken.channel,
        thread=spoken.thread_ts or (spoken.ts if mentioned else None),
        calls=mentioned,
    )


def _pressed(body: Body) -> Optional[Message]:
    pressed = _Pressed.parse_obj(body)
    action, shown = pressed.actions[0], pressed.message
    if not shown or not pressed.channel or action.value is None:
        # In a dialog, or a button that opens an address.
        return None
    channel = pressed.channel.id
    title = action.text.text if action.text else ""
    return Message(
        id=f"{channel}:{shown.ts}:{action.value}",
        team=_team(body),
        user=pressed.user.id,
        text=action.value,
        channel=channel,
        thread=shown.thread_ts or (None if channel.startswith(_DIRECT) else shown.ts),
        press=Press(title, shown.ts, shown.blocks or [], shown.text or ""),
    )


def _shortcut(body: Body) -> Message:
    shortcut = _Shortcut.parse_obj(body)
    text = shortcut.message.text if shortcut.message else ""
    return Message(shortcut.trigger_id, _team(body), shortcut.user.id, plain_text(text or ""), calls=True)


def _command(body: Body) -> Message:
    command = _Command.parse_obj(body)
    text = plain_text(command.text)
    return Message(command.trigger_id, command.team_id, command.user_id, text, calls=True)


def _team(body: Body) -> str:
    team = team_of(body)
    if not team:
        raise MalformedError("it has no team")
    return team


_READERS: Dict[str, Callable[[Body], Optional[Message]]] = {
    "event_callback": _event,
    "block_actions": _pressed,
    "shortcut": _shortcut,
    "message_action": _shortcut,
    "command": _command,
}
