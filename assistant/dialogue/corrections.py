"""Corrections: "sorry, Silver", "no wait, it has not expired", in an open guide or after its end."""

from __future__ import annotations

from typing import Dict, List, Mapping, Optional

from assistant.dialogue import guiding
from assistant.dialogue.conversation import Conversation
from assistant.dialogue.turn import Turn
from assistant.guide import GuideState
from assistant.matching import CORRECTION, begins_with_reply, match_option
from assistant.reply import Reply


def correct_ended(conversation: Conversation, turn: Turn) -> Optional[List[Reply]]:
    """While no guide is open: take up the last one where the message corrects an answer of it.

    A message about a topic counts only if it says that it corrects something.
    """
    state = conversation.paused
    if state is None or conversation.guide or turn.is_payload:
        return None
    marked = is_marked(conversation, turn)
    facts = corrected_facts(conversation, turn, marked)
    if contradicts(conversation, state, facts) and (marked or turn.intent not in conversation.content.topics):
        conversation.guide, conversation.paused = state, None
        return guiding.change_facts(conversation, facts)
    return revise(conversation, turn, state) if marked else None


def is_marked(conversation: Conversation, turn: Turn) -> bool:
    """Whether the message begins with words such as "sorry" or "no wait"."""
    return begins_with_reply(turn.text, CORRECTION, conversation.content)


def corrected_facts(conversation: Conversation, turn: Turn, marked: bool) -> Dict[str, str]:
    """The facts that a message may correct: in a marked one, whatever it mentions last."""
    return (turn.last_facts if marked else turn.stated_facts)(conversation.content)


def contradicts(conversation: Conversation, state: GuideState, facts: Mapping[str, str]) -> bool:
    """Whether facts change an answer that the guide has already used."""
    steps = guiding.guide_of(conversation, state).steps
    for name, option in guiding.locate(conversation, state).path:
        fact = steps[name].fact
        if fact in facts and facts[fact] != option and facts[fact] in steps[name].options:
            return True
    return False


def revise(conversation: Conversation, turn: Turn, state: GuideState) -> Optional[List[Reply]]:
    """Another answer to an earlier step, the latest first: "no wait, both"."""
    steps = guiding.guide_of(conversation, state).steps
    for name, chosen in reversed(guiding.locate(conversation, state).path):
        match = match_option(turn.text, steps[name], conversation.content)
        if match and match.option != chosen:
            step = steps[name]
            if step.fact and step.options[match.option].label is None:
                conversation.guide, conversation.paused = state, None
                return guiding.change_facts(conversation, {step.fact: match.option})
            return guiding.choose(conversation, state.guide, name, match.option)
    return None
