"""Answers to topics, the entitlement table, and the question whether they helped."""

from __future__ import annotations

from dataclasses import replace
from typing import Dict, List, Mapping

from assistant.content.model import Entitlement
from assistant.dialogue.conversation import FEEDBACK, Conversation
from assistant.dialogue.turn import Turn
from assistant.intents import OUT_OF_SCOPE
from assistant.nlu.text import words
from assistant.reply import MAX_BUTTONS, Renderer, Reply

ENTITLEMENT_TOPIC = "support_entitlement"
_TABLE_QUESTION_WORDS = 8
_FOLLOW_UP_WORDS = 3
# A second topic of this probability is asked for, too.
_ASKED_BESIDES = 0.2
# What the table asks of the partner rather than of the product.
_WHO = ("membership", "competency")


def answer_topic(conversation: Conversation, turn: Turn) -> List[Reply]:
    """Answer the topic that the message is about, then ask once whether it helped."""
    replies = [topic_reply(conversation, turn)]
    return replies + ask_feedback(conversation, turn.intent)


def topic_reply(conversation: Conversation, turn: Turn) -> Reply:
    """The answer alone; facts that the partner states on the way are remembered."""
    conversation.learn(turn.stated_facts(conversation.content))
    previous, conversation.topic = conversation.topic, turn.intent
    conversation.misses = 0
    topic = conversation.content.topics[turn.intent]
    if turn.intent == ENTITLEMENT_TOPIC:
        follows_up = previous == ENTITLEMENT_TOPIC and len(words(turn.text)) <= _FOLLOW_UP_WORDS
        return _entitlement(conversation, turn, conversation.cell if follows_up else {})
    return _with_second_topic(conversation, turn, conversation.render.answer(topic))


def _with_second_topic(conversation: Conversation, turn: Turn, reply: Reply) -> Reply:
    """The answer with a button for what the message asks besides, if it asks two things."""
    other = next((entry for entry in turn.ranking if entry["name"] not in (turn.intent, OUT_OF_SCOPE)), None)
    if turn.is_payload or other is None or other["confidence"] < _ASKED_BESIDES:
        return reply
    if other["name"] in conversation.content.topics:
        button = conversation.render.topic_button(other["name"])
        if button not in reply.buttons:
            reply.buttons = [*reply.buttons[: MAX_BUTTONS - 1], button]
    return reply


def ask_feedback(conversation: Conversation, subject: str) -> List[Reply]:
    """ "Did this solve it?", once for each topic or guide of a conversation."""
    if subject in conversation.asked or conversation.resumable:
        return []
    conversation.asked.append(subject)
    conversation.pending = FEEDBACK
    render = conversation.render
    return [
        render.say(
            "feedback",
            render.phrase_button("feedback_yes", "problem_solved"),
            render.phrase_button("feedback_no", "problem_not_solved"),
        )
    ]


def is_table_question(conversation: Conversation, turn: Turn) -> bool:
    """Whether a message does little more than name a cell of the table: "Silver, cloud"."""
    # Several memberships may be named: "Gold vs Silver, cloud".
    named = {entity["entity"] for entity in turn.entities} | set(turn.mentioned_facts(conversation.content))
    names_cell = "membership" in named and bool({"product_family", "competency"} & named)
    return names_cell and (len(words(turn.text)) <= _TABLE_QUESTION_WORDS or turn.text.rstrip().endswith("?"))


def answer_table_question(conversation: Conversation, turn: Turn) -> List[Reply]:
    """The cells that a message names."""
    return answer_topic(conversation, replace(turn, intent=ENTITLEMENT_TOPIC))


def correct_table_question(conversation: Conversation, turn: Turn) -> List[Reply]:
    """The cell asked for last, with what the message changes: "sorry, Gold"."""
    reply = _entitlement(conversation, turn, conversation.cell)
    return [reply, *ask_feedback(conversation, ENTITLEMENT_TOPIC)]


def _entitlement(conversation: Conversation, turn: Turn, before: Mapping[str, str]) -> Reply:
    """The cells that a message names, on top of what was asked before: "and Silver?".

    A membership or competency that is known need not be named.
    """
    asked = {**before, **turn.mentioned_facts(conversation.content)}
    if "competency" in asked and "product_family" not in asked:
        asked["product_family"] = "cloud"
    known = {name: conversation.facts[name] for name in _WHO if name in conversation.facts}
    asked = {**known, **asked}
    conversation.cell = asked
    return _table(conversation, asked)


def _table(conversation: Conversation, asked: Dict[str, str]) -> Reply:
    """One sentence where a single cell is asked for, else the rows that are left open as a list."""
    render = conversation.render
    topic = conversation.content.topics[ENTITLEMENT_TOPIC]
    rows = [row for row in conversation.content.entitlements if _fits(row, asked)]
    if len(rows) == 1:
        sentence = f"{render.phrase('entitlement_as_of')} {_sentence(rows[0], render)}"
        return render.answer(topic.copy(update={"updates": rows[0].updates}), sentence)
    table = "\n".join(f"- {_sentence(row, render)}" for row in rows)
    return render.answer(topic, f"{topic.answer[render.language].strip()}\n\n{table}")


def _fits(row: Entitlement, asked: Dict[str, str]) -> bool:
    return (
        asked.get("membership", row.membership) == row.membership
        and asked.get("product_family", row.product_family) == row.product_family
        and (row.competency is None or asked.get("competency", row.competency) == row.competency)
    )


def _sentence(row: Entitlement, render: Renderer) -> str:
    products = f"products_{row.product_family}" + (f"_{row.competency}" if row.competency else "")
    kind = row.incidents if row.incidents in ("none", "unlimited") else "count"
    return render.phrase(
        f"entitlement_{kind}",
        membership=render.fact_labels({"membership": row.membership})["membership"],
        products=render.phrase(products),
        count=row.incidents,
    )
