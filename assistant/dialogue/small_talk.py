"""Greetings, questions about the assistant itself, and messages it cannot work with."""

from __future__ import annotations

from typing import Callable, Dict, List

from assistant.dialogue import clarify, rating
from assistant.dialogue.conversation import CLARIFY, Conversation
from assistant.dialogue.turn import Turn
from assistant.intents import OTHER_LANGUAGE
from assistant.matching import named_term
from assistant.nlu.text import words
from assistant.reply import MAX_BUTTONS, Button, Renderer, Reply


def respond(conversation: Conversation, turn: Turn) -> List[Reply]:
    """The reply to a small-talk intent."""
    return _HANDLERS[turn.intent](conversation, turn)


def capabilities(conversation: Conversation, turn: Turn) -> List[Reply]:
    """What the assistant can do, with the featured topics as buttons."""
    render = conversation.render
    return [render.say("capabilities", *_featured(render))]


def restarted(conversation: Conversation, turn: Turn) -> List[Reply]:
    """Start over: facts, guide and topic are forgotten."""
    conversation.forget()
    render = conversation.render
    return [render.say("restarted", *_featured(render)[:3])]


def switch_language(conversation: Conversation, turn: Turn) -> List[Reply]:
    """Switch to the language that the message names."""
    names = conversation.content.settings.language_words
    asked = {code for code, known in names.items() if set(words(turn.text)) & set(known)}
    if len(asked) > 1:
        asked -= {conversation.language}
    render = conversation.render
    if len(asked) != 1:
        return [render.say("language_unknown")]
    conversation.language = asked.pop()
    return [conversation.render.say("language_switched")]


def solved(conversation: Conversation, turn: Turn) -> List[Reply]:
    """The partner says that it worked."""
    conversation.unsolved = 0
    return [conversation.render.say("solved"), *rating.ask(conversation)]


def unreadable(conversation: Conversation, turn: Turn) -> List[Reply]:
    """A message without words, or one that the channel cut because it was too long."""
    render = conversation.render
    return [
        render.say("message_too_long" if turn.metadata.get("unreadable") == "too_long" else "message_empty")
    ]


def _greet(conversation: Conversation, turn: Turn) -> List[Reply]:
    render = conversation.render
    return [render.say("greet", *_featured(render)[:2], _ask_capabilities(render))]


def _bot_challenge(conversation: Conversation, turn: Turn) -> List[Reply]:
    render = conversation.render
    person = render.phrase_button("handoff_button", "human_handoff")
    return [render.say("bot_challenge", _ask_capabilities(render), person)]


def _plain(phrase: str) -> Callable[[Conversation, Turn], List[Reply]]:
    def handler(conversation: Conversation, turn: Turn) -> List[Reply]:
        return [conversation.render.say(phrase)]

    return handler


def _nothing_open(conversation: Conversation, turn: Turn) -> List[Reply]:
    render = conversation.render
    return [render.say("what_next", _ask_capabilities(render))]


def _explain(conversation: Conversation, turn: Turn) -> List[Reply]:
    """A term of the glossary, or what could be explained."""
    render = conversation.render
    term = named_term(turn.text, conversation.content)
    if term:
        return [render.term(term)]
    topic = conversation.content.topics.get(conversation.topic or "")
    if topic is None:
        return [render.say("explain_nothing", _ask_capabilities(render))]
    buttons = [render.guide_button(topic.guide, render.phrase("start_guide"))] if topic.guide else []
    buttons += [render.topic_button(name) for name in topic.related]
    return [render.say("explain_nothing", *buttons[:MAX_BUTTONS])]


def _need_help(conversation: Conversation, turn: Turn) -> List[Reply]:
    """ "I have a problem": ask which one; after a message not understood, offer a person as well."""
    if conversation.misses:
        return clarify.unsure(conversation, turn)
    conversation.misses += 1
    conversation.pending = CLARIFY
    render = conversation.render
    return [render.say("need_help", *_featured(render)[:2], _ask_capabilities(render))]


def _acknowledge(conversation: Conversation, turn: Turn) -> List[Reply]:
    """An interjection; the question that was open stays open."""
    conversation.pending = conversation.open_question
    return [conversation.render.say("acknowledge")]


def _featured(render: Renderer) -> List[Button]:
    return [render.topic_button(name) for name in render.content.settings.featured_topics]


def _ask_capabilities(render: Renderer) -> Button:
    return render.phrase_button("capabilities_button", "ask_capabilities")


_HANDLERS: Dict[str, Callable[[Conversation, Turn], List[Reply]]] = {
    "greet": _greet,
    "goodbye": _plain("goodbye"),
    "thank_you": _plain("thank_you"),
    "bot_challenge": _bot_challenge,
    "ask_capabilities": capabilities,
    "switch_language": switch_language,
    "restart": restarted,
    "stop": _nothing_open,
    "explain": _explain,
    OTHER_LANGUAGE: _plain("other_language"),
    "wait": _plain("wait"),
    "need_help": _need_help,
    "acknowledge": _acknowledge,
}
