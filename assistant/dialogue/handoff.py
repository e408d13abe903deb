"""Handing a conversation over to a person: what is missing is asked, a summary confirmed, a ticket made."""

from __future__ import annotations

from typing import Callable, Dict, List, Mapping, Optional

from assistant.dialogue import answers, small_talk
from assistant.dialogue.conversation import CONFIRM, CONTACT, HANDOFF, NOTE, URGENCY, Conversation, Draft
from assistant.dialogue.turn import Turn
from assistant.helpdesk import answers_in_chat
from assistant.helpdesk.ticket import Ticket, new_reference
from assistant.matching import asks_about_ticket, chosen, consists_of
from assistant.nlu.text import words
from assistant.payload import OPTION, choose_payload, parse_choice
from assistant.reply import Button, Reply

# What the buttons of these questions carry, where those of guides carry the guide.
_NAME = "handoff"
_HERE, _SKIP, _SEND, _CHANGE, _CANCEL = "here", "skip", "send", "change", "cancel"
# Channels that know the person, who is answered there.
_PERSONAL_CHANNELS = {"slack", "teams"}
_SURE, _CERTAIN = 0.5, 0.8
# A longer message is no choice: "we cannot wait until they cancel the contract" goes into the note.
_LONGEST_CHOICE = 5
_LEAVING = {"switch_language", "restart", "bot_challenge", "ask_capabilities"}


def hand_over(conversation: Conversation, turn: Turn) -> List[Reply]:
    """Begin a request for a person; where it is not clear that the partner wants one, ask first."""
    if turn.intent == "human_handoff" and turn.confidence < _SURE:
        return [offer(conversation)]
    topic = conversation.topic
    if conversation.guide:
        # A question in between may have been about something else.
        topic = conversation.content.guides[conversation.guide.guide].topic
        conversation.close_guide()
    conversation.draft = Draft(_first_question(turn), topic=topic)
    return [_question(conversation, lead=conversation.render.phrase("handoff_begin"))]


def offer(conversation: Conversation) -> Reply:
    """Ask whether a person shall take over."""
    render = conversation.render
    conversation.pending = HANDOFF
    return render.say(
        "handoff_offer",
        render.phrase_button("handoff_button", "human_handoff"),
        render.phrase_button("handoff_go_on" if conversation.guide else "resume_no", "deny"),
    )


def go_on(conversation: Conversation, turn: Turn) -> Optional[List[Reply]]:
    """What a message means while a request is being prepared.

    Returns:
        ``None`` if none is, or if a button of something else was pressed.
    """
    if conversation.draft is None:
        return None
    if turn.is_payload and not _is_ours(turn):
        conversation.draft = None
        return None
    lead = _needless(conversation, turn)
    if lead:
        return ask_again(conversation, lead)
    choice = _choice(conversation, turn)
    if (choice is None or turn.is_question) and _is_about_something_else(conversation, turn):
        return _digression(conversation, turn)
    if choice == _CANCEL:
        conversation.draft = None
        return [conversation.render.say("handoff_cancelled")]
    return _TAKERS[conversation.draft.asks](conversation, turn, choice)


def ask_again(conversation: Conversation, lead: str = "handoff_back") -> List[Reply]:
    """The open question once more, with a phrase before it."""
    return [_question(conversation, lead=conversation.render.phrase(lead))]


def _first_question(turn: Turn) -> str:
    return URGENCY if turn.metadata.get("channel") in _PERSONAL_CHANNELS else CONTACT


def _needless(conversation: Conversation, turn: Turn) -> Optional[str]:
    """The phrase for a message that is no answer, before the question comes again."""
    if turn.metadata.get("unreadable"):
        return "handoff_unread"
    if turn.is_payload or (conversation.draft.asks == NOTE and not turn.is_question):
        return None
    return "handoff_confirm_missing" if asks_about_ticket(turn.text, conversation.content) else None


def _is_about_something_else(conversation: Conversation, turn: Turn) -> bool:
    if conversation.draft.asks == NOTE or turn.confidence < _CERTAIN:
        return False
    return turn.intent in _LEAVING or (turn.is_question and turn.intent in conversation.content.topics)


def _digression(conversation: Conversation, turn: Turn) -> Optional[List[Reply]]:
    """Something else is answered, and the question comes again after it."""
    if turn.intent == "restart":
        conversation.draft = None
        return None
    is_topic = turn.intent in conversation.content.topics
    replies = (
        [answers.topic_reply(conversation, turn)] if is_topic else small_talk.respond(conversation, turn)
    )
    for reply in replies:
        reply.buttons = []
    return [*replies, *ask_again(conversation)]


def _is_ours(turn: Turn) -> bool:
    choice = parse_choice(turn.entity(OPTION))
    return bool(choice) and choice[0] == _NAME


def _choice(conversation: Conversation, turn: Turn) -> Optional[str]:
    """The button that was pressed, or that is meant by a few words."""
    if turn.is_payload:
        return parse_choice(turn.entity(OPTION))[2]
    if len(words(turn.text)) > _LONGEST_CHOICE:
        return None
    content, asks = conversation.content, conversation.draft.asks
    known = {name: getattr(content.handoff, name) for name in _WORDS[asks]}
    if asks == NOTE:
        # "Nothing works" is no "nothing".
        return next((name for name, each in known.items() if consists_of(turn.text, each, content)), None)
    if asks == URGENCY:
        known.update({name: each.words for name, each in content.handoff.urgency.items()})
    is_no = asks in (CONTACT, CONFIRM) and turn.intent == "deny"
    return chosen(turn.text, known, content) or (_CANCEL if is_no else None)


def _take_contact(conversation: Conversation, turn: Turn, choice: Optional[str]) -> List[Reply]:
    draft = conversation.draft
    draft.contact = turn.metadata.get(CONTACT)
    if not draft.contact and not (choice == _HERE and answers_in_chat()):
        return ask_again(conversation, "handoff_contact_missing")
    draft.asks = URGENCY
    return [_question(conversation)]


def _take_urgency(conversation: Conversation, turn: Turn, choice: Optional[str]) -> List[Reply]:
    if choice not in conversation.content.handoff.urgency:
        return ask_again(conversation, "handoff_urgency_missing")
    conversation.draft.urgency, conversation.draft.asks = choice, NOTE
    return [_question(conversation)]


def _take_note(conversation: Conversation, turn: Turn, choice: Optional[str]) -> List[Reply]:
    conversation.draft.note = "" if choice == _SKIP else turn.text
    conversation.draft.asks = CONFIRM
    return [_question(conversation)]


def _take_confirmation(conversation: Conversation, turn: Turn, choice: Optional[str]) -> List[Reply]:
    if choice == _SEND:
        return _send(conversation, turn)
    if choice == _CHANGE:
        conversation.draft = Draft(_first_question(turn), topic=conversation.draft.topic)
        return [_question(conversation)]
    return ask_again(conversation, "handoff_confirm_missing")


def _send(conversation: Conversation, turn: Turn) -> List[Reply]:
    """Make the ticket; it is stored together with this turn."""
    draft, tried = conversation.draft, conversation.paused
    conversation.ticket = Ticket(
        reference=new_reference(),
        sender=str(turn.metadata.get("sender", "")),
        channel=str(turn.metadata.get("channel") or ""),
        language=conversation.language,
        urgency=draft.urgency,
        contact=draft.contact,
        topic=draft.topic,
        guide=tried.guide if tried else None,
        answers=dict(tried.answers) if tried else {},
        facts=dict(conversation.facts),
        error=conversation.error,
        note=draft.note,
    )
    conversation.draft = None
    conversation.unsolved = conversation.misses = 0
    render = conversation.render
    way = render.phrase("handoff_by_contact" if draft.contact else "handoff_here")
    url = conversation.content.settings.support_url
    return [render.say("handoff_sent", reference=conversation.ticket.reference, way=way, url=url)]


def _question(conversation: Conversation, lead: str = "") -> Reply:
    reply = _QUESTIONS[conversation.draft.asks](conversation)
    reply.text = f"{lead}\n\n{reply.text}" if lead else reply.text
    return reply


def _ask_contact(conversation: Conversation) -> Reply:
    names = [_HERE, _CANCEL] if answers_in_chat() else [_CANCEL]
    return conversation.render.say("handoff_contact", *_buttons(conversation, names))


def _ask_urgency(conversation: Conversation) -> Reply:
    urgencies = conversation.content.handoff.urgency
    buttons = [
        Button(each.label[conversation.language], choose_payload(_NAME, URGENCY, name))
        for name, each in urgencies.items()
    ]
    return conversation.render.say("handoff_urgency", *buttons)


def _ask_note(conversation: Conversation) -> Reply:
    return conversation.render.say("handoff_note", *_buttons(conversation, [_SKIP, _CANCEL]))


def _ask_confirmation(conversation: Conversation) -> Reply:
    lines = "\n".join(f"- **{name}:** {value}" for name, value in _summary(conversation).items())
    buttons = _buttons(conversation, [_SEND, _CHANGE, _CANCEL])
    return conversation.render.say("handoff_summary", *buttons, lines=lines)


def _buttons(conversation: Conversation, names: List[str]) -> List[Button]:
    asks = conversation.draft.asks
    title = conversation.render.phrase
    return [Button(title(f"handoff_{name}_button"), choose_payload(_NAME, asks, name)) for name in names]


def _summary(conversation: Conversation) -> Mapping[str, str]:
    """What will be sent, by its label; what is not known is left out."""
    render, content, draft = conversation.render, conversation.content, conversation.draft
    language = conversation.language
    topic, tried = content.topics.get(draft.topic or ""), conversation.paused
    message = content.messages.get(conversation.error or "")
    found = {
        "summary_topic": topic and topic.title[language],
        "summary_guide": tried and content.guides[tried.guide].title[language],
        "summary_facts": render.facts(conversation.facts),
        "summary_error": message and message.texts[language][0],
        "summary_urgency": content.handoff.urgency[draft.urgency].label[language],
        "summary_contact": render.phrase(
            "summary_contact_given" if draft.contact else "summary_contact_here"
        ),
        "summary_note": draft.note,
    }
    return {render.phrase(name): value for name, value in found.items() if value}


# The buttons of each question that may also be meant by words of ``handoff.yml``.
_WORDS: Dict[str, List[str]] = {
    CONTACT: [_HERE, _CANCEL],
    URGENCY: [_CANCEL],
    NOTE: [_SKIP, _CANCEL],
    CONFIRM: [_SEND, _CHANGE, _CANCEL],
}
_QUESTIONS: Dict[str, Callable[[Conversation], Reply]] = {
    CONTACT: _ask_contact,
    URGENCY: _ask_urgency,
    NOTE: _ask_note,
    CONFIRM: _ask_confirmation,
}
_TAKERS: Dict[str, Callable[[Conversation, Turn, Optional[str]], List[Reply]]] = {
    CONTACT: _take_contact,
    URGENCY: _take_urgency,
    NOTE: _take_note,
    CONFIRM: _take_confirmation,
}
