"""What a message means because of what was said before, whatever intent it has on its own."""

from __future__ import annotations

import re
from typing import List, Optional

from assistant.dialogue import answers, clarify, corrections, feedback, guiding, small_talk
from assistant.dialogue.conversation import FEEDBACK, REASON, Conversation
from assistant.dialogue.turn import Turn
from assistant.intents import EXPLAIN, INFORM, OUT_OF_SCOPE, UNSURE
from assistant.matching import DIFFERENT, WALK_THROUGH, contains_reply
from assistant.nlu.text import words
from assistant.reply import Reply

_NO_TOPIC = {INFORM, UNSURE, OUT_OF_SCOPE}
_SHORT, _SENTENCE = 8, 14
# "And Silver?", "what about the cloud?", "with Data Analytics": the question asked before, changed.
_FOLLOWS_UP = re.compile(
    r"\W*(?:and|or|what about|what if|how about|in|for|with|if|we|no|but"
    r"|und|oder|was ist mit|was wäre|wie (?:ist|sieht|wäre)|bei|mit|im|für|wenn|wir|aber|ohne)\b",
    re.IGNORECASE,
)
_POSITIVE, _NEGATIVE = {"affirm", "thank_you", "problem_solved"}, {"deny", "problem_not_solved"}
_MOSTLY = 0.5
_POLITE, _POLITE_WORDS = {"thank_you", "greet"}, 5
_CELL = {"membership", "product_family", "competency"}


def reply_in_context(conversation: Conversation, turn: Turn) -> Optional[List[Reply]]:
    """Replies, where no guide is open and the message refers to what was said before."""
    if conversation.guide or turn.is_payload:
        return None
    for interpret in _INTERPRETATIONS:
        replies = interpret(conversation, turn)
        if replies:
            return replies
    return None


def _named_guide(conversation: Conversation, turn: Turn) -> Optional[List[Reply]]:
    """ "Walk me through linking a contract", or just "the guide please" after an answer that has one."""
    if len(words(turn.text)) > _SENTENCE or not contains_reply(turn.text, WALK_THROUGH, conversation.content):
        return None
    name = guiding.named_guide(conversation, turn) or guiding.offered_guide(conversation)
    return guiding.start(conversation, name) if name else None


def _other_cell(conversation: Conversation, turn: Turn) -> Optional[List[Reply]]:
    """Another cell of the entitlement table."""
    if conversation.topic != answers.ENTITLEMENT_TOPIC or len(words(turn.text)) > _SHORT:
        return None
    mentioned = turn.mentioned_facts(conversation.content)
    if not _CELL & set(mentioned) or not (_FOLLOWS_UP.match(turn.text) or turn.is_only_facts):
        return None
    return answers.correct_table_question(conversation, turn)


def _helped_or_not(conversation: Conversation, turn: Turn) -> Optional[List[Reply]]:
    """An unclear reply to "did this solve it?" that is more of a yes, or more of a no."""
    if conversation.open_question != FEEDBACK or turn.intent != UNSURE:
        return None
    if turn.likelihood(_POSITIVE) >= _MOSTLY:
        return small_talk.solved(conversation, turn)
    if turn.likelihood(_NEGATIVE) >= _MOSTLY:
        return feedback.not_solved(conversation, turn)
    return None


def _thanks_and_a_question(conversation: Conversation, turn: Turn) -> Optional[List[Reply]]:
    """ "Thanks, and do you know what it costs?" is not only thanks: ask back what is meant."""
    is_polite = turn.intent in _POLITE and turn.text.rstrip().endswith("?")
    return clarify.unsure(conversation, turn) if is_polite and len(words(turn.text)) > _POLITE_WORDS else None


def _did_not_help(conversation: Conversation, turn: Turn) -> Optional[List[Reply]]:
    """ "I don't see it there", after we asked whether the answer helped."""
    if conversation.open_question != FEEDBACK or turn.intent not in {*_NO_TOPIC, EXPLAIN}:
        return None
    if len(words(turn.text)) <= _SHORT and contains_reply(turn.text, DIFFERENT, conversation.content):
        return feedback.not_solved(conversation, turn)
    return None


def _facts_for_guide(conversation: Conversation, turn: Turn) -> Optional[List[Reply]]:
    """Facts that the guide of the topic would ask for: go through it with them."""
    if turn.intent not in _NO_TOPIC or turn.is_question:
        return None
    guide = conversation.content.guides.get(guiding.offered_guide(conversation) or "")
    stated = turn.stated_facts(conversation.content)
    if guide and any(stated.get(step.fact) in step.options for step in guide.steps.values() if step.fact):
        conversation.learn(stated)
        return guiding.start(conversation, guide.guide)
    return None


def _only_facts(conversation: Conversation, turn: Turn) -> Optional[List[Reply]]:
    """A message such as "Action Pack" asks nothing; "Action Pack, cloud" may."""
    named = {entity["entity"] for entity in turn.entities} & set(conversation.content.facts)
    if turn.is_only_facts and len(named) == 1 and not turn.is_question:
        return guiding.inform(conversation, turn)
    return None


def _reason(conversation: Conversation, turn: Turn) -> Optional[List[Reply]]:
    """Why it did not help: what is said after a "no" and asks nothing."""
    if conversation.open_question != REASON or turn.intent not in {UNSURE, OUT_OF_SCOPE} or turn.is_question:
        return None
    return feedback.take_reason(conversation, turn)


_INTERPRETATIONS = (
    _named_guide,
    corrections.correct_ended,
    _other_cell,
    _helped_or_not,
    _thanks_and_a_question,
    _did_not_help,
    _facts_for_guide,
    _only_facts,
    _reason,
)
