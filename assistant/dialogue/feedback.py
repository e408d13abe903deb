"""Yes, no, solved, not solved: replies to a question that the assistant asked."""

from __future__ import annotations

from typing import List

from assistant.dialogue import clarify, guiding, handoff, small_talk
from assistant.dialogue.conversation import CLARIFY, FEEDBACK, HANDOFF, REASON, RESUME, Conversation
from assistant.dialogue.turn import Turn
from assistant.nlu.text import words
from assistant.reply import MAX_BUTTONS, Reply

_PLEASE = {"please", "bitte", "gern", "gerne"}
_ACKNOWLEDGEMENTS = {"ok", "okay", "k", "alright", "aha", "gut", "hm", "verstehe", "verstanden", "understood"}


def affirm(conversation: Conversation, turn: Turn) -> List[Reply]:
    """A yes, to whatever the assistant asked last."""
    if conversation.open_question == FEEDBACK:
        return _answered_yes(conversation, turn)
    if conversation.open_question == HANDOFF:
        return handoff.hand_over(conversation, turn)
    if conversation.open_question == RESUME and conversation.paused:
        return guiding.resume(conversation)
    if conversation.open_question == CLARIFY:
        return clarify.which_one(conversation)
    return _what_next(conversation)


def _answered_yes(conversation: Conversation, turn: Turn) -> List[Reply]:
    """ "Yes" means solved; "yes please" takes the walk-through, and a mere "ok" says nothing."""
    if turn.is_payload:
        return small_talk.solved(conversation, turn)
    said = set(words(turn.text))
    offered = guiding.offered_guide(conversation)
    if said & _PLEASE and offered:
        return guiding.start(conversation, offered)
    if said <= _ACKNOWLEDGEMENTS:
        return _what_next(conversation)
    return small_talk.solved(conversation, turn)


def deny(conversation: Conversation, turn: Turn) -> List[Reply]:
    """A no, to whatever the assistant asked last."""
    if conversation.open_question == FEEDBACK:
        return not_solved(conversation, turn)
    if conversation.open_question == CLARIFY:
        return clarify.in_other_words(conversation)
    if conversation.open_question == RESUME:
        conversation.paused, conversation.resumable = None, False
    return _what_next(conversation)


def not_solved(conversation: Conversation, turn: Turn) -> List[Reply]:
    """What next: the guide, a neighbouring topic, a person; the second time only a person."""
    if conversation.topic is None:
        return clarify.in_other_words(conversation)
    conversation.unsolved += 1
    render = conversation.render
    person = render.phrase_button("handoff_button", "human_handoff")
    if conversation.unsolved > 1:
        conversation.pending = HANDOFF
        return [render.say("not_solved_again", person)]
    conversation.pending = REASON
    return [_ways_on(conversation, "not_solved")]


def take_reason(conversation: Conversation, turn: Turn) -> List[Reply]:
    """What the partner tells of why it was not solved; it stays in the history, for reports."""
    return [_ways_on(conversation, "reason_noted")]


def _ways_on(conversation: Conversation, phrase: str) -> Reply:
    """A phrase with the guide, neighbouring topics and a person as buttons."""
    render = conversation.render
    topic = conversation.content.topics[conversation.topic]
    offered = guiding.offered_guide(conversation)
    buttons = [render.guide_button(offered)] if offered else []
    others = [name for name in topic.related if conversation.content.topics[name].guide != offered]
    buttons += [render.topic_button(name) for name in others]
    person = render.phrase_button("handoff_button", "human_handoff")
    return render.say(phrase, *buttons[: MAX_BUTTONS - 1], person)


def _what_next(conversation: Conversation) -> List[Reply]:
    render = conversation.render
    buttons = [render.phrase_button("capabilities_button", "ask_capabilities")]
    if conversation.unsolved:
        buttons.append(render.phrase_button("handoff_button", "human_handoff"))
    return [render.say("what_next", *buttons)]
