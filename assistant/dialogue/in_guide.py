"""What a message means while a guide is open."""

from __future__ import annotations

from dataclasses import replace
from typing import Callable, Dict, List, Optional

from assistant import guide as guides
from assistant.dialogue import answers, corrections, guiding, handoff, small_talk
from assistant.dialogue.conversation import DIGRESSION, HANDOFF, Conversation
from assistant.dialogue.turn import PASTED_MESSAGE, Turn
from assistant.intents import INFORM, OTHER_LANGUAGE, OUT_OF_SCOPE
from assistant.matching import WALK_THROUGH, Match, contains_reply, named_term
from assistant.options import option_reader
from assistant.payload import GUIDE, OPTION, parse_choice
from assistant.reply import Reply

Interpretation = Optional[List[Reply]]

_MISSES_BEFORE_A_PERSON = 3
# Probabilities from which an intent counts: against a likely option, to leave the guide, against a
# possible option, at all.
_BEYOND_DOUBT = 0.97
_CERTAIN = 0.8
_SURE = 0.6
_FAIRLY_SURE = 0.4
_SMALL_TALK = {
    "greet", "thank_you", "bot_challenge", "ask_capabilities", "need_help", "wait", OTHER_LANGUAGE,
}  # fmt: skip


def handle(conversation: Conversation, turn: Turn) -> List[Reply]:
    """A message while a guide is open: the first interpretation that fits, in this order."""
    match = _match(conversation, turn)
    for interpret in (
        _pressed_button,
        _answer_to_offer,
        _exact_option,
        _correction,
        _navigation,
        _likely_option,
        _digression,
        _further_facts,
        _possible_option,
        _common_reply,
    ):
        replies = interpret(conversation, turn, match)
        if replies:
            return replies
    return _not_understood(conversation, turn)


def unreadable(conversation: Conversation, turn: Turn) -> List[Reply]:
    """A message without words, or too long; an open step is shown again."""
    replies = small_talk.unreadable(conversation, turn)
    return replies + guiding.show(conversation) if conversation.guide else replies


def _match(conversation: Conversation, turn: Turn) -> Optional[Match]:
    if turn.is_payload:
        return None
    position = guiding.locate(conversation, conversation.guide)
    step = position.step
    reader = option_reader(conversation.content)
    match = reader.read(turn.text, conversation.guide.guide, position.name)
    if match and step.fact and match.option in turn.negated_values(step.fact):
        match = None
    stated = turn.mentioned_facts(conversation.content).get(step.fact) if step.fact else None
    if stated in step.options and (match is None or match.option == stated or not match.is_strong):
        return Match(stated, max(match.length if match else 0, 1), match.coverage if match else 0.5)
    return match


def _pressed_button(conversation: Conversation, turn: Turn, match: Optional[Match]) -> Interpretation:
    choice = parse_choice(turn.entity(OPTION))
    if choice:
        return guiding.choose(conversation, *choice)
    name = turn.entity(GUIDE)
    if name in conversation.content.guides:
        return guiding.start(conversation, name)
    return _walk_through_digression(conversation, turn)


def _walk_through_digression(conversation: Conversation, turn: Turn) -> Interpretation:
    """ "Walk me through it" after a topic was answered in between means the guide of that topic."""
    topic = conversation.content.topics.get(conversation.topic or "")
    wanted = contains_reply(turn.text, WALK_THROUGH, conversation.content)
    if conversation.open_question == DIGRESSION and wanted and topic.guide:
        return guiding.start(conversation, topic.guide)
    return None


def _answer_to_offer(conversation: Conversation, turn: Turn, match: Optional[Match]) -> Interpretation:
    """Yes or no to the person that was offered."""
    if conversation.open_question != HANDOFF or turn.intent not in ("affirm", "deny"):
        return None
    if turn.intent == "affirm":
        return handoff.hand_over(conversation, turn)
    conversation.guide = replace(conversation.guide, misses=0)
    return guiding.show(conversation)


def _exact_option(conversation: Conversation, turn: Turn, match: Optional[Match]) -> Interpretation:
    """The message is an option and nothing else."""
    return _choose(conversation, match, turn) if match and match.coverage == 1 else None


def _correction(conversation: Conversation, turn: Turn, match: Optional[Match]) -> Interpretation:
    """Another answer to an earlier step."""
    marked = not turn.is_payload and corrections.is_marked(conversation, turn)
    facts = corrections.corrected_facts(conversation, turn, marked)
    if corrections.contradicts(conversation, conversation.guide, facts):
        return guiding.change_facts(conversation, facts)
    return corrections.revise(conversation, turn, conversation.guide) if marked and match is None else None


def _navigation(conversation: Conversation, turn: Turn, match: Optional[Match]) -> Interpretation:
    navigate = None if match and turn.intent in _REPORTS else _NAVIGATION.get(turn.intent)
    needed = _CERTAIN if turn.intent in _LEAVING else _SURE if match else _FAIRLY_SURE
    if match and match.is_strong and not turn.is_question:
        needed = _BEYOND_DOUBT
    if navigate and (turn.is_payload or turn.confidence >= needed):
        return navigate(conversation, turn)
    return None


def _likely_option(conversation: Conversation, turn: Turn, match: Optional[Match]) -> Interpretation:
    """An option named clearly, or in a statement that quotes nothing and is no small talk."""
    if match is None:
        return None
    small_talk_rather = turn.intent in _SMALL_TALK and turn.confidence >= _FAIRLY_SURE
    if match.is_guess and (turn.is_question or _states_another_answer(conversation, turn)):
        return None
    if match.is_strong or not (turn.is_question or turn.entity(PASTED_MESSAGE) or small_talk_rather):
        return _choose(conversation, match, turn)
    return None


def _states_another_answer(conversation: Conversation, turn: Turn) -> bool:
    """Whether the message answers other questions than the open one.

    Products and portals may be mentioned in any answer: "we added it for on-prem last year".
    """
    step = guiding.locate(conversation, conversation.guide).step
    facts = turn.stated_facts(conversation.content)
    if step.fact in facts:
        return False
    return turn.is_only_facts or any(conversation.content.facts[name].stated != "mention" for name in facts)


def _new_facts(conversation: Conversation, turn: Turn) -> Dict[str, str]:
    """Facts that the message states and the open guide can use."""
    stated = turn.stated_facts(conversation.content)
    steps = guiding.guide_of(conversation, conversation.guide).steps.values()
    return {
        fact: value
        for fact, value in stated.items()
        if conversation.facts.get(fact) != value
        and any(step.fact == fact and value in step.options for step in steps)
    }


def _digression(conversation: Conversation, turn: Turn, match: Optional[Match]) -> Interpretation:
    """Something else is answered, then we return to the open step."""
    render = conversation.render
    if turn.is_only_facts and not turn.is_question:
        return None
    if turn.intent == guiding.guide_of(conversation, conversation.guide).topic:
        quoted = turn.entity(PASTED_MESSAGE)
        return guiding.show(conversation, lead=[render.phrase("already_on_it")]) if quoted else None
    needed = _SURE if turn.intent == OTHER_LANGUAGE else _FAIRLY_SURE
    if turn.intent in _SMALL_TALK and turn.confidence >= needed:
        replies = small_talk.respond(conversation, turn)
    elif turn.intent in conversation.content.topics:
        replies = [answers.topic_reply(conversation, turn)]
        conversation.pending = DIGRESSION
    else:
        return None
    for reply in replies:
        reply.buttons = []
    return replies + guiding.show(conversation, lead=[render.phrase("back_to_guide")])


def _possible_option(conversation: Conversation, turn: Turn, match: Optional[Match]) -> Interpretation:
    return _choose(conversation, match, turn) if match and not (match.is_guess and turn.is_question) else None


def _further_facts(conversation: Conversation, turn: Turn, match: Optional[Match]) -> Interpretation:
    """The message answers a question that the guide has not asked yet."""
    new = _new_facts(conversation, turn)
    if not new and (turn.is_only_facts or turn.intent == INFORM):
        new = turn.stated_facts(conversation.content)
    if not new:
        return None
    conversation.learn(new)
    return guiding.show(conversation, lead=guiding.noted(conversation, new))


def _common_reply(conversation: Conversation, turn: Turn, match: Optional[Match]) -> Interpretation:
    """An intent that stands for a common reply: affirm is ``yes``, next_step is ``done`` and so on."""
    position = guiding.locate(conversation, conversation.guide)
    known = {**_ANSWERS, **_REPORTS} if position.step.do else _ANSWERS
    wanted = known.get(turn.intent, ()) if turn.confidence >= _FAIRLY_SURE else ()
    options = [name for name, option in position.step.options.items() if option.like in wanted]
    if len(options) == 1:
        return guiding.choose(conversation, conversation.guide.guide, position.name, options[0])
    return None


def _choose(conversation: Conversation, match: Match, turn: Turn) -> List[Reply]:
    """Take an option, and remember what else the message states."""
    position = guiding.locate(conversation, conversation.guide)
    others = {
        fact: value
        for fact, value in turn.stated_facts(conversation.content).items()
        if fact != position.step.fact and fact not in conversation.facts
    }
    conversation.learn(others)
    return guiding.choose(conversation, conversation.guide.guide, position.name, match.option)


def _not_understood(conversation: Conversation, turn: Turn) -> List[Reply]:
    """Ask again in other words, twice; then offer a person."""
    render = conversation.render
    conversation.guide = guides.missed(conversation.guide)
    position = guiding.locate(conversation, conversation.guide)
    outside = turn.intent == OUT_OF_SCOPE and turn.is_question
    if turn.is_question and not outside and position.step.help and conversation.guide.misses == 1:
        return _explain(conversation, turn)
    lead = "out_of_scope" if outside else "not_understood"
    replies = [render.rephrased(position, conversation.guide.guide, lead)]
    if conversation.guide.misses >= _MISSES_BEFORE_A_PERSON:
        replies.append(handoff.offer(conversation))
    return replies


def _stop(conversation: Conversation, turn: Turn) -> List[Reply]:
    conversation.close_guide()
    render = conversation.render
    return [render.say("guide_stopped", render.phrase_button("capabilities_button", "ask_capabilities"))]


def _restart(conversation: Conversation, turn: Turn) -> List[Reply]:
    conversation.forget()
    return small_talk.restarted(conversation, turn)


def _explain(conversation: Conversation, turn: Turn) -> List[Reply]:
    render = conversation.render
    position = guiding.locate(conversation, conversation.guide)
    term = named_term(turn.text, conversation.content)
    if term:
        return [render.term(term), *guiding.show(conversation, lead=[render.phrase("back_to_guide")])]
    if position.step.help:
        help_text = position.step.help[conversation.language]
        known = position.step.updates
        return [Reply(help_text), render.step(position, conversation.guide.guide, known=known)]
    return [render.rephrased(position, conversation.guide.guide, "no_help")]


def _switch_language(conversation: Conversation, turn: Turn) -> List[Reply]:
    conversation.learn(turn.stated_facts(conversation.content))
    replies = small_talk.switch_language(conversation, turn)
    return replies + guiding.show(conversation)


def _goodbye(conversation: Conversation, turn: Turn) -> List[Reply]:
    conversation.close_guide()
    return small_talk.respond(conversation, turn)


def _not_solved(conversation: Conversation, turn: Turn) -> Interpretation:
    """ "That did not help": after an instruction it is the answer; at a question the guide does not help."""
    if guiding.locate(conversation, conversation.guide).step.do:
        return None
    lead = [conversation.render.phrase("not_solved_yet")]
    return [*guiding.show(conversation, lead=lead), handoff.offer(conversation)]


def _solved(conversation: Conversation, turn: Turn) -> List[Reply]:
    replies = _common_reply(conversation, turn, None)
    if replies:
        return replies
    conversation.close_guide()
    return small_talk.solved(conversation, turn)


# The replies that an intent stands for: to any step, and to one that says what to do.
_ANSWERS: Dict[str, tuple] = {"affirm": ("yes", "done"), "deny": ("no", "different")}
_REPORTS: Dict[str, tuple] = {
    "next_step": ("done", "yes"),
    "problem_solved": ("yes", "done"),
    "problem_not_solved": ("no", "different"),
}
_NAVIGATION: Dict[str, Callable[[Conversation, Turn], Interpretation]] = {
    "go_back": guiding.go_back,
    "restart": _restart,
    "stop": _stop,
    "explain": _explain,
    "switch_language": _switch_language,
    "goodbye": _goodbye,
    "problem_solved": _solved,
    "problem_not_solved": _not_solved,
    "human_handoff": handoff.hand_over,
}
# These end the guide, so it takes more to be sure.
_LEAVING = {"restart", "goodbye", "problem_solved", "human_handoff"}
