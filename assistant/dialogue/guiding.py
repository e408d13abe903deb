"""A guide in conversation: starting it, and every message while it is open."""

from __future__ import annotations

from dataclasses import replace
from typing import Callable, Dict, List, Mapping, Optional, Set

from assistant import guide as guides
from assistant.content.model import Guide
from assistant.dialogue import answers, clarify, handoff, small_talk
from assistant.dialogue.conversation import DIGRESSION, HANDOFF, Conversation
from assistant.dialogue.turn import OTHER_LANGUAGE, PASTED_MESSAGE, Turn
from assistant.facts import PRODUCT
from assistant.guide import GuideState
from assistant.matching import Match, match_option
from assistant.payload import GUIDE, OPTION, parse_choice
from assistant.reply import Reply

Interpretation = Optional[List[Reply]]

_MISSES_BEFORE_A_PERSON = 3
_NAMED = 0.1
_SURE = 0.6
_FAIRLY_SURE = 0.4
_SMALL_TALK = {"greet", "thank_you", "bot_challenge", "ask_capabilities", OTHER_LANGUAGE, "wait"}


def answer_topic(conversation: Conversation, turn: Turn) -> List[Reply]:
    """Answer the topic of a message; if the facts it states settle the topic's guide, with its outcome."""
    stated = turn.stated_facts(conversation.content)
    guide = conversation.content.guides.get(conversation.content.topics[turn.intent].guide or "")
    if guide and stated:
        facts = {**conversation.facts, **stated}
        position = guides.locate(guide, GuideState(guide.guide), facts)
        used = {guide.steps[name].fact for name, _ in position.path}
        if position.step.is_outcome and used & set(stated):
            conversation.learn(stated)
            conversation.misses = 0
            return start(conversation, guide.guide)
    return answers.answer_topic(conversation, turn)


def start(conversation: Conversation, name: str) -> List[Reply]:
    """Open a guide at the first step that is not answered by known facts."""
    conversation.guide = GuideState(name)
    conversation.paused, conversation.resumable = None, False
    conversation.topic = conversation.content.guides[name].topic
    return _show(conversation, lead=_known(conversation, name))


def next_step(conversation: Conversation, turn: Turn) -> List[Reply]:
    """ "Walk me through it" or "continue" while no guide is open."""
    name = turn.entity(GUIDE) or _named_guide(conversation, turn)
    if name in conversation.content.guides:
        return start(conversation, name)
    if conversation.paused and not _is_over(conversation, conversation.paused):
        return resume(conversation)
    topic = conversation.content.topics.get(conversation.topic or "")
    offered = offered_guide(conversation) or (topic.guide if topic else None)
    if offered:
        return start(conversation, offered)
    render = conversation.render
    if topic:
        return [render.say("no_guide", *[render.topic_button(name) for name in topic.related])]
    buttons = [render.guide_button(name) for name in conversation.content.guides]
    return [render.say("which_guide", *buttons)]


def offered_guide(conversation: Conversation) -> Optional[str]:
    """The guide that the last answer or outcome offers."""
    topic = conversation.content.topics.get(conversation.topic or "")
    ended = conversation.paused
    if ended and topic and ended.guide == topic.guide:
        return _locate(conversation, ended).step.guide
    return topic.guide if topic else None


def _named_guide(conversation: Conversation, turn: Turn) -> Optional[str]:
    """The guide of the topic that "guide me through ..." names."""
    for entry in turn.ranking:
        topic = conversation.content.topics.get(entry["name"])
        if topic and topic.guide and entry["confidence"] >= _NAMED:
            return topic.guide
    return None


def resume(conversation: Conversation) -> List[Reply]:
    """Open the paused guide again where it was left."""
    conversation.guide, conversation.paused = conversation.paused, None
    conversation.resumable = False
    return _show(conversation)


def go_back(conversation: Conversation, turn: Turn) -> List[Reply]:
    """One step back, in the open guide or in the one that has just ended."""
    render = conversation.render
    state = conversation.guide or conversation.paused
    if state is None:
        return [
            render.say(
                "nothing_to_go_back_to", render.phrase_button("capabilities_button", "ask_capabilities")
            )
        ]
    stepped = guides.back(_guide(conversation, state), state, conversation.facts)
    conversation.guide, conversation.paused = state, None
    if stepped is None:
        return _show(conversation, lead=[render.phrase("first_step")])
    conversation.guide, conversation.facts = stepped
    return _show(conversation)


def inform(conversation: Conversation, turn: Turn) -> List[Reply]:
    """A stated fact while no guide is open: correct the last guide or answer, or take note."""
    choice = parse_choice(turn.entity(OPTION))
    if choice and choice[0] in conversation.content.guides:
        return _late_choice(conversation, *choice)
    facts = turn.stated_facts(conversation.content)
    corrected = _correct_paused(conversation, facts)
    if corrected:
        return corrected
    if answers.is_table_question(conversation, turn):
        return answers.answer_table_question(conversation, turn)
    if not facts:
        return clarify.unsure(conversation, turn)
    if turn.entity(PRODUCT) and set(facts) == {"product_family"}:
        return clarify.out_of_scope(conversation, turn)
    return _note(conversation, turn, facts)


def unsure(conversation: Conversation, turn: Turn) -> List[Reply]:
    """An unclear message: it may correct the last guide, otherwise ask what is meant."""
    corrected = _correct_paused(conversation, turn.stated_facts(conversation.content))
    return corrected or clarify.unsure(conversation, turn)


def _correct_paused(conversation: Conversation, facts: Mapping[str, str]) -> Interpretation:
    paused = conversation.paused
    if paused is None or not _contradicts(conversation, paused, facts):
        return None
    conversation.guide, conversation.paused = paused, None
    return _correct(conversation, facts)


def _note(conversation: Conversation, turn: Turn, facts: Mapping[str, str]) -> List[Reply]:
    """Remember facts, and offer what they are probably meant for."""
    conversation.learn(facts)
    if conversation.topic == answers.ENTITLEMENT_TOPIC:
        return answers.correct_table_question(conversation, turn)
    render = conversation.render
    topic = conversation.content.topics.get(conversation.topic or "")
    noted = render.phrase("noted", facts=render.facts(facts))
    if topic and topic.guide:
        return [Reply(noted, [render.guide_button(topic.guide, render.phrase("start_guide"))])]
    buttons = [render.topic_button(name) for name in conversation.content.settings.featured_topics[:3]]
    return [Reply(f"{noted} {render.phrase('noted_what_next')}", buttons)]


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
        _possible_option,
        _further_facts,
        _common_reply,
    ):
        replies = interpret(conversation, turn, match)
        if replies:
            return replies
    return _not_understood(conversation, turn)


def _pressed_button(conversation: Conversation, turn: Turn, match: Optional[Match]) -> Interpretation:
    choice = parse_choice(turn.entity(OPTION))
    if choice:
        return _choose_from(conversation, *choice)
    name = turn.entity(GUIDE)
    if turn.intent == "next_step" and name in conversation.content.guides:
        return start(conversation, name)
    digressed = conversation.content.topics.get(conversation.topic or "")
    if (
        turn.intent == "next_step"
        and conversation.open_question == DIGRESSION
        and digressed.guide
        and not match
    ):
        return start(conversation, digressed.guide)
    return None


def _answer_to_offer(conversation: Conversation, turn: Turn, match: Optional[Match]) -> Interpretation:
    """Yes or no to the person that was offered."""
    if conversation.open_question != HANDOFF or turn.intent not in ("affirm", "deny"):
        return None
    if turn.intent == "affirm":
        return handoff.hand_over(conversation, turn)
    conversation.guide = replace(conversation.guide, misses=0)
    return _show(conversation)


def _exact_option(conversation: Conversation, turn: Turn, match: Optional[Match]) -> Interpretation:
    """The message is an option and nothing else."""
    return _choose(conversation, match, turn) if match and match.coverage == 1 else None


def _navigation(conversation: Conversation, turn: Turn, match: Optional[Match]) -> Interpretation:
    navigate = _NAVIGATION.get(turn.intent)
    if navigate and (turn.is_payload or turn.confidence >= (_SURE if match else _FAIRLY_SURE)):
        return navigate(conversation, turn)
    return None


def _likely_option(conversation: Conversation, turn: Turn, match: Optional[Match]) -> Interpretation:
    return _choose(conversation, match, turn) if match and match.is_strong else None


def _digression(conversation: Conversation, turn: Turn, match: Optional[Match]) -> Interpretation:
    """Something else is answered, then we return to the open step."""
    render = conversation.render
    if turn.intent == _guide(conversation, conversation.guide).topic:
        quoted = turn.entity(PASTED_MESSAGE)
        return _show(conversation, lead=[render.phrase("already_on_it")]) if quoted else None
    if turn.intent in _SMALL_TALK and turn.confidence >= _FAIRLY_SURE:
        replies = small_talk.respond(conversation, turn)
    elif turn.intent in conversation.content.topics:
        replies = [answers.topic_reply(conversation, turn)]
        conversation.pending = DIGRESSION
    else:
        return None
    for reply in replies:
        reply.buttons = []
    return replies + _show(conversation, lead=[render.phrase("back_to_guide")])


def _correction(conversation: Conversation, turn: Turn, match: Optional[Match]) -> Interpretation:
    facts = turn.stated_facts(conversation.content)
    return _correct(conversation, facts) if _contradicts(conversation, conversation.guide, facts) else None


def _possible_option(conversation: Conversation, turn: Turn, match: Optional[Match]) -> Interpretation:
    return _choose(conversation, match, turn) if match else None


def _further_facts(conversation: Conversation, turn: Turn, match: Optional[Match]) -> Interpretation:
    """The message answers a question that the guide has not asked yet."""
    facts = turn.stated_facts(conversation.content)
    guide = _guide(conversation, conversation.guide)
    if not any(step.fact in facts and facts[step.fact] in step.options for step in guide.steps.values()):
        return None
    conversation.learn(facts)
    return _show(conversation)


def _common_reply(conversation: Conversation, turn: Turn, match: Optional[Match]) -> Interpretation:
    """An intent that stands for a common reply: affirm is ``yes``, next_step is ``done`` and so on."""
    wanted = _REPLIES.get(turn.intent, ())
    position = _locate(conversation, conversation.guide)
    options = [name for name, option in position.step.options.items() if option.like in wanted]
    if len(options) == 1:
        return _choose_from(conversation, conversation.guide.guide, position.name, options[0])
    return None


def _guide(conversation: Conversation, state: GuideState) -> Guide:
    return conversation.content.guides[state.guide]


def _locate(conversation: Conversation, state: GuideState) -> guides.Position:
    return guides.locate(_guide(conversation, state), state, conversation.facts)


def _is_over(conversation: Conversation, state: GuideState) -> bool:
    return _locate(conversation, state).step.is_outcome


def _show(conversation: Conversation, lead: List[str] = ()) -> List[Reply]:
    """The current step; at an outcome the guide closes and we ask whether it helped."""
    render = conversation.render
    state = conversation.guide
    position = _locate(conversation, state)
    known = _known_updates(conversation, state, position)
    if not position.step.is_outcome:
        conversation.guide = guides.show(state, position)
        return [render.step(position, state.guide, lead, known)]
    conversation.close_guide()
    replies = [render.outcome(position.step, lead, known)]
    if position.step.status == "handoff":
        return [*replies, handoff.offer(conversation)]
    return replies + answers.ask_feedback(conversation, f"guide:{state.guide}")


def _known_updates(conversation: Conversation, state: GuideState, position: guides.Position) -> Set[str]:
    """Newer facts that an earlier step of the guide has shown."""
    steps = _guide(conversation, state).steps
    return {update for name in state.shown if name != position.name for update in steps[name].updates}


def _known(conversation: Conversation, name: str) -> List[str]:
    """A line that names the known facts which spare the partner a question."""
    guide = conversation.content.guides[name]
    path = _locate(conversation, GuideState(name)).path
    used = {guide.steps[step].fact for step, _ in path}
    facts = {fact: value for fact, value in conversation.facts.items() if fact in used}
    if not facts:
        return []
    render = conversation.render
    return [render.phrase("noted", facts=render.facts(facts))]


def _match(conversation: Conversation, turn: Turn) -> Optional[Match]:
    if turn.is_payload:
        return None
    step = _locate(conversation, conversation.guide).step
    match = match_option(turn.text, step, conversation.content)
    stated = turn.mentioned_facts(conversation.content).get(step.fact) if step.fact else None
    if stated in step.options and (match is None or match.option == stated or not match.is_strong):
        return Match(stated, max(match.length if match else 0, 1), match.coverage if match else 0.5)
    return match


def _choose(conversation: Conversation, match: Match, turn: Turn) -> List[Reply]:
    position = _locate(conversation, conversation.guide)
    others = {
        fact: value
        for fact, value in turn.stated_facts(conversation.content).items()
        if fact != position.step.fact and fact not in conversation.facts
    }
    conversation.learn(others)
    return _choose_from(conversation, conversation.guide.guide, position.name, match.option)


def _choose_from(conversation: Conversation, name: str, step: str, option: str) -> List[Reply]:
    """An option of the open guide, or of another one whose button was pressed again."""
    if name != conversation.guide.guide:
        return _late_choice(conversation, name, step, option)
    guide = conversation.content.guides[name]
    try:
        conversation.guide, conversation.facts = guides.choose(
            guide, conversation.guide, conversation.facts, step, option
        )
    except guides.UnknownOptionError:
        return _not_understood(conversation)
    return _show(conversation)


def _late_choice(conversation: Conversation, name: str, step: str, option: str) -> List[Reply]:
    """A button of a guide that is not open: take it up again there."""
    if name not in conversation.content.guides:
        return _show(conversation) if conversation.guide else []
    paused = conversation.paused
    conversation.guide = paused if paused and paused.guide == name else GuideState(name)
    conversation.paused = None
    return _choose_from(conversation, name, step, option)


def _contradicts(conversation: Conversation, state: GuideState, facts: Mapping[str, str]) -> bool:
    """Whether the facts change an answer that the guide has already used."""
    guide = _guide(conversation, state)
    for step, option in _locate(conversation, state).path:
        fact = guide.steps[step].fact
        if fact in facts and facts[fact] != option and facts[fact] in guide.steps[step].options:
            return True
    return False


def _correct(conversation: Conversation, facts: Mapping[str, str]) -> List[Reply]:
    guide = _guide(conversation, conversation.guide)
    render = conversation.render
    conversation.guide, conversation.facts = guides.correct(
        guide, conversation.guide, conversation.facts, facts
    )
    return _show(conversation, lead=[render.phrase("corrected", facts=render.facts(facts))])


def _not_understood(conversation: Conversation, turn: Optional[Turn] = None) -> List[Reply]:
    """Ask again in other words, twice; then offer a person."""
    render = conversation.render
    conversation.guide = guides.missed(conversation.guide)
    position = _locate(conversation, conversation.guide)
    outside = turn is not None and turn.intent == "out_of_scope" and turn.confidence >= _SURE
    if turn and turn.is_question and not outside and position.step.help and conversation.guide.misses == 1:
        return _explain(conversation, turn)
    lead = "out_of_scope" if outside else "not_understood"
    replies = [render.rephrased(position, conversation.guide.guide, render.phrase(lead))]
    if conversation.guide.misses >= _MISSES_BEFORE_A_PERSON:
        replies.append(handoff.offer(conversation))
    return replies


def _stop(conversation: Conversation, turn: Turn) -> List[Reply]:
    conversation.close_guide()
    render = conversation.render
    return [render.say("guide_stopped", render.phrase_button("capabilities_button", "ask_capabilities"))]


def _restart_guide(conversation: Conversation, turn: Turn) -> List[Reply]:
    conversation.forget()
    return small_talk.restarted(conversation, turn)


def _explain(conversation: Conversation, turn: Turn) -> List[Reply]:
    render = conversation.render
    position = _locate(conversation, conversation.guide)
    if position.step.help:
        help_text = position.step.help[conversation.language]
        return [Reply(help_text), render.step(position, conversation.guide.guide, known=position.step.updates)]
    return [render.rephrased(position, conversation.guide.guide, render.phrase("no_help"))]


def _switch_language(conversation: Conversation, turn: Turn) -> List[Reply]:
    replies = small_talk.switch_language(conversation, turn)
    return replies + _show(conversation)


def _goodbye(conversation: Conversation, turn: Turn) -> List[Reply]:
    conversation.close_guide()
    return small_talk.respond(conversation, turn)


def unreadable(conversation: Conversation, turn: Turn) -> List[Reply]:
    """A message without words, or too long; an open step is shown again."""
    replies = small_talk.unreadable(conversation, turn)
    return replies + _show(conversation) if conversation.guide else replies


def _not_solved(conversation: Conversation, turn: Turn) -> Interpretation:
    """ "That did not help": after an instruction it is the answer; at a question the guide does not help."""
    if _locate(conversation, conversation.guide).step.do:
        return None
    return [*_show(conversation, lead=[conversation.render.phrase("not_solved_yet")]), handoff.offer(conversation)]


def _solved(conversation: Conversation, turn: Turn) -> List[Reply]:
    replies = _common_reply(conversation, turn, None)
    if replies:
        return replies
    conversation.close_guide()
    return small_talk.solved(conversation, turn)


_REPLIES: Dict[str, tuple] = {
    "affirm": ("yes", "done"),
    "deny": ("no", "different"),
    "next_step": ("done", "yes"),
    "problem_solved": ("yes", "done"),
    "problem_not_solved": ("no", "different"),
}
_NAVIGATION: Dict[str, Callable[[Conversation, Turn], Interpretation]] = {
    "go_back": go_back,
    "restart": _restart_guide,
    "stop": _stop,
    "explain": _explain,
    "switch_language": _switch_language,
    "goodbye": _goodbye,
    "problem_solved": _solved,
    "problem_not_solved": _not_solved,
    "human_handoff": handoff.hand_over,
}
