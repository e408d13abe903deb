"""Guides in conversation: opening one, showing where it stands, moving in it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import List, Mapping, Optional, Set

from assistant import guide as guides
from assistant import matching
from assistant.content.model import Guide
from assistant.dialogue import answers, clarify, handoff
from assistant.dialogue.conversation import Conversation
from assistant.dialogue.turn import Turn
from assistant.facts import PRODUCT
from assistant.guide import GuideState
from assistant.payload import GUIDE, OPTION, parse_choice
from assistant.reply import Reply

# "Guide me through ..." names a topic if it has at least this probability.
_NAMED = 0.15


def answer_topic(conversation: Conversation, turn: Turn) -> List[Reply]:
    """Answer the topic of a message; if the facts it states settle the topic's guide, with its outcome."""
    if turn.intent not in conversation.content.topics:
        # While a new version is rolled out, the model may know more topics than the content here.
        return clarify.in_other_words(conversation)
    turn = replace(turn, intent=_better_topic(conversation, turn))
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


def _better_topic(conversation: Conversation, turn: Turn) -> str:
    """The topic of a message, or the one that answers instead because of what is known."""
    known = {**conversation.cell, **conversation.facts, **turn.mentioned_facts(conversation.content)}
    topic = turn.intent
    for other in conversation.content.topics[topic].instead:
        if not turn.is_payload and known.get(other.fact) == other.value:
            return other.topic
    return topic


def start(conversation: Conversation, name: str) -> List[Reply]:
    """Open a guide at the first step that is not answered by known facts."""
    conversation.guide = GuideState(name)
    conversation.paused, conversation.resumable = None, False
    conversation.topic = conversation.content.guides[name].topic
    return show(conversation, lead=_known(conversation, name))


def next_step(conversation: Conversation, turn: Turn) -> List[Reply]:
    """ "Walk me through it" or "continue" while no guide is open."""
    name = turn.entity(GUIDE) or named_guide(conversation, turn)
    if name in conversation.content.guides:
        return start(conversation, name)
    if conversation.paused and not _is_over(conversation, conversation.paused):
        return resume(conversation)
    topic = conversation.content.topics.get(conversation.topic or "")
    offered = offered_guide(conversation)
    if topic and matching.contains_reply(turn.text, matching.WALK_THROUGH, conversation.content):
        offered = offered or topic.guide
    if offered:
        return start(conversation, offered)
    render = conversation.render
    if topic and topic.guide:
        return [render.say("what_next", render.phrase_button("capabilities_button", "ask_capabilities"))]
    if topic:
        return [render.say("no_guide", *[render.topic_button(name) for name in topic.related])]
    buttons = [render.guide_button(name) for name in conversation.content.guides]
    return [render.say("which_guide", *buttons)]


def offered_guide(conversation: Conversation) -> Optional[str]:
    """The guide that the last answer or outcome offers."""
    topic = conversation.content.topics.get(conversation.topic or "")
    ended = conversation.paused
    if ended and topic and ended.guide == topic.guide:
        return locate(conversation, ended).step.guide
    return topic.guide if topic else None


def named_guide(conversation: Conversation, turn: Turn) -> Optional[str]:
    """The guide that "walk me through ..." names, by its words or by its topic."""
    named = matching.named_guide(turn.text, conversation.content)
    if named and not turn.is_payload:
        return named
    for entry in turn.ranking:
        topic = conversation.content.topics.get(entry["name"])
        if topic and topic.guide and entry["confidence"] >= _NAMED:
            return topic.guide
    return None


def resume(conversation: Conversation) -> List[Reply]:
    """Open the paused guide again where it was left."""
    conversation.guide, conversation.paused = conversation.paused, None
    conversation.resumable = False
    return show(conversation)


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
    stepped = guides.back(guide_of(conversation, state), state, conversation.facts)
    conversation.guide, conversation.paused = state, None
    if stepped is None:
        return show(conversation, lead=[render.phrase("first_step")])
    conversation.guide, conversation.facts = stepped
    return show(conversation)


def inform(conversation: Conversation, turn: Turn) -> List[Reply]:
    """A stated fact, or a button of a guide that is not open."""
    choice = parse_choice(turn.entity(OPTION))
    if choice and choice[0] in conversation.content.guides:
        return choose(conversation, *choice)
    facts = turn.stated_facts(conversation.content)
    if answers.is_table_question(conversation, turn):
        return answers.answer_table_question(conversation, turn)
    if not facts:
        return clarify.unsure(conversation, turn)
    if turn.entity(PRODUCT) and set(facts) == {"product_family"}:
        return clarify.out_of_scope(conversation, turn)
    return _note(conversation, turn, facts)


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


def choose(conversation: Conversation, name: str, step: str, option: str) -> List[Reply]:
    """An option of a guide: of the open one, or of another one, which is then taken up again."""
    if name not in conversation.content.guides:
        return show(conversation) if conversation.guide else []
    if conversation.guide is None or conversation.guide.guide != name:
        paused = conversation.paused
        conversation.guide = paused if paused and paused.guide == name else GuideState(name)
        conversation.paused = None
    guide = conversation.content.guides[name]
    # The button may be from before the content changed.
    with suppress(guides.UnknownOptionError):
        conversation.guide, conversation.facts = guides.choose(
            guide, conversation.guide, conversation.facts, step, option
        )
    return show(conversation)


def change_facts(conversation: Conversation, facts: Mapping[str, str]) -> List[Reply]:
    """Change facts that the open guide has used, and go on from the first step that depends on them."""
    state = conversation.guide
    render = conversation.render
    conversation.guide, conversation.facts = guides.correct(
        guide_of(conversation, state), state, conversation.facts, facts
    )
    return show(conversation, lead=[render.phrase("corrected", facts=render.facts(facts))])


def show(conversation: Conversation, lead: List[str] = ()) -> List[Reply]:
    """The current step; at an outcome the guide closes and we ask whether it helped."""
    render = conversation.render
    state = conversation.guide
    position = locate(conversation, state)
    known = _known_updates(conversation, state, position)
    if not position.step.is_outcome:
        conversation.guide = guides.show(state, position)
        return [render.step(position, state.guide, lead, known)]
    conversation.close_guide()
    replies = [render.outcome(position.step, lead, known)]
    if position.step.status == "handoff":
        return [*replies, handoff.offer(conversation)]
    return replies + answers.ask_feedback(conversation, f"guide:{state.guide}")


def guide_of(conversation: Conversation, state: GuideState) -> Guide:
    """The guide that a state belongs to."""
    return conversation.content.guides[state.guide]


def locate(conversation: Conversation, state: GuideState) -> guides.Position:
    """Where the partner stands in a guide, with what is known."""
    return guides.locate(guide_of(conversation, state), state, conversation.facts)


def noted(conversation: Conversation, facts: Mapping[str, str]) -> List[str]:
    """A line that acknowledges facts, if there are any."""
    render = conversation.render
    return [render.phrase("noted", facts=render.facts(facts))] if facts else []


def _is_over(conversation: Conversation, state: GuideState) -> bool:
    return locate(conversation, state).step.is_outcome


def _known_updates(conversation: Conversation, state: GuideState, position: guides.Position) -> Set[str]:
    """Newer facts that an earlier step of the guide has shown."""
    steps = guide_of(conversation, state).steps
    return {update for name in state.shown if name != position.name for update in steps[name].updates}


def _known(conversation: Conversation, name: str) -> List[str]:
    """A line that names the known facts which spare the partner a question."""
    guide = conversation.content.guides[name]
    path = locate(conversation, GuideState(name)).path
    used = {guide.steps[step].fact for step, _ in path}
    return noted(conversation, {fact: value for fact, value in conversation.facts.items() if fact in used})
