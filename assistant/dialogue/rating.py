"""How well the assistant helped, from 1 to 5: asked once a conversation, when something is solved."""

from __future__ import annotations

from typing import List, Optional

from assistant.dialogue.conversation import RATING, Conversation
from assistant.dialogue.turn import Turn
from assistant.nlu.text import words
from assistant.payload import OPTION, choose_payload, parse_choice
from assistant.quantities.numbers import numbers_in, words_of
from assistant.reply import Button, Reply

_BEST = 5
# A longer message is about something else: "4 of 20 incidents are left".
_LONGEST = 5


def ask(conversation: Conversation) -> List[Reply]:
    """The question, unless it was asked before or a guide is open."""
    if conversation.is_rating_asked or conversation.guide:
        return []
    conversation.is_rating_asked, conversation.pending = True, RATING
    buttons = [
        Button(str(number), choose_payload(RATING, RATING, str(number))) for number in range(1, _BEST + 1)
    ]
    return [conversation.render.say("rating", *buttons)]


def take(conversation: Conversation, turn: Turn) -> Optional[List[Reply]]:
    """Take a rating, by a button or in words; ``None`` if a message is none."""
    rating = _pressed(turn) if turn.is_payload else _said(conversation, turn)
    if rating is None:
        return None
    conversation.rating = rating
    return [conversation.render.say("rating_thanks")]


def _pressed(turn: Turn) -> Optional[int]:
    choice = parse_choice(turn.entity(OPTION))
    return int(choice[2]) if choice and choice[0] == RATING and choice[2].isdecimal() else None


def _said(conversation: Conversation, turn: Turn) -> Optional[int]:
    if conversation.open_question != RATING or turn.is_question or len(words(turn.text)) > _LONGEST:
        return None
    numbers = numbers_in(words_of(turn.text), conversation.content.languages)
    return int(numbers[0].value) if numbers and numbers[0].value in range(1, _BEST + 1) else None
