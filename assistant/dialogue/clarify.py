"""When it is not clear what the partner wants, or clear that it is something else."""

from __future__ import annotations

from typing import List

from assistant.dialogue import answers
from assistant.dialogue.conversation import CLARIFY, HANDOFF, Conversation
from assistant.dialogue.turn import Turn
from assistant.facts import PRODUCT
from assistant.nlu.text import words
from assistant.reply import MAX_BUTTONS, Reply

_LIKELIEST = 3
_MISSES_BEFORE_A_PERSON = 2


def unsure(conversation: Conversation, turn: Turn) -> List[Reply]:
    """Offer the likeliest topics; the second time in a row, a person as well."""
    if answers.is_table_question(conversation, turn):
        return answers.answer_table_question(conversation, turn)
    conversation.learn(turn.stated_facts(conversation.content))
    conversation.misses += 1
    conversation.pending = CLARIFY
    render = conversation.render
    topics = [entry["name"] for entry in turn.ranking if entry["name"] in conversation.content.topics]
    buttons = [render.topic_button(name) for name in topics[:_LIKELIEST]]
    if not buttons:
        buttons = [render.phrase_button("capabilities_button", "ask_capabilities")]
    if conversation.misses < _MISSES_BEFORE_A_PERSON:
        return [render.say("clarify" if topics else "clarify_open", *buttons)]
    person = render.phrase_button("handoff_button", "human_handoff")
    conversation.pending = HANDOFF
    return [render.say("clarify_again", *buttons[: MAX_BUTTONS - 1], person)]


def which_one(conversation: Conversation) -> List[Reply]:
    """A yes to a question with several choices."""
    conversation.pending = CLARIFY
    return [conversation.render.say("which_one")]


def in_other_words(conversation: Conversation) -> List[Reply]:
    """None of the offered topics fits."""
    render = conversation.render
    person = render.phrase_button("handoff_button", "human_handoff")
    return [
        render.say("rephrase_please", render.phrase_button("capabilities_button", "ask_capabilities"), person)
    ]


def out_of_scope(conversation: Conversation, turn: Turn) -> List[Reply]:
    """Say so in a sentence, and where to go instead if it is a near miss."""
    render = conversation.render
    conversation.learn(turn.stated_facts(conversation.content))
    asked = f" {' '.join(words(turn.text))} "
    for near_miss in conversation.content.near_misses.values():
        known = [word for group in near_miss.words.values() for word in group]
        about_product = near_miss.products and turn.entity(PRODUCT) is not None
        if about_product or any(f" {' '.join(words(word))} " in asked for word in known):
            buttons = [render.topic_button(name) for name in near_miss.related]
            return [Reply(near_miss.text[conversation.language].strip(), buttons, kind="near_miss")]
    buttons = [render.phrase_button("capabilities_button", "ask_capabilities")]
    conversation.misses += 1
    if conversation.misses >= _MISSES_BEFORE_A_PERSON:
        buttons.append(render.phrase_button("handoff_button", "human_handoff"))
        conversation.pending = HANDOFF
    return [render.say("out_of_scope", *buttons)]
